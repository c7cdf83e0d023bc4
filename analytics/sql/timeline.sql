-- Every emotion, second by second, in one screening ($screening). Seconds withheld by k are simply not there:
-- a chart must break its line where t_ms jumps, not bridge the gap.
SELECT t_ms, d_ms, emotion, viewers, showing, share, share_low, share_high, mean
FROM second_reaction
WHERE screening = $screening
ORDER BY t_ms, emotion
