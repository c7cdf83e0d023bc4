-- Which scene a film second belongs to: the one that holds its middle. So a second on a cut between two scenes counts
-- once, for the scene that has most of it; a second outside every scene counts for none.
CREATE TEMP TABLE second_scene AS
WITH second AS (
    SELECT DISTINCT screening, t_ms FROM viewer_second
)

SELECT second.screening, second.t_ms, scene.scene
FROM second
JOIN catalogue_screening AS screening USING (screening)
JOIN catalogue_scene AS scene
    ON scene.film = screening.film
    AND scene.cut = screening.cut
    AND second.t_ms + 500 >= scene.start_ms
    AND second.t_ms + 500 < scene.end_ms;
