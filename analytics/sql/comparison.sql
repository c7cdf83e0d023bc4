-- Every measure of one compared pair of audiences ($film, $kind, $first, $second, $first_cut, $second_cut): of the
-- whole film, whose scenes are empty, then scene by scene.
SELECT
    first_scene,
    second_scene,
    name,
    measure,
    first_value,
    second_value,
    difference,
    low,
    high,
    p,
    first_viewers,
    second_viewers
FROM comparison
WHERE film = $film
    AND kind = $kind
    AND first = $first
    AND second = $second
    AND first_cut = $first_cut
    AND second_cut = $second_cut
ORDER BY first_scene NULLS FIRST, measure
