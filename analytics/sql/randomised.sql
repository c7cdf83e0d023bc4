-- What the devices of one screening ($screening) answered at random, put right: one row a block and answer.
SELECT t_ms, d_ms, answer, viewers, share, share_low, share_high, epsilon
FROM randomised_reaction
WHERE screening = $screening
ORDER BY t_ms, answer
