-- The scored seconds in long form, each beside its viewer's own ordinary score for that emotion. A resting face reads
-- as sad or angry on some people, so "showing" is a rise of 20 points above the viewer's own median, not a level.
CREATE TEMP TABLE viewer_score AS
WITH long AS (
    UNPIVOT (SELECT screening, viewer_id, t_ms, angry, disgust, fear, happy, neutral, sad, surprise FROM viewer_second)
    ON angry, disgust, fear, happy, neutral, sad, surprise
    INTO NAME emotion VALUE score
),

ordinary AS (
    SELECT viewer_id, emotion, median(score) AS median, avg(score) AS mean
    FROM long
    GROUP BY viewer_id, emotion
)

SELECT
    long.screening,
    long.viewer_id,
    long.t_ms,
    long.emotion,
    long.score,
    long.score >= ordinary.median + 20 AS showing,
    ordinary.mean AS own_mean
FROM long
JOIN ordinary USING (viewer_id, emotion);
