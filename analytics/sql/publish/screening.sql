-- Every screening of the catalogue, also one that nobody has come to yet.
CREATE OR REPLACE TEMP VIEW computed AS
WITH came AS (
    SELECT session.screening, count(*) AS sessions, bool_or(NOT session.ended) AS running
    FROM session
    JOIN catalogue_screening AS screening
        ON screening.screening = session.screening
        AND screening.film = session.film
        AND screening.cut = session.cut
    GROUP BY session.screening
),

seen AS (
    SELECT number, count(*) AS viewers, count(*) FILTER (WHERE simulated) AS simulated_viewers
    FROM viewer
    JOIN scored_viewer USING (number, viewer_id)
    GROUP BY number
),

covered AS (
    SELECT number, count(*) AS seconds
    FROM (
        SELECT number FROM second_cell WHERE viewers > 0
        UNION ALL
        SELECT number FROM withheld_second WHERE NOT attention_only
    )
    GROUP BY number
)

SELECT
    screening.screening,
    screening.film,
    screening.cut,
    screening.k,
    screening.cohort,
    coalesce(came.sessions, 0)::INTEGER AS sessions,
    coalesce(seen.viewers, 0)::INTEGER AS viewers,
    coalesce(seen.simulated_viewers, 0)::INTEGER AS simulated_viewers,
    coalesce(came.running, false) AS running,
    coalesce(covered.seconds, 0)::INTEGER AS seconds
FROM catalogue_screening AS screening
LEFT JOIN came USING (screening)
LEFT JOIN seen USING (number)
LEFT JOIN covered USING (number)
WHERE NOT screening.taken_over;

COMMENT ON TABLE serving.screening IS 'One row a screening: one showing of a cut to an audience.';
COMMENT ON COLUMN serving.screening.screening IS 'Id of the screening.';
COMMENT ON COLUMN serving.screening.film IS 'Id of the film shown.';
COMMENT ON COLUMN serving.screening.cut IS 'Id of the cut shown.';
COMMENT ON COLUMN serving.screening.k IS 'Fewest viewers a published figure of this screening stands for.';
COMMENT ON COLUMN serving.screening.cohort IS 'What its audience has in common, such as students; empty where nobody said.';
COMMENT ON COLUMN serving.screening.sessions IS 'Devices that took part.';
COMMENT ON COLUMN serving.screening.viewers IS 'Seats with at least one scored second; a device can watch over several.';
COMMENT ON COLUMN serving.screening.simulated_viewers IS 'How many of the viewers were drawn by a model, not seen by a camera.';
COMMENT ON COLUMN serving.screening.running IS 'Whether a session has started and not ended.';
COMMENT ON COLUMN serving.screening.seconds IS 'Film seconds scored for at least one viewer.';
