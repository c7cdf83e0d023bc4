-- The viewers of the scenes in may_expose, and whether they were there in all of its seconds.
SELECT
    scene.number,
    scene.scene,
    viewer.viewer_id,
    viewer.seconds = scene.seconds AS scored_throughout,
    viewer.sampled = scene.seconds AS sampled_throughout
FROM may_expose AS scene
JOIN viewer_scene AS viewer USING (number, scene)
ORDER BY scene.number, scene.scene, viewer.viewer_id;
