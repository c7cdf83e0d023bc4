-- One row a scene for a terminal or a spreadsheet ($screening): the summary, and the strongest emotion's share.
WITH chosen AS (
    SELECT screening, film, cut, simulated_viewers
    FROM screening
    WHERE screening = $screening
)
SELECT
    scene.scene,
    scene.name,
    scene.start_ms,
    scene.end_ms,
    summary.viewers,
    summary.strongest,
    reaction.share AS strongest_share,
    reaction.share_low AS strongest_share_low,
    reaction.share_high AS strongest_share_high,
    summary.valence,
    summary.valence_low,
    summary.valence_high,
    summary.attention,
    chosen.simulated_viewers > 0 AS simulated
FROM chosen
JOIN scene USING (film, cut)
LEFT JOIN scene_summary AS summary
    ON summary.screening = chosen.screening AND summary.scene = scene.scene
LEFT JOIN scene_reaction AS reaction
    ON reaction.screening = chosen.screening
    AND reaction.scene = scene.scene
    AND reaction.emotion = summary.strongest
ORDER BY scene.scene
