-- Where one screening ($screening) stands: how many take part, and the last second that at least k of them have seen.
SELECT
    screening.running,
    screening.sessions,
    screening.viewers,
    screening.simulated_viewers,
    screening.seconds,
    screening.k,
    last.t_ms,
    last.viewers AS viewers_there,
    last.attention
FROM screening
LEFT JOIN (
    SELECT t_ms, viewers, attention
    FROM second_summary
    WHERE screening = $screening
    ORDER BY t_ms DESC
    LIMIT 1
) AS last ON true
WHERE screening.screening = $screening
