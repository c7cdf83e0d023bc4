-- One screening ($screening) with its film, its cut and the publish it was read from: the head of every export and report.
SELECT
    screening.screening,
    screening.film,
    film.title,
    screening.cut,
    cut.frame_rate,
    cut.start_timecode,
    screening.k,
    screening.sessions,
    screening.viewers,
    screening.simulated_viewers,
    screening.running,
    published.version,
    published.published_at
FROM screening
JOIN film USING (film)
JOIN cut USING (film, cut)
CROSS JOIN published
WHERE screening.screening = $screening
