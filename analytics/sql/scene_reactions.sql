-- The seven emotions of one scene ($scene, counted from 1) in one screening ($screening): radar and bars.
SELECT emotion, viewers, showing, share, share_low, share_high, mean, mean_low, mean_high
FROM scene_reaction
WHERE screening = $screening AND scene = $scene
ORDER BY emotion
