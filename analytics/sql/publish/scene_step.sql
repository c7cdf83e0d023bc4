-- Which strongest emotion follows which, from scene to scene. Steps that fewer than k viewers took are one row "other".
-- Where those together are fewer than k, the smallest step that could have stood alone joins them: `of` minus the rows
-- shown would else tell of so few.
CREATE OR REPLACE TEMP VIEW computed AS
WITH step AS (
    SELECT
        screening.screening,
        cell.*,
        screening.k,
        sum(cell.viewers) OVER (PARTITION BY cell.number, cell.scene) AS "of",
        coalesce(sum(cell.viewers) FILTER (cell.viewers < screening.k) OVER (PARTITION BY cell.number, cell.scene), 0)
            AS merged,
        row_number() OVER (
            PARTITION BY cell.number, cell.scene
            ORDER BY cell.viewers < screening.k, cell.viewers, cell.emotion, cell.next_emotion
        ) AS place
    FROM scene_step_cell AS cell
    JOIN catalogue_screening AS screening USING (number)
),

told AS (
    SELECT
        *,
        -- Large steps come first in `place`, the smallest of them in front.
        viewers < k OR (merged BETWEEN 1 AND k - 1 AND place = 1) AS other
    FROM step
    WHERE "of" >= k
)

SELECT
    screening,
    scene,
    scene + 1 AS next_scene,
    CASE WHEN other THEN 'other' ELSE emotion END AS emotion,
    CASE WHEN other THEN 'other' ELSE next_emotion END AS next_emotion,
    sum(viewers)::INTEGER AS viewers,
    any_value("of")::INTEGER AS "of"
FROM told
GROUP BY ALL;

COMMENT ON TABLE serving.scene_step IS 'Which strongest emotion of a viewer follows which: one row a screening, scene and pair of emotions.';
COMMENT ON COLUMN serving.scene_step.screening IS 'Id of the screening.';
COMMENT ON COLUMN serving.scene_step.scene IS 'Number of the scene, as in the table scene.';
COMMENT ON COLUMN serving.scene_step.next_scene IS 'Number of the scene after it.';
COMMENT ON COLUMN serving.scene_step.emotion IS 'Emotion that rises most over the viewer''s own mean in scene; other: all pairs that fewer than k viewers went through, together k or more.';
COMMENT ON COLUMN serving.scene_step.next_emotion IS 'The same in next_scene.';
COMMENT ON COLUMN serving.scene_step.viewers IS 'Viewers who went from the one to the other.';
COMMENT ON COLUMN serving.scene_step.of IS 'Viewers scored in both scenes: k or more.';
