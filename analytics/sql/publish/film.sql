-- Films of the catalogue, and those a screening names without one: nothing that was shown may vanish from the page.
CREATE TABLE serving.film AS
WITH named AS (
    SELECT film, title FROM catalogue_film
    UNION ALL
    SELECT film, NULL FROM catalogue_cut
    UNION ALL
    SELECT film, NULL FROM catalogue_screening
)

SELECT film, coalesce(max(title), film) AS title
FROM named
GROUP BY film
ORDER BY film;

COMMENT ON TABLE serving.film IS 'One row a film, whatever its cut.';
COMMENT ON COLUMN serving.film.film IS 'Id of the film in the catalogue.';
COMMENT ON COLUMN serving.film.title IS 'Title for people; the id where the catalogue has none.';
