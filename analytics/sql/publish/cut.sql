-- Cuts of the catalogue, and those a screening names without one, with the catalogue's defaults.
CREATE TABLE serving.cut AS
WITH named AS (
    SELECT film, cut FROM catalogue_cut
    UNION
    SELECT film, cut FROM catalogue_screening
)

SELECT
    named.film,
    named.cut,
    coalesce(cut.frame_rate, '24') AS frame_rate,
    coalesce(cut.start_timecode, '00:00:00:00') AS start_timecode
FROM named
LEFT JOIN catalogue_cut AS cut USING (film, cut)
ORDER BY named.film, named.cut;

COMMENT ON TABLE serving.cut IS 'One row a cut: one edit of a film. Film time is counted from its first frame.';
COMMENT ON COLUMN serving.cut.film IS 'Id of the film.';
COMMENT ON COLUMN serving.cut.cut IS 'Id of the cut, within its film.';
COMMENT ON COLUMN serving.cut.frame_rate IS 'Frames a second as a fraction, such as 24 or 24000/1001; df marks drop-frame.';
COMMENT ON COLUMN serving.cut.start_timecode IS 'Timecode of the first frame.';
