-- The windows of the portion at hand, first viewing only (pass 0): a rewatch is another experience. What is made of them
-- is in analytics.viewer_seconds and analytics.audience_figures: whole columns at a time, in a third of the time that SQL
-- takes to group them in four ways.
WITH joined AS (
    SELECT DISTINCT session, number, first_viewer FROM viewer WHERE portion = getvariable('portion')
)

SELECT
    joined.number,
    joined.first_viewer + reaction.viewer AS viewer_id,
    reaction.t_ms,
    reaction.d_ms,
    reaction.n,
    reaction.seen,
    reaction.front,
    coalesce(reaction.angry, 0) AS angry,
    coalesce(reaction.disgust, 0) AS disgust,
    coalesce(reaction.fear, 0) AS fear,
    coalesce(reaction.happy, 0) AS happy,
    coalesce(reaction.neutral, 0) AS neutral,
    coalesce(reaction.sad, 0) AS sad,
    coalesce(reaction.surprise, 0) AS surprise
FROM reaction
JOIN joined USING (session)
WHERE reaction.pass = 0
    -- Says nothing new, but spares reading what other portions hold.
    AND reaction.rowid BETWEEN getvariable('first_row') AND getvariable('last_row');
