-- Every screening there is: what to offer when the one asked for is not there.
SELECT screening
FROM screening
ORDER BY screening
