-- One row a viewer, scene and emotion: the viewer first, the audience later.
-- One second above the ordinary is easily a flicker of the classifier, so a viewer shows an emotion in a scene when
-- two seconds do, or all of them where the viewer has fewer than two.
CREATE TEMP TABLE viewer_scene AS
SELECT
    score.screening,
    place.scene,
    score.viewer_id,
    score.emotion,
    avg(score.score) AS mean,
    avg(score.score) - any_value(score.own_mean) AS rise,
    count(*) FILTER (WHERE score.showing) >= least(2, count(*)) AS showing
FROM viewer_score AS score
JOIN second_scene AS place USING (screening, t_ms)
GROUP BY score.screening, place.scene, score.viewer_id, score.emotion;
