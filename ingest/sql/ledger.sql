-- Where the samples of every session are. A session whose start was never accepted has no row in session, and is
-- known by its dead letters alone.
WITH stored AS (
    SELECT session, count(*) AS samples, max(t_ms + d_ms) AS heard_to_ms FROM reaction GROUP BY session
),

rejected AS (
    SELECT session, sum(samples) AS samples FROM reject WHERE session IS NOT NULL GROUP BY session
)

SELECT
    coalesce(session.session, rejected.session) AS session,
    session.screening,
    session.generated,
    coalesce(stored.samples, 0)::BIGINT AS stored,
    coalesce(rejected.samples, 0)::BIGINT AS rejected,
    coalesce(session.dropped, 0)::BIGINT AS dropped,
    stored.heard_to_ms
FROM session
LEFT JOIN stored USING (session)
FULL JOIN rejected ON rejected.session = session.session
ORDER BY session.screening, 1
