-- Each viewer's own ordinary scores; empty for a viewer who was never scored. A resting face reads as sad or angry on
-- some people, so "showing" is a rise of 20 points above the viewer's own median, not a level.
--
-- Scores are few and whole, so they are counted first, and the median is read off the counts: a third of the time that
-- median() takes, which keeps every score. Seven times the same, one emotion each: seven short keys are counted in less
-- time than seven times as many rows. A second without scores has none in any emotion.
-- emotion: its place in the contract's order, 1 to 7.
CREATE OR REPLACE TEMP TABLE score_count AS
SELECT viewer_id, 1::UTINYINT AS emotion, angry AS score, count(*) AS seconds FROM viewer_second GROUP BY viewer_id, angry
UNION ALL
SELECT viewer_id, 2::UTINYINT AS emotion, disgust AS score, count(*) AS seconds FROM viewer_second GROUP BY viewer_id, disgust
UNION ALL
SELECT viewer_id, 3::UTINYINT AS emotion, fear AS score, count(*) AS seconds FROM viewer_second GROUP BY viewer_id, fear
UNION ALL
SELECT viewer_id, 4::UTINYINT AS emotion, happy AS score, count(*) AS seconds FROM viewer_second GROUP BY viewer_id, happy
UNION ALL
SELECT viewer_id, 5::UTINYINT AS emotion, neutral AS score, count(*) AS seconds FROM viewer_second GROUP BY viewer_id, neutral
UNION ALL
SELECT viewer_id, 6::UTINYINT AS emotion, sad AS score, count(*) AS seconds FROM viewer_second GROUP BY viewer_id, sad
UNION ALL
SELECT viewer_id, 7::UTINYINT AS emotion, surprise AS score, count(*) AS seconds FROM viewer_second GROUP BY viewer_id, surprise;

CREATE OR REPLACE TEMP TABLE viewer_own AS
WITH running AS (
    SELECT
        *,
        sum(seconds) OVER (PARTITION BY viewer_id, emotion ORDER BY score) AS up_to,
        sum(seconds) OVER (PARTITION BY viewer_id, emotion) AS total
    FROM score_count
    WHERE score IS NOT NULL
),

own AS (
    SELECT
        viewer_id,
        emotion,
        -- The two in the middle, which are one for an odd number.
        (min(score) FILTER (2 * up_to >= total) + min(score) FILTER (2 * up_to > total)) / 2 AS median,
        sum(score * seconds) / any_value(total) AS mean
    FROM running
    GROUP BY viewer_id, emotion
)

SELECT
    everyone.viewer_id,
    any_value(own.median) FILTER (own.emotion = 1) + 20 AS angry_shown,
    any_value(own.median) FILTER (own.emotion = 2) + 20 AS disgust_shown,
    any_value(own.median) FILTER (own.emotion = 3) + 20 AS fear_shown,
    any_value(own.median) FILTER (own.emotion = 4) + 20 AS happy_shown,
    any_value(own.median) FILTER (own.emotion = 5) + 20 AS neutral_shown,
    any_value(own.median) FILTER (own.emotion = 6) + 20 AS sad_shown,
    any_value(own.median) FILTER (own.emotion = 7) + 20 AS surprise_shown,
    any_value(own.mean) FILTER (own.emotion = 1) AS angry_mean,
    any_value(own.mean) FILTER (own.emotion = 2) AS disgust_mean,
    any_value(own.mean) FILTER (own.emotion = 3) AS fear_mean,
    any_value(own.mean) FILTER (own.emotion = 4) AS happy_mean,
    any_value(own.mean) FILTER (own.emotion = 5) AS neutral_mean,
    any_value(own.mean) FILTER (own.emotion = 6) AS sad_mean,
    any_value(own.mean) FILTER (own.emotion = 7) AS surprise_mean
FROM (SELECT DISTINCT viewer_id FROM score_count) AS everyone
LEFT JOIN own USING (viewer_id)
GROUP BY everyone.viewer_id;
