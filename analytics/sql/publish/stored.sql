-- All that the store holds of each screening, as a digest: its sessions, and their seats' windows; and the share of its
-- sessions that have ended.
SELECT
    session.screening,
    sha256(
        string_agg(
            concat_ws(
                ' ',
                session.session, session.film, session.cut, session.simulated, session.ended,
                seat.seat, seat.windows, seat.content
            ),
            ','
            ORDER BY session.session, seat.seat
        )
    ) AS digest,
    count(DISTINCT session.session) FILTER (session.ended) / count(DISTINCT session.session) AS ended
FROM session
LEFT JOIN seat USING (session)
GROUP BY session.screening;
