-- Every scene of the cut that a screening ($screening) showed, with its summary.
-- A left join: a scene that k withheld, or that nobody reached, is listed with empty figures, not hidden.
SELECT
    scene.scene,
    scene.name,
    scene.start_ms,
    scene.end_ms,
    summary.viewers,
    summary.valence,
    summary.valence_low,
    summary.valence_high,
    summary.attention,
    summary.attention_low,
    summary.attention_high,
    summary.polarisation,
    summary.strongest
FROM screening
JOIN scene ON scene.film = screening.film AND scene.cut = screening.cut
LEFT JOIN scene_summary AS summary
    ON summary.screening = screening.screening AND summary.scene = scene.scene
WHERE screening.screening = $screening
ORDER BY scene.scene
