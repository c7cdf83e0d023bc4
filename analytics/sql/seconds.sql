-- Valence and attention, second by second, in one screening ($screening).
SELECT t_ms, d_ms, viewers, valence, attention
FROM second_summary
WHERE screening = $screening
ORDER BY t_ms
