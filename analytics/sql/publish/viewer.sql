-- Who counts: every seat of every session of a screening that is at hand, numbered. A session's numbers follow one
-- another with its seats, also over seats that nobody sat in: so a window's viewer is its session's first number plus its
-- seat, and a window need only be joined to its session, in half the time that a key of two columns takes.
-- A session that named another film or cut than its screening now shows is no viewer of it: its seconds are
-- seconds of another edit.
CREATE OR REPLACE TEMP TABLE viewer AS
WITH counted AS (
    SELECT screening.number, session.session, session.simulated, seat.* EXCLUDE (session)
    FROM session
    JOIN catalogue_screening AS screening
        ON screening.screening = session.screening
        AND screening.film = session.film
        AND screening.cut = session.cut
    JOIN seat USING (session)
    WHERE screening.number IN (SELECT number FROM at_hand)
        -- What devices answer at random is no series of a viewer: randomised_reaction.
        AND screening.epsilon IS NULL
),

screening AS (
    SELECT number, sum(windows) AS windows, min(first_row) AS first_row
    FROM counted
    GROUP BY number
),

-- Whole screenings, in the order in which they lie in the store: what is computed together is read together.
placed AS (
    SELECT
        number,
        (sum(windows) OVER (ORDER BY first_row, number) - windows) // getvariable('at_once') AS portion
    FROM screening
),

joined AS (
    SELECT number, session, max(seat) + 1 AS seats FROM counted GROUP BY number, session
),

numbered AS (
    SELECT session, 1 + sum(seats) OVER (ORDER BY number, session) - seats AS first_viewer FROM joined
)

SELECT
    (numbered.first_viewer + counted.seat)::INTEGER AS viewer_id,
    numbered.first_viewer::INTEGER AS first_viewer,
    counted.*,
    placed.portion::INTEGER AS portion
FROM counted
JOIN numbered USING (session)
JOIN placed USING (number);
