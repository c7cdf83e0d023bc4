-- One row a viewer and scene: valence -1..1 from the scored seconds (pleasant minus unpleasant share; surprise has no
-- sign), attention from every second the device sampled. Valence is NULL for a viewer whose face was never scored.
CREATE TEMP TABLE viewer_scene_valence AS
SELECT
    second.screening,
    place.scene,
    second.viewer_id,
    avg(second.happy - second.angry - second.disgust - second.fear - second.sad) / 100 AS valence,
    avg(second.front) AS attention
FROM viewer_second AS second
JOIN second_scene AS place USING (screening, t_ms)
GROUP BY second.screening, place.scene, second.viewer_id;
