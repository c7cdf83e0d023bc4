-- What was withheld from one screening ($screening), and why. viewers_most tells whether a smaller k would help.
SELECT left_out.what, left_out.reason, left_out.cells, left_out.viewers_most, screening.k
FROM left_out
JOIN screening USING (screening)
WHERE left_out.screening = $screening
ORDER BY left_out.what, left_out.reason
