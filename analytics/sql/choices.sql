-- Every cut with each of its screenings: what the dashboard can show. A cut that nobody has watched appears once.
SELECT
    film.film,
    film.title,
    cut.cut,
    cut.frame_rate,
    cut.start_timecode,
    screening.screening,
    screening.k,
    screening.cohort,
    screening.sessions,
    screening.viewers,
    screening.simulated_viewers,
    screening.running,
    screening.seconds
FROM film
JOIN cut USING (film)
LEFT JOIN screening USING (film, cut)
ORDER BY film.title, film.film, cut.cut, screening.running DESC, screening.screening
