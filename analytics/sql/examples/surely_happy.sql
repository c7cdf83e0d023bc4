-- Seconds in which surely more than a third of the audience was happy
SELECT screening, t_ms / 1000 AS film_s, showing, viewers, share_low, share_high
FROM second_reaction
WHERE emotion = 'happy' AND share_low > 1 / 3
ORDER BY screening, t_ms
