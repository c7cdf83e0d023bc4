-- Everything from here on is about usable viewers; `verdict` says who is none.
CREATE TEMP TABLE IF NOT EXISTS usable_viewer (
    number INTEGER,
    viewer_id INTEGER,
    last_ms INTEGER,
    coverage DOUBLE
);

CREATE TEMP TABLE IF NOT EXISTS unusable_viewer (number INTEGER, viewer_id INTEGER, reason VARCHAR);

INSERT INTO usable_viewer BY NAME
SELECT number, viewer_id, last_ms, scored / nullif(covered, 0) AS coverage
FROM viewer_covered
ANTI JOIN verdict USING (viewer_id)
-- A face that was never scored is no viewer of anything, but its attention counts.
WHERE last_ms IS NOT NULL;

INSERT INTO unusable_viewer BY NAME
SELECT viewer_covered.number, verdict.viewer_id, verdict.reason
FROM verdict
JOIN viewer_covered USING (viewer_id);

DELETE FROM viewer_second WHERE viewer_id IN (SELECT viewer_id FROM verdict);

DROP TABLE verdict;
