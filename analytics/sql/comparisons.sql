-- The pairs of audiences that are compared: in how many scenes, and in how many they differ (p at most 0.05).
SELECT
    film,
    kind,
    first,
    second,
    first_cut,
    second_cut,
    count(DISTINCT first_scene) AS scenes,
    count(DISTINCT first_scene) FILTER (p <= 0.05) AS differ
FROM comparison
GROUP BY ALL
ORDER BY film, kind, first_cut, second_cut, first, second
