-- Valence and attention by film second, for seconds that stand for k viewers or more.
CREATE TABLE serving.second_summary AS
WITH cell AS (
    SELECT
        screening,
        t_ms,
        count(*) FILTER (WHERE n > 0) AS viewers,
        avg(happy - angry - disgust - fear - sad) / 100 AS valence,
        -- Over everyone whose device sampled this second, scored or not: who turned away has no score, and leaving
        -- them out would call an audience that looks away attentive.
        avg(front) AS attention
    FROM viewer_second
    GROUP BY screening, t_ms
)

SELECT
    cell.screening,
    cell.t_ms,
    1000 AS d_ms,
    cell.viewers::INTEGER AS viewers,
    round(cell.valence, 6) AS valence,
    round(cell.attention, 6) AS attention
FROM cell
JOIN catalogue_screening AS screening USING (screening)
WHERE cell.viewers >= screening.k
ORDER BY cell.screening, cell.t_ms;

COMMENT ON TABLE serving.second_summary IS 'One row a screening and film second; first viewing only; seconds with fewer than k viewers are left out.';
COMMENT ON COLUMN serving.second_summary.screening IS 'Id of the screening.';
COMMENT ON COLUMN serving.second_summary.t_ms IS 'Start of the second, milliseconds from the first frame of the cut.';
COMMENT ON COLUMN serving.second_summary.d_ms IS 'Length of the window, milliseconds: 1000.';
COMMENT ON COLUMN serving.second_summary.viewers IS 'Viewers scored in this second.';
COMMENT ON COLUMN serving.second_summary.valence IS 'Mean over viewers of pleasant minus unpleasant share, -1 to 1.';
COMMENT ON COLUMN serving.second_summary.attention IS 'Percent of sampled frames with the face turned to the screen, mean over viewers, unscored ones too.';
