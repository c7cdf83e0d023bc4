-- What the rule of analytics.usable asks of each viewer. The film seconds that a screening covers are those scored for k
-- viewers or more: figures are about no others, and one device with a wrong clock cannot make everybody's share small.
CREATE OR REPLACE TEMP TABLE viewer_covered AS
WITH covered AS (
    SELECT second.number, second.t_ms
    FROM viewer_second AS second
    JOIN catalogue_screening AS screening USING (number)
    WHERE second.n > 0
    GROUP BY second.number, second.t_ms
    HAVING count(*) >= any_value(screening.k)
),

film AS (
    SELECT number, count(*) AS covered FROM covered GROUP BY number
),

watched AS (
    SELECT second.viewer_id, count(*) AS sampled, count(*) FILTER (second.n > 0) AS scored
    FROM viewer_second AS second
    SEMI JOIN covered USING (number, t_ms)
    GROUP BY second.viewer_id
),

last AS (
    SELECT number, viewer_id, max(t_ms) FILTER (n > 0) AS last_ms FROM viewer_second GROUP BY number, viewer_id
),

-- Until the last score: an empty chair after it says that the viewer left, not that the face was hard to find.
face AS (
    SELECT second.viewer_id, avg(second.seen) AS seen
    FROM viewer_second AS second
    JOIN last USING (viewer_id)
    WHERE second.t_ms <= last.last_ms
    GROUP BY second.viewer_id
)

SELECT
    last.number,
    last.viewer_id,
    last.last_ms,
    coalesce(watched.sampled, 0)::INTEGER AS sampled,
    coalesce(watched.scored, 0)::INTEGER AS scored,
    coalesce(film.covered, 0)::INTEGER AS covered,
    coalesce(face.seen, 0) AS seen
FROM last
LEFT JOIN film USING (number)
LEFT JOIN watched USING (viewer_id)
LEFT JOIN face USING (viewer_id);

-- For the count of viewers; the rows above make room for those of the next screenings.
CREATE TEMP TABLE IF NOT EXISTS scored_viewer (viewer_id INTEGER);

INSERT INTO scored_viewer SELECT viewer_id FROM viewer_covered WHERE last_ms IS NOT NULL;
