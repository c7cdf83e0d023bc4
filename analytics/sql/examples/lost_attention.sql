-- Minutes of each screening by attention, lowest first
SELECT screening, t_ms // 60000 AS minute, avg(attention) AS facing_the_screen, min(viewers) AS fewest_viewers
FROM second_summary
GROUP BY screening, minute
ORDER BY facing_the_screen
