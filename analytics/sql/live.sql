-- The last stretch of one screening ($screening): every emotion in the seconds from $since_ms on, for the page that
-- is read while the film runs.
SELECT t_ms, d_ms, emotion, viewers, showing, share, share_low, share_high, mean
FROM second_reaction
WHERE screening = $screening AND t_ms >= $since_ms
ORDER BY t_ms, emotion
