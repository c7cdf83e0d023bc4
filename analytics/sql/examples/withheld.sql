-- What was withheld, and which k would show it
SELECT screening, what, reason, cells, viewers_most
FROM left_out
ORDER BY screening, what
