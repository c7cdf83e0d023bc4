-- Valence with its interval, attention, and how many are still there, second by second, in one screening ($screening).
SELECT t_ms, d_ms, viewers, valence, valence_low, valence_high, arc, attention, watching
FROM second_summary
WHERE screening = $screening
ORDER BY t_ms
