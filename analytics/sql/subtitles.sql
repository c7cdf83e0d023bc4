-- The subtitles of the cut that one screening ($screening) showed, in film order.
SELECT subtitle.start_ms, subtitle.end_ms, subtitle.text
FROM subtitle
JOIN screening USING (film, cut)
WHERE screening.screening = $screening
ORDER BY subtitle.start_ms, subtitle.end_ms
