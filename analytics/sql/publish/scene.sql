-- The scene lists of the catalogue, numbered in film order.
CREATE TABLE serving.scene AS
SELECT film, cut, scene, name, start_ms, end_ms
FROM catalogue_scene
ORDER BY film, cut, scene;

COMMENT ON TABLE serving.scene IS 'One row a scene of a cut: the half-open stretch [start_ms, end_ms).';
COMMENT ON COLUMN serving.scene.film IS 'Id of the film.';
COMMENT ON COLUMN serving.scene.cut IS 'Id of the cut.';
COMMENT ON COLUMN serving.scene.scene IS 'Number of the scene in film order, from 1.';
COMMENT ON COLUMN serving.scene.name IS 'Name of the scene, its own within the cut.';
COMMENT ON COLUMN serving.scene.start_ms IS 'First moment, milliseconds from the first frame of the cut.';
COMMENT ON COLUMN serving.scene.end_ms IS 'First moment after the scene, milliseconds from the first frame of the cut.';
