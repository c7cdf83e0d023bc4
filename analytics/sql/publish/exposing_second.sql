-- The seconds of the scenes in may_expose, and whether each is published.
SELECT
    scene.number,
    scene.scene,
    place.t_ms,
    cell.viewers >= scene.k AS published
FROM may_expose AS scene
JOIN second_scene AS place USING (number, scene)
JOIN second_cell AS cell USING (number, t_ms)
ORDER BY scene.number, scene.scene, place.t_ms;
