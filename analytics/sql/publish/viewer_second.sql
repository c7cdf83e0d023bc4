-- One row a viewer and film second, first viewing only (pass 0): a rewatch is another experience.
-- Scores are percent, NULL where the face was not scored; a second that arrived in pieces (a pause inside it)
-- is the mean of its pieces weighted by frames.
CREATE TEMP TABLE viewer_second AS
WITH piece AS (
    SELECT
        viewer.screening,
        viewer.viewer_id,
        -- A window may last several whole seconds; it says the same of each of them.
        unnest(range(reaction.t_ms, reaction.t_ms + reaction.d_ms, 1000))::INTEGER AS t_ms,
        reaction.n,
        reaction.front,
        reaction.angry, reaction.disgust, reaction.fear, reaction.happy,
        reaction.neutral, reaction.sad, reaction.surprise
    FROM reaction
    JOIN viewer ON viewer.session = reaction.session AND viewer.seat = reaction.viewer
    WHERE reaction.pass = 0
)

SELECT
    screening,
    viewer_id,
    t_ms,
    sum(n) AS n,
    avg(front) AS front,
    sum(angry::DOUBLE * n) / nullif(sum(n), 0) AS angry,
    sum(disgust::DOUBLE * n) / nullif(sum(n), 0) AS disgust,
    sum(fear::DOUBLE * n) / nullif(sum(n), 0) AS fear,
    sum(happy::DOUBLE * n) / nullif(sum(n), 0) AS happy,
    sum(neutral::DOUBLE * n) / nullif(sum(n), 0) AS neutral,
    sum(sad::DOUBLE * n) / nullif(sum(n), 0) AS sad,
    sum(surprise::DOUBLE * n) / nullif(sum(n), 0) AS surprise
FROM piece
GROUP BY screening, viewer_id, t_ms;
