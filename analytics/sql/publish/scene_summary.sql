-- One row a scene, for scenes that stand for k viewers or more. "Strongest" is the largest rise over what the same
-- viewers felt in the whole screening, not the largest score: that would be neutral for nearly every scene.
CREATE TABLE serving.scene_summary AS
WITH cell AS (
    SELECT
        screening,
        scene,
        count(valence) AS viewers,
        avg(valence) AS valence,
        -- Over viewers without a score too, for the reason given in second_summary.
        avg(attention) AS attention
    FROM viewer_scene_valence
    GROUP BY screening, scene
),

rise AS (
    -- Rounded before comparing: equal rises must tie, whatever order threads added them in.
    SELECT screening, scene, emotion, round(avg(rise), 6) AS rise
    FROM viewer_scene
    GROUP BY screening, scene, emotion
),

strongest AS (
    SELECT screening, scene, emotion
    FROM rise
    QUALIFY row_number() OVER (PARTITION BY screening, scene ORDER BY rise DESC, emotion) = 1
)

SELECT
    cell.screening,
    cell.scene,
    cell.viewers::INTEGER AS viewers,
    round(cell.valence, 6) AS valence,
    round(interval.low, 6) AS valence_low,
    round(interval.high, 6) AS valence_high,
    round(cell.attention, 6) AS attention,
    strongest.emotion AS strongest
FROM cell
JOIN catalogue_screening AS screening USING (screening)
JOIN strongest USING (screening, scene)
LEFT JOIN scene_interval AS interval
    ON interval.screening = cell.screening
    AND interval.scene = cell.scene
    AND interval.measure = 'valence'
WHERE cell.viewers >= screening.k
ORDER BY cell.screening, cell.scene;

COMMENT ON TABLE serving.scene_summary IS 'One row a screening and scene; first viewing only; scenes with fewer than k viewers are left out.';
COMMENT ON COLUMN serving.scene_summary.screening IS 'Id of the screening.';
COMMENT ON COLUMN serving.scene_summary.scene IS 'Number of the scene, as in the table scene.';
COMMENT ON COLUMN serving.scene_summary.viewers IS 'Viewers scored in at least one second of the scene.';
COMMENT ON COLUMN serving.scene_summary.valence IS 'Pleasant minus unpleasant share, first over each viewer''s seconds, then over viewers, -1 to 1.';
COMMENT ON COLUMN serving.scene_summary.valence_low IS 'Lower end of the 95% bootstrap interval of valence over viewers; empty for a single viewer.';
COMMENT ON COLUMN serving.scene_summary.valence_high IS 'Upper end of the 95% bootstrap interval of valence over viewers; empty for a single viewer.';
COMMENT ON COLUMN serving.scene_summary.attention IS 'Percent of sampled frames with the face turned to the screen, mean over viewers, unscored ones too.';
COMMENT ON COLUMN serving.scene_summary.strongest IS 'Emotion that rises most over its mean in the whole screening.';
