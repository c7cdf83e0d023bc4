-- One row a screening and film second, however few viewers it stands for; the emotions side by side, because rows of
-- one emotion each would be seven times as many to make and to group.
CREATE TEMP TABLE IF NOT EXISTS second_cell (
    number INTEGER,
    t_ms INTEGER,
    viewers BIGINT,
    attention DOUBLE,
    valence DOUBLE,
    valence_sd DOUBLE,
    angry DOUBLE, disgust DOUBLE, fear DOUBLE, happy DOUBLE,
    neutral DOUBLE, sad DOUBLE, surprise DOUBLE,
    angry_showing BIGINT, disgust_showing BIGINT, fear_showing BIGINT, happy_showing BIGINT,
    neutral_showing BIGINT, sad_showing BIGINT, surprise_showing BIGINT
);

INSERT INTO second_cell BY NAME
WITH total AS (
    SELECT
        second.number,
        second.t_ms,
        count(*) FILTER (second.n > 0) AS viewers,
        -- Over everyone whose device sampled this second, scored or not: who turned away has no score, and leaving
        -- them out would call an audience that looks away attentive.
        avg(second.front) AS attention,
        sum(second.angry) AS angry,
        sum(second.disgust) AS disgust,
        sum(second.fear) AS fear,
        sum(second.happy) AS happy,
        sum(second.neutral) AS neutral,
        sum(second.sad) AS sad,
        sum(second.surprise) AS surprise,
        stddev_samp(second.happy - second.angry - second.disgust - second.fear - second.sad) / 100 AS valence_sd,
        count(*) FILTER (second.angry >= own.angry_shown) AS angry_showing,
        count(*) FILTER (second.disgust >= own.disgust_shown) AS disgust_showing,
        count(*) FILTER (second.fear >= own.fear_shown) AS fear_showing,
        count(*) FILTER (second.happy >= own.happy_shown) AS happy_showing,
        count(*) FILTER (second.neutral >= own.neutral_shown) AS neutral_showing,
        count(*) FILTER (second.sad >= own.sad_shown) AS sad_showing,
        count(*) FILTER (second.surprise >= own.surprise_shown) AS surprise_showing
    FROM viewer_second AS second
    JOIN viewer_own AS own USING (viewer_id)
    GROUP BY second.number, second.t_ms
)

SELECT
    * REPLACE (
        angry / viewers AS angry,
        disgust / viewers AS disgust,
        fear / viewers AS fear,
        happy / viewers AS happy,
        neutral / viewers AS neutral,
        sad / viewers AS sad,
        surprise / viewers AS surprise
    ),
    (happy - angry - disgust - fear - sad) / viewers / 100 AS valence
FROM total;
