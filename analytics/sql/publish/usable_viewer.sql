-- Who was scored at all, and who of them counts: analytics.usable. `coverage` is the share of the screening's seconds in
-- which the viewer was scored.
CREATE TEMP TABLE scored_viewer (number INTEGER, viewer_id INTEGER);

CREATE TEMP TABLE usable_viewer (number INTEGER, viewer_id INTEGER, last_ms INTEGER, coverage DOUBLE);

CREATE TEMP TABLE unusable_viewer (number INTEGER, viewer_id INTEGER, reason VARCHAR);
