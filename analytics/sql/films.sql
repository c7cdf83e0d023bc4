-- Every film and cut, with how much was seen of it: the first choice on the dashboard.
WITH seen AS (
    SELECT film, cut, count(*) AS screenings, sum(viewers) AS viewers, bool_or(running) AS running
    FROM screening
    GROUP BY film, cut
)
SELECT
    film.film,
    film.title,
    cut.cut,
    cut.frame_rate,
    cut.start_timecode,
    coalesce(seen.screenings, 0)::BIGINT AS screenings,
    coalesce(seen.viewers, 0)::BIGINT AS viewers,
    coalesce(seen.running, false) AS running
FROM film
JOIN cut USING (film)
LEFT JOIN seen USING (film, cut)
ORDER BY film.title, film.film, cut.cut
