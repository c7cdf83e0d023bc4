-- The emotion timeline: one row a film second and emotion, for seconds that stand for k viewers or more.
CREATE OR REPLACE TEMP VIEW computed AS
WITH cell AS (
    SELECT screening.screening, second_cell.*
    FROM second_cell
    JOIN catalogue_screening AS screening USING (number)
    WHERE second_cell.viewers >= screening.k
),

long AS (
    UNPIVOT cell
    ON
        (angry_showing, angry) AS angry,
        (disgust_showing, disgust) AS disgust,
        (fear_showing, fear) AS fear,
        (happy_showing, happy) AS happy,
        (neutral_showing, neutral) AS neutral,
        (sad_showing, sad) AS sad,
        (surprise_showing, surprise) AS surprise
    INTO NAME emotion VALUE showing, mean
)

SELECT
    screening,
    t_ms,
    1000 AS d_ms,
    emotion,
    viewers::INTEGER AS viewers,
    showing::INTEGER AS showing,
    -- Rounded, because a sum of fractions differs in its last bits with the order threads add it in.
    round(showing / viewers, 6) AS share,
    round(wilson_low(showing, viewers), 6) AS share_low,
    round(wilson_high(showing, viewers), 6) AS share_high,
    round(mean, 6) AS mean
FROM long;

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
