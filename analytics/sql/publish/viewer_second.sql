-- One row a viewer and film second of the portion at hand, first viewing only (pass 0): a rewatch is another
-- experience. Scores are percent, NULL where the face was not scored.
CREATE OR REPLACE TEMP TABLE viewer_second AS
WITH joined AS (
    SELECT DISTINCT session, number, first_viewer FROM viewer WHERE portion = getvariable('portion')
),

piece AS NOT MATERIALIZED (
    SELECT
        joined.number,
        joined.first_viewer + reaction.viewer AS viewer_id,
        reaction.t_ms,
        reaction.d_ms,
        reaction.n::BIGINT AS n,
        reaction.seen::DOUBLE AS seen,
        reaction.front::DOUBLE AS front,
        reaction.angry::DOUBLE AS angry,
        reaction.disgust::DOUBLE AS disgust,
        reaction.fear::DOUBLE AS fear,
        reaction.happy::DOUBLE AS happy,
        reaction.neutral::DOUBLE AS neutral,
        reaction.sad::DOUBLE AS sad,
        reaction.surprise::DOUBLE AS surprise
    FROM reaction
    JOIN joined USING (session)
    WHERE reaction.pass = 0
        -- Says nothing new, but spares reading what other portions hold.
        AND reaction.rowid BETWEEN getvariable('first_row') AND getvariable('last_row')
)

SELECT * EXCLUDE (d_ms) FROM piece WHERE d_ms <= 1000
UNION ALL
-- A window may last several whole seconds; it says the same of each of them.
SELECT * EXCLUDE (d_ms) REPLACE (unnest(range(t_ms, t_ms + d_ms, 1000))::INTEGER AS t_ms) FROM piece WHERE d_ms > 1000;

-- A second that arrived in pieces (a pause inside it) is the mean of its pieces weighted by frames. There are few, so
-- they are looked for first. Seconds are marked as bits, 32 in a row of each viewer's: where there are fewer bits than
-- seconds, one is there twice. That takes half the time of grouping by each second, of which there are 30 times as many.
CREATE OR REPLACE TEMP TABLE in_pieces AS
WITH doubled AS (
    SELECT viewer_id, t_ms // 32000 AS place
    FROM viewer_second
    GROUP BY viewer_id, place
    HAVING bit_count(bit_or(1::UINTEGER << (t_ms // 1000 % 32)::UINTEGER)) < count(*)
)

SELECT viewer_second.viewer_id, viewer_second.t_ms
FROM viewer_second
JOIN doubled ON doubled.viewer_id = viewer_second.viewer_id AND doubled.place = viewer_second.t_ms // 32000
GROUP BY viewer_second.viewer_id, viewer_second.t_ms
HAVING count(*) > 1;

CREATE OR REPLACE TEMP TABLE whole_second AS
SELECT
    number,
    viewer_id,
    t_ms,
    sum(n)::BIGINT AS n,
    avg(seen) AS seen,
    avg(front) AS front,
    sum(angry * n) / nullif(sum(n), 0) AS angry,
    sum(disgust * n) / nullif(sum(n), 0) AS disgust,
    sum(fear * n) / nullif(sum(n), 0) AS fear,
    sum(happy * n) / nullif(sum(n), 0) AS happy,
    sum(neutral * n) / nullif(sum(n), 0) AS neutral,
    sum(sad * n) / nullif(sum(n), 0) AS sad,
    sum(surprise * n) / nullif(sum(n), 0) AS surprise
FROM viewer_second
WHERE (viewer_id, t_ms) IN (SELECT (viewer_id, t_ms) FROM in_pieces)
GROUP BY number, viewer_id, t_ms;

DELETE FROM viewer_second WHERE (viewer_id, t_ms) IN (SELECT (viewer_id, t_ms) FROM in_pieces);

INSERT INTO viewer_second SELECT * FROM whole_second;
