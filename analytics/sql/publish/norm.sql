-- Where a scene, and a whole screening, stands in one's own catalogue: among scenes and screenings of other films.
-- Made of published tables only, so that nothing is in it that was not k viewers' already.
CREATE TABLE serving.norm AS
WITH scene_value AS (
    SELECT screening, scene, 'valence' AS measure, valence AS value FROM serving.scene_summary
    UNION ALL
    SELECT screening, scene, 'attention' AS measure, attention AS value FROM serving.scene_summary
    UNION ALL
    SELECT screening, scene, emotion AS measure, mean AS value FROM serving.scene_reaction
),

second_value AS (
    SELECT screening, 'valence' AS measure, valence AS value FROM serving.second_summary
    UNION ALL
    SELECT screening, 'attention' AS measure, attention AS value FROM serving.second_summary
    UNION ALL
    SELECT screening, emotion AS measure, mean AS value FROM serving.second_reaction
),

figure AS (
    SELECT screening, scene, measure, value FROM scene_value
    UNION ALL
    SELECT screening, NULL AS scene, measure, avg(value) AS value
    FROM second_value
    GROUP BY screening, measure
),

placed AS (
    SELECT
        film,
        cut,
        screening,
        scene,
        measure,
        -- Rounded, so that what is equal ties, whatever order threads added it in.
        round(value, 6) AS value
    FROM figure
    JOIN serving.screening USING (screening)
    WHERE value IS NOT NULL
),

-- What they are measured against: each scene of each cut once, however often it was shown, so that a film with many
-- screenings is not most of the catalogue; the same of whole cuts.
reference AS (
    SELECT film, cut, scene, measure, round(avg(value), 6) AS value
    FROM placed
    GROUP BY film, cut, scene, measure
),

everything AS (
    SELECT film, screening, scene, measure, value, 0 AS counts FROM placed
    UNION ALL
    SELECT film, NULL AS screening, scene, measure, value, 1 AS counts FROM reference
),

-- Everything's place minus its place within its own film; what is equal counts half.
counted AS (
    SELECT
        *,
        sum(counts) OVER alike AS references_all,
        sum(counts) OVER alike_film AS references_film,
        sum(counts) OVER (alike ORDER BY value) AS upto_all,
        sum(counts) OVER (alike_film ORDER BY value) AS upto_film,
        sum(counts) OVER (PARTITION BY scene IS NULL, measure, value) AS same_all,
        sum(counts) OVER (PARTITION BY scene IS NULL, film, measure, value) AS same_film
    FROM everything
    WINDOW
        alike AS (PARTITION BY scene IS NULL, measure),
        alike_film AS (PARTITION BY scene IS NULL, film, measure)
),

ranked AS (
    SELECT
        film,
        screening,
        scene,
        measure,
        value,
        references_all - references_film AS others,
        upto_all - upto_film - (same_all - same_film) / 2 AS below
    FROM counted
    WHERE screening IS NOT NULL
),

shown AS (
    SELECT scene IS NULL AS whole, measure, film, count(DISTINCT screening) AS screenings
    FROM placed
    GROUP BY ALL
),

catalogue AS (
    SELECT whole, measure, sum(screenings) AS screenings
    FROM shown
    GROUP BY ALL
)

SELECT
    ranked.screening,
    ranked.scene,
    ranked.measure,
    ranked.value,
    round(100 * below / others, 3) AS percentile,
    round(100 * wilson_low(below, others), 3) AS low,
    round(100 * wilson_high(below, others), 3) AS high,
    (catalogue.screenings - shown.screenings)::INTEGER AS screenings,
    CASE WHEN ranked.scene IS NOT NULL THEN others::INTEGER END AS scenes
FROM ranked
JOIN shown
    ON shown.whole = (ranked.scene IS NULL)
    AND shown.measure = ranked.measure
    AND shown.film = ranked.film
JOIN catalogue
    ON catalogue.whole = shown.whole
    AND catalogue.measure = shown.measure
-- Fewer would make a percentile of a handful; ten scenes can come from as few as five screenings of short films.
WHERE catalogue.screenings - shown.screenings >= 5
    AND others >= CASE WHEN ranked.scene IS NULL THEN 5 ELSE 10 END
ORDER BY ranked.screening, ranked.scene NULLS FIRST, ranked.measure;

COMMENT ON TABLE serving.norm IS 'One row a screening, scene (and one of the whole screening) and measure: its place among the other films of this catalogue. Only where five screenings of other films are published, with ten scenes for a scene, and of five cuts for a whole screening.';
COMMENT ON COLUMN serving.norm.screening IS 'Id of the screening.';
COMMENT ON COLUMN serving.norm.scene IS 'Number of the scene, as in the table scene; empty for the whole screening.';
COMMENT ON COLUMN serving.norm.measure IS 'angry, disgust, fear, happy, neutral, sad or surprise: mean score, 0 to 100; valence, -1 to 1; attention, 0 to 100.';
COMMENT ON COLUMN serving.norm.value IS 'As in scene_reaction or scene_summary; of the whole screening, the mean over its published seconds.';
COMMENT ON COLUMN serving.norm.percentile IS 'Percent of the others that lie below; an equal one counts half.';
COMMENT ON COLUMN serving.norm.low IS 'Lower end of the 95% Wilson interval of percentile, as if the others were drawn at random.';
COMMENT ON COLUMN serving.norm.high IS 'Upper end of the 95% Wilson interval of percentile, as if the others were drawn at random.';
COMMENT ON COLUMN serving.norm.screenings IS 'Published screenings of other films; those of one cut are averaged and count once.';
COMMENT ON COLUMN serving.norm.scenes IS 'Scenes of other films that a scene is measured against; empty for the whole screening, which is measured against whole cuts.';
