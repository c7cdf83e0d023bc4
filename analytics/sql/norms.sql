-- Where the scenes of one screening ($screening) stand among those of your other films; scene is empty for the whole.
SELECT scene, measure, value, percentile, low, high, screenings, scenes
FROM norm
WHERE screening = $screening
ORDER BY scene NULLS FIRST, measure
