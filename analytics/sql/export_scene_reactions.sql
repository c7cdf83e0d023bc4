-- How many showed each emotion, in every scene of one screening ($screening).
SELECT scene, emotion, viewers, showing, share, share_low, share_high
FROM scene_reaction
WHERE screening = $screening
ORDER BY scene, emotion
