-- Which emotion followed which from scene to scene in one screening ($screening), most viewers first.
SELECT scene, next_scene, emotion, next_emotion, viewers, "of"
FROM scene_step
WHERE screening = $screening
ORDER BY scene, viewers DESC, emotion, next_emotion
