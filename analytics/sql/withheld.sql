-- Each screening with its k and what was withheld from it: one row a screening, kind of cell and reason.
-- A left join: a screening from which nothing was withheld has one row with empty figures.
SELECT
    film.title,
    screening.screening,
    screening.k,
    screening.viewers,
    screening.simulated_viewers,
    left_out.what,
    left_out.reason,
    left_out.cells,
    left_out.viewers_most
FROM screening
JOIN film USING (film)
LEFT JOIN left_out USING (screening)
ORDER BY film.title, screening.screening, left_out.what, left_out.reason
