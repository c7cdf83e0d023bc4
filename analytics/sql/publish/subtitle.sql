-- The subtitles of the catalogue, in film order.
CREATE TABLE serving.subtitle AS
SELECT film, cut, start_ms, end_ms, text
FROM catalogue_subtitle
ORDER BY film, cut, start_ms, end_ms, text;

COMMENT ON TABLE serving.subtitle IS 'One row a subtitle of a cut, on screen during [start_ms, end_ms).';
COMMENT ON COLUMN serving.subtitle.film IS 'Id of the film.';
COMMENT ON COLUMN serving.subtitle.cut IS 'Id of the cut.';
COMMENT ON COLUMN serving.subtitle.start_ms IS 'When it appears, milliseconds from the first frame of the cut.';
COMMENT ON COLUMN serving.subtitle.end_ms IS 'First moment without it, milliseconds from the first frame of the cut.';
COMMENT ON COLUMN serving.subtitle.text IS 'What it says, in one line.';
