-- The scenes of each screening, strongest feeling first
SELECT screening.screening, scene.name, scene_summary.strongest, scene_summary.valence, scene_summary.viewers
FROM screening
JOIN scene USING (film, cut)
JOIN scene_summary USING (screening, scene)
ORDER BY screening.screening, abs(scene_summary.valence) DESC
