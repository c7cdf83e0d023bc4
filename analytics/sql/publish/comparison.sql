-- Two audiences of one film side by side: analytics.compared computed or took over each row, and analytics.comparison
-- says how. The rows stand for k viewers or more on both sides.
CREATE TABLE serving.comparison AS
SELECT
    film,
    kind,
    first,
    second,
    first_cut,
    second_cut,
    first_scene,
    second_scene,
    name,
    measure,
    round(first_value, 6) AS first_value,
    round(second_value, 6) AS second_value,
    round(difference, 6) AS difference,
    round(low, 6) AS low,
    round(high, 6) AS high,
    round(p, 6) AS p,
    first_viewers,
    second_viewers
FROM compared
ORDER BY film, kind, first_cut, second_cut, first, second, first_scene NULLS FIRST, measure;

COMMENT ON TABLE serving.comparison IS 'One row a pair of audiences of one film, scene that both saw (and one of the whole film), and measure; scenes that fewer than k viewers of either were scored in are left out. Which pairs: docs/comparing.md.';
COMMENT ON COLUMN serving.comparison.film IS 'Id of the film.';
COMMENT ON COLUMN serving.comparison.kind IS 'screening: one screening a side; cut: all screenings of a cut pooled; cohort: all screenings of a cohort that saw the same cut pooled.';
COMMENT ON COLUMN serving.comparison.first IS 'Id of the screening or cut, or the cohort, as kind says.';
COMMENT ON COLUMN serving.comparison.second IS 'The same of the other audience.';
COMMENT ON COLUMN serving.comparison.first_cut IS 'Id of the cut that the first audience saw.';
COMMENT ON COLUMN serving.comparison.second_cut IS 'Id of the cut that the second audience saw.';
COMMENT ON COLUMN serving.comparison.first_scene IS 'Number of the scene in the first cut, as in the table scene; empty for the whole film, which is the mean of its scenes by length, also of those that one cut alone has.';
COMMENT ON COLUMN serving.comparison.second_scene IS 'Number of the same scene in the second cut; empty for the whole film.';
COMMENT ON COLUMN serving.comparison.name IS 'Name of the scene in the first cut; empty for the whole film.';
COMMENT ON COLUMN serving.comparison.measure IS 'angry, disgust, fear, happy, neutral, sad or surprise: mean score, 0 to 100; valence, -1 to 1; attention, 0 to 100.';
COMMENT ON COLUMN serving.comparison.first_value IS 'Mean over the viewers of the first audience.';
COMMENT ON COLUMN serving.comparison.second_value IS 'Mean over the viewers of the second audience.';
COMMENT ON COLUMN serving.comparison.difference IS 'second_value minus first_value.';
COMMENT ON COLUMN serving.comparison.low IS 'Lower end of the 95% bootstrap interval of difference over viewers, for this row alone; empty for a single viewer.';
COMMENT ON COLUMN serving.comparison.high IS 'Upper end of the 95% bootstrap interval of difference over viewers, for this row alone; empty for a single viewer.';
COMMENT ON COLUMN serving.comparison.p IS 'How often chance alone would bring a difference this strong anywhere in this pair: permutation over viewers, two-sided, corrected for all scenes and measures of the pair; empty where nobody differs from anybody, or for a single viewer.';
COMMENT ON COLUMN serving.comparison.first_viewers IS 'Viewers of the first audience scored in the scene, or in any.';
COMMENT ON COLUMN serving.comparison.second_viewers IS 'Viewers of the second audience scored in the scene, or in any.';
