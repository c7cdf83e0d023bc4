-- Screenings of each film and cut, and how many watched
SELECT film.title, screening.cut, count(*) AS screenings, sum(screening.viewers) AS viewers
FROM screening
JOIN film USING (film)
GROUP BY film.title, screening.cut
ORDER BY viewers DESC
