-- One row a scene and emotion, for scenes that stand for k viewers or more. The interval of the mean was drawn by
-- analytics.statistics.bootstrap_mean over the rows of viewer_scene.
CREATE TABLE serving.scene_reaction AS
WITH cell AS (
    SELECT
        screening,
        scene,
        emotion,
        count(*) AS viewers,
        count(*) FILTER (WHERE showing) AS showing,
        avg(mean) AS mean
    FROM viewer_scene
    GROUP BY screening, scene, emotion
)

SELECT
    cell.screening,
    cell.scene,
    cell.emotion,
    cell.viewers::INTEGER AS viewers,
    cell.showing::INTEGER AS showing,
    round(cell.showing / cell.viewers, 6) AS share,
    round(wilson_low(cell.showing, cell.viewers), 6) AS share_low,
    round(wilson_high(cell.showing, cell.viewers), 6) AS share_high,
    round(cell.mean, 6) AS mean,
    round(interval.low, 6) AS mean_low,
    round(interval.high, 6) AS mean_high
FROM cell
JOIN catalogue_screening AS screening USING (screening)
LEFT JOIN scene_interval AS interval
    ON interval.screening = cell.screening
    AND interval.scene = cell.scene
    AND interval.measure = cell.emotion
WHERE cell.viewers >= screening.k
ORDER BY cell.screening, cell.scene, cell.emotion;

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
