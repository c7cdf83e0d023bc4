-- What k withheld. A second or a scene without any viewer is not withheld: there is nothing in it.
CREATE TABLE serving.left_out AS
WITH second AS (
    SELECT screening, 'second' AS what, count(*) FILTER (WHERE n > 0) AS viewers
    FROM viewer_second
    GROUP BY screening, t_ms
),

scene AS (
    SELECT screening, 'scene' AS what, count(valence) AS viewers
    FROM viewer_scene_valence
    GROUP BY screening, scene
),

cell AS (
    SELECT screening, what, viewers FROM second
    UNION ALL
    SELECT screening, what, viewers FROM scene
)

SELECT
    cell.screening,
    cell.what,
    'fewer_than_k' AS reason,
    count(*)::INTEGER AS cells,
    max(cell.viewers)::INTEGER AS viewers_most
FROM cell
JOIN catalogue_screening AS screening USING (screening)
WHERE cell.viewers BETWEEN 1 AND screening.k - 1
GROUP BY cell.screening, cell.what
ORDER BY cell.screening, cell.what;

COMMENT ON TABLE serving.left_out IS 'What is not published, and why: one row a screening, kind of cell and reason.';
COMMENT ON COLUMN serving.left_out.screening IS 'Id of the screening.';
COMMENT ON COLUMN serving.left_out.what IS 'second or scene.';
COMMENT ON COLUMN serving.left_out.reason IS 'fewer_than_k: the cell stands for fewer viewers than the screening''s k.';
COMMENT ON COLUMN serving.left_out.cells IS 'Seconds or scenes left out.';
COMMENT ON COLUMN serving.left_out.viewers_most IS 'Viewers of the fullest cell left out: a k this small would publish it.';
