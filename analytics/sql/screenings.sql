-- The screenings of one cut ($film, $cut): the second choice on the dashboard. Running ones come first.
SELECT screening, k, sessions, viewers, simulated_viewers, running, seconds
FROM screening
WHERE film = $film AND cut = $cut
ORDER BY running DESC, screening
