-- Who counts: every seat of every session whose screening is in the catalogue, numbered.
-- A session that named another film or cut than its screening now shows is no viewer of it: its seconds are
-- seconds of another edit.
CREATE TEMP TABLE viewer AS
WITH counted AS (
    SELECT session.session, session.simulated, screening.screening, screening.film, screening.cut
    FROM session
    JOIN catalogue_screening AS screening
        ON screening.screening = session.screening
        AND screening.film = session.film
        AND screening.cut = session.cut
),

seat AS (
    SELECT DISTINCT session, viewer AS seat FROM reaction
)

SELECT
    row_number() OVER (ORDER BY counted.screening, counted.session, seat.seat) AS viewer_id,
    counted.screening,
    counted.film,
    counted.cut,
    counted.session,
    seat.seat,
    counted.simulated
FROM counted
JOIN seat USING (session);
