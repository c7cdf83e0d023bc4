-- Published scenes of which subtracting the seconds may show fewer than k viewers: analytics.differencing looks at those.
-- Two viewers with more than half of a scene's seconds share one, so all of these but the most frequent number of
-- seconds are left by any subtraction; where they are k or more, nothing is exposed.
WITH size AS (
    SELECT number, scene, count(*) AS seconds FROM second_scene GROUP BY number, scene
),

alike AS (
    SELECT viewer.number, viewer.scene, 'scored' AS what, viewer.seconds, count(*) AS viewers
    FROM viewer_scene AS viewer
    JOIN size USING (number, scene)
    WHERE 2 * viewer.seconds > size.seconds
    GROUP BY ALL
    UNION ALL
    SELECT viewer.number, viewer.scene, 'sampled' AS what, viewer.sampled AS seconds, count(*) AS viewers
    FROM viewer_scene AS viewer
    JOIN size USING (number, scene)
    WHERE 2 * viewer.sampled > size.seconds
    GROUP BY ALL
),

sure AS (
    SELECT number, scene, what, sum(viewers) - max(viewers) AS left_over
    FROM alike
    GROUP BY number, scene, what
)

SELECT
    cell.number,
    cell.scene,
    any_value(screening.k) AS k,
    any_value(size.seconds) AS seconds,
    count(*) FILTER (sure.what = 'scored' AND sure.left_over >= screening.k) = 0 AS by_scores,
    count(*) FILTER (sure.what = 'sampled' AND sure.left_over >= screening.k) = 0 AS by_attention
FROM scene_cell AS cell
JOIN catalogue_screening AS screening USING (number)
JOIN size USING (number, scene)
LEFT JOIN sure USING (number, scene)
WHERE cell.viewers >= screening.k AND screening.k > 1
GROUP BY cell.number, cell.scene
HAVING by_scores OR by_attention
ORDER BY cell.number, cell.scene;
