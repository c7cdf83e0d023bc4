-- The emotion timeline: one row a film second and emotion, for seconds that stand for k viewers or more.
CREATE TABLE serving.second_reaction AS
WITH cell AS (
    SELECT
        screening,
        t_ms,
        emotion,
        count(*) AS viewers,
        count(*) FILTER (WHERE showing) AS showing,
        avg(score) AS mean
    FROM viewer_score
    GROUP BY screening, t_ms, emotion
)

SELECT
    cell.screening,
    cell.t_ms,
    1000 AS d_ms,
    cell.emotion,
    cell.viewers::INTEGER AS viewers,
    cell.showing::INTEGER AS showing,
    -- Rounded, because a sum of fractions differs in its last bits with the order threads add it in.
    round(cell.showing / cell.viewers, 6) AS share,
    round(wilson_low(cell.showing, cell.viewers), 6) AS share_low,
    round(wilson_high(cell.showing, cell.viewers), 6) AS share_high,
    round(cell.mean, 6) AS mean
FROM cell
JOIN catalogue_screening AS screening USING (screening)
WHERE cell.viewers >= screening.k
ORDER BY cell.screening, cell.t_ms, cell.emotion;

COMMENT ON TABLE serving.second_reaction IS 'One row a screening, film second and emotion; first viewing only; seconds with fewer than k viewers are left out.';
COMMENT ON COLUMN serving.second_reaction.screening IS 'Id of the screening.';
COMMENT ON COLUMN serving.second_reaction.t_ms IS 'Start of the second, milliseconds from the first frame of the cut.';
COMMENT ON COLUMN serving.second_reaction.d_ms IS 'Length of the window, milliseconds: 1000.';
COMMENT ON COLUMN serving.second_reaction.emotion IS 'angry, disgust, fear, happy, neutral, sad or surprise.';
COMMENT ON COLUMN serving.second_reaction.viewers IS 'Viewers scored in this second.';
COMMENT ON COLUMN serving.second_reaction.showing IS 'Viewers at least 20 points above their own median of this emotion over the screening.';
COMMENT ON COLUMN serving.second_reaction.share IS 'showing / viewers, 0 to 1.';
COMMENT ON COLUMN serving.second_reaction.share_low IS 'Lower end of the 95% Wilson interval of share.';
COMMENT ON COLUMN serving.second_reaction.share_high IS 'Upper end of the 95% Wilson interval of share.';
COMMENT ON COLUMN serving.second_reaction.mean IS 'Mean score over viewers, 0 to 100.';
