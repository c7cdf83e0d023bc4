-- The moments of one screening ($screening) in film order, each with the name of its scene and what it was a scene
-- earlier: how many showed the moment's emotion there, where the moment's kind has one.
SELECT
    moment.moment,
    moment.kind,
    moment.start_ms,
    moment.end_ms,
    moment.peak_ms,
    moment.scene,
    scene.name,
    moment.showing,
    moment.viewers,
    moment.joined,
    moment.audience,
    moment.share,
    moment.share_low,
    moment.share_high,
    moment.displeased,
    moment.strength,
    moment.line,
    moment.line_ms
FROM moment
JOIN screening USING (screening)
LEFT JOIN scene ON scene.film = screening.film AND scene.cut = screening.cut AND scene.scene = moment.scene
WHERE moment.screening = $screening
ORDER BY moment.moment
