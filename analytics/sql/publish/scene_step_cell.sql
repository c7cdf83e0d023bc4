-- How many viewers went from one strongest emotion to another between neighbouring scenes, however few. A viewer's
-- strongest emotion in a scene is the one that rises most over the viewer's own mean, neutral among them.
CREATE TEMP TABLE IF NOT EXISTS scene_step_cell (
    number INTEGER,
    scene INTEGER,
    emotion VARCHAR,
    next_emotion VARCHAR,
    viewers BIGINT
);

INSERT INTO scene_step_cell BY NAME
WITH risen AS (
    SELECT
        number,
        viewer_id,
        scene,
        -- Rounded before comparing, and the first of equals: the same whatever order threads added them in.
        [
            round(angry_rise, 6), round(disgust_rise, 6), round(fear_rise, 6), round(happy_rise, 6),
            round(neutral_rise, 6), round(sad_rise, 6), round(surprise_rise, 6)
        ] AS rises
    FROM viewer_scene
    WHERE scored
),

strongest AS (
    SELECT
        number,
        viewer_id,
        scene,
        ['angry', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise'][
            list_position(rises, list_max(rises))
        ] AS emotion
    FROM risen
)

SELECT one.number, one.scene, one.emotion, next.emotion AS next_emotion, count(*) AS viewers
FROM strongest AS one
JOIN strongest AS next ON next.viewer_id = one.viewer_id AND next.scene = one.scene + 1
GROUP BY one.number, one.scene, one.emotion, next.emotion;
