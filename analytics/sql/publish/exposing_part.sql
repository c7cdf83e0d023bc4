-- In which seconds those viewers of the scenes in may_expose were who were not there throughout: of all others that is
-- known, and they are most.
SELECT
    scene.number,
    scene.scene,
    viewer.viewer_id,
    second.t_ms,
    second.n > 0 AS scored
FROM may_expose AS scene
JOIN viewer_scene AS viewer USING (number, scene)
JOIN second_scene AS place USING (number, scene)
JOIN viewer_second AS second
    ON second.number = place.number
    AND second.t_ms = place.t_ms
    AND second.viewer_id = viewer.viewer_id
WHERE (scene.by_scores AND viewer.seconds < scene.seconds)
    OR (scene.by_attention AND viewer.sampled < scene.seconds)
ORDER BY scene.number, scene.scene;
