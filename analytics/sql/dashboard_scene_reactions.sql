-- The seven emotions of every scene of one screening ($screening): the chosen scene, and what the other scenes average to.
SELECT scene, emotion, viewers, showing, share, share_low, share_high, mean, mean_low, mean_high
FROM scene_reaction
WHERE screening = $screening
ORDER BY scene, emotion
