-- What k withheld. A second or a scene without any viewer is not withheld: there is nothing in it.
CREATE OR REPLACE TEMP VIEW computed AS
WITH cell AS (
    SELECT number, 'second' AS what, viewers FROM second_cell
    UNION ALL
    SELECT number, 'scene' AS what, viewers FROM scene_cell
    UNION ALL
    SELECT number, 'block' AS what, viewers FROM randomised_block
)

SELECT
    screening.screening,
    cell.what,
    'fewer_than_k' AS reason,
    count(*)::INTEGER AS cells,
    max(cell.viewers)::INTEGER AS viewers_most
FROM cell
JOIN catalogue_screening AS screening USING (number)
WHERE cell.viewers BETWEEN 1 AND screening.k - 1
GROUP BY screening.screening, cell.what
UNION ALL
-- Withheld by analytics.differencing.
SELECT
    screening.screening,
    CASE WHEN withheld.attention_only THEN 'attention' ELSE 'second' END AS what,
    'differencing' AS reason,
    count(*)::INTEGER AS cells,
    NULL AS viewers_most
FROM withheld_second AS withheld
JOIN catalogue_screening AS screening USING (number)
GROUP BY screening.screening, what
UNION ALL
-- Moments whose peak second is withheld, as in moment.sql.
SELECT screening.screening, 'moment' AS what, 'differencing' AS reason, count(*)::INTEGER AS cells, NULL AS viewers_most
FROM moment_found AS found
JOIN catalogue_screening AS screening USING (number)
LEFT JOIN second_cell AS peak ON peak.number = found.number AND peak.t_ms = found.peak_ms
WHERE peak.viewers IS NULL OR (found.kind = 'dip' AND peak.attention IS NULL)
GROUP BY screening.screening
UNION ALL
-- A bare count, however small: no published figure is about these viewers, with or without the others, so no difference
-- of two tables tells what one of them felt; only that so many seats gave too little.
SELECT screening.screening, 'viewer' AS what, unusable.reason, count(*)::INTEGER AS cells, NULL AS viewers_most
FROM unusable_viewer AS unusable
JOIN catalogue_screening AS screening USING (number)
GROUP BY screening.screening, unusable.reason;

COMMENT ON TABLE serving.left_out IS 'What is not published, and why: one row a screening, kind of cell and reason.';
COMMENT ON COLUMN serving.left_out.screening IS 'Id of the screening.';
COMMENT ON COLUMN serving.left_out.what IS 'second, scene, moment, viewer, block: of randomised answers, or attention: that of a second which is published without it.';
COMMENT ON COLUMN serving.left_out.reason IS 'fewer_than_k: the cell stands for fewer viewers than the screening''s k. differencing: with it, subtracting seconds from their scene would show fewer than k viewers (docs/privacy.md); of a moment, its peak second is such a one. Of a viewer: too_little_watched, whose device looked on for under a tenth of the film, or too_little_face, whose face was found too seldom; they are in no figure.';
COMMENT ON COLUMN serving.left_out.cells IS 'Seconds, scenes, moments, viewers or blocks left out.';
COMMENT ON COLUMN serving.left_out.viewers_most IS 'Viewers of the fullest second, scene or block left out: a k this small would publish it; empty for other reasons.';
