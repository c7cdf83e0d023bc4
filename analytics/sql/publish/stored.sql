-- All that the store holds of each screening, as a digest: its sessions, and their seats' windows; and the share of its
-- sessions that have ended, how many windows they sent, and where in the store the newest lies.
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
    count(DISTINCT session.session) FILTER (session.ended) / count(DISTINCT session.session) AS ended,
    coalesce(sum(seat.windows), 0)::BIGINT AS windows,
    coalesce(max(seat.last_row), -1) AS last_row
FROM session
LEFT JOIN seat USING (session)
GROUP BY session.screening;
