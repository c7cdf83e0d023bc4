-- One row a scene and emotion, for scenes that stand for k viewers or more. The interval of the mean was drawn by
-- analytics.intervals over the rows of viewer_scene.
CREATE OR REPLACE TEMP VIEW computed AS
WITH cell AS (
    SELECT screening.screening, scene_cell.*
    FROM scene_cell
    JOIN catalogue_screening AS screening USING (number)
    WHERE scene_cell.viewers >= screening.k
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
    long.screening,
    long.scene,
    long.emotion,
    long.viewers::INTEGER AS viewers,
    long.showing::INTEGER AS showing,
    round(long.showing / long.viewers, 6) AS share,
    round(wilson_low(long.showing, long.viewers), 6) AS share_low,
    round(wilson_high(long.showing, long.viewers), 6) AS share_high,
    round(long.mean, 6) AS mean,
    round(interval.low, 6) AS mean_low,
    round(interval.high, 6) AS mean_high
FROM long
LEFT JOIN scene_interval AS interval
    ON interval.number = long.number
    AND interval.scene = long.scene
    AND interval.measure = long.emotion;

COMMENT ON TABLE serving.scene_reaction IS 'One row a screening, scene and emotion; first viewing only; scenes with fewer than k viewers are left out.';
COMMENT ON COLUMN serving.scene_reaction.screening IS 'Id of the screening.';
COMMENT ON COLUMN serving.scene_reaction.scene IS 'Number of the scene, as in the table scene.';
COMMENT ON COLUMN serving.scene_reaction.emotion IS 'angry, disgust, fear, happy, neutral, sad or surprise.';
COMMENT ON COLUMN serving.scene_reaction.viewers IS 'Viewers scored in at least one second of the scene.';
COMMENT ON COLUMN serving.scene_reaction.showing IS 'Viewers showing the emotion in two seconds of the scene or more, or in all of theirs if they have fewer.';
COMMENT ON COLUMN serving.scene_reaction.share IS 'showing / viewers, 0 to 1.';
COMMENT ON COLUMN serving.scene_reaction.share_low IS 'Lower end of the 95% Wilson interval of share.';
COMMENT ON COLUMN serving.scene_reaction.share_high IS 'Upper end of the 95% Wilson interval of share.';
COMMENT ON COLUMN serving.scene_reaction.mean IS 'Mean score, first over each viewer''s seconds, then over viewers, 0 to 100.';
COMMENT ON COLUMN serving.scene_reaction.mean_low IS 'Lower end of the 95% bootstrap interval of mean over viewers; empty for a single viewer.';
COMMENT ON COLUMN serving.scene_reaction.mean_high IS 'Upper end of the 95% bootstrap interval of mean over viewers; empty for a single viewer.';
