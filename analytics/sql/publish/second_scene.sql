-- Which scene a film second belongs to: the one that holds its middle. So a second on a cut between two scenes counts
-- once, for the scene that has most of it; a second outside every scene counts for none.
CREATE OR REPLACE TEMP TABLE second_scene AS
WITH second AS (
    SELECT DISTINCT number, t_ms FROM viewer_second
)

SELECT second.number, second.t_ms, scene.scene
FROM second
JOIN catalogue_screening AS screening USING (number)
JOIN catalogue_scene AS scene
    ON scene.film = screening.film
    AND scene.cut = screening.cut
    AND second.t_ms + 500 >= scene.start_ms
    AND second.t_ms + 500 < scene.end_ms;
