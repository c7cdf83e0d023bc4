-- One row a scene, for scenes that stand for k viewers or more. "Strongest" is the largest rise over what the same
-- viewers felt in the whole screening, not the largest score: that would be neutral for nearly every scene.
CREATE OR REPLACE TEMP VIEW computed AS
WITH long AS (
    UNPIVOT (FROM scene_cell)
    ON
        angry_rise AS angry,
        disgust_rise AS disgust,
        fear_rise AS fear,
        happy_rise AS happy,
        neutral_rise AS neutral,
        sad_rise AS sad,
        surprise_rise AS surprise
    INTO NAME emotion VALUE rise
),

strongest AS (
    SELECT number, scene, emotion
    FROM long
    -- Rounded before comparing: equal rises must tie, whatever order threads added them in.
    QUALIFY row_number() OVER (PARTITION BY number, scene ORDER BY round(rise, 6) DESC, emotion) = 1
)

SELECT
    screening.screening,
    cell.scene,
    cell.viewers::INTEGER AS viewers,
    round(cell.valence, 6) AS valence,
    round(interval.low, 6) AS valence_low,
    round(interval.high, 6) AS valence_high,
    round(cell.attention, 6) AS attention,
    round(looking.low, 6) AS attention_low,
    round(looking.high, 6) AS attention_high,
    strongest.emotion AS strongest,
    -- Two viewers picked at random stand on opposite sides with 2 pleased displeased / viewers², a half at most.
    round(4.0 * cell.pleased * cell.displeased / (cell.viewers * cell.viewers), 6) AS polarisation
FROM scene_cell AS cell
JOIN catalogue_screening AS screening USING (number)
JOIN strongest USING (number, scene)
LEFT JOIN scene_interval AS interval
    ON interval.number = cell.number
    AND interval.scene = cell.scene
    AND interval.measure = 'valence'
LEFT JOIN scene_interval AS looking
    ON looking.number = cell.number
    AND looking.scene = cell.scene
    AND looking.measure = 'attention'
WHERE cell.viewers >= screening.k;

COMMENT ON TABLE serving.scene_summary IS 'One row a screening and scene; first viewing only; scenes with fewer than k viewers are left out.';
COMMENT ON COLUMN serving.scene_summary.screening IS 'Id of the screening.';
COMMENT ON COLUMN serving.scene_summary.scene IS 'Number of the scene, as in the table scene.';
COMMENT ON COLUMN serving.scene_summary.viewers IS 'Viewers scored in at least one second of the scene.';
COMMENT ON COLUMN serving.scene_summary.valence IS 'Pleasant minus unpleasant share, first over each viewer''s seconds, then over viewers, -1 to 1.';
COMMENT ON COLUMN serving.scene_summary.valence_low IS 'Lower end of the 95% bootstrap interval of valence over viewers; empty for a single viewer.';
COMMENT ON COLUMN serving.scene_summary.valence_high IS 'Upper end of the 95% bootstrap interval of valence over viewers; empty for a single viewer.';
COMMENT ON COLUMN serving.scene_summary.attention IS 'Percent of sampled frames with the face turned to the screen, mean over viewers, unscored ones too.';
COMMENT ON COLUMN serving.scene_summary.attention_low IS 'Lower end of the 95% bootstrap interval of attention over viewers; empty for a single viewer.';
COMMENT ON COLUMN serving.scene_summary.attention_high IS 'Upper end of the 95% bootstrap interval of attention over viewers; empty for a single viewer.';
COMMENT ON COLUMN serving.scene_summary.strongest IS 'Emotion that rises most over its mean in the whole screening.';
COMMENT ON COLUMN serving.scene_summary.polarisation IS '0 where no two viewers stand on opposite sides, 1 where half are pleased and half displeased: 4 times the share pleased times the share displeased, valence at least 0.1 above or below their own mean over the screening.';
