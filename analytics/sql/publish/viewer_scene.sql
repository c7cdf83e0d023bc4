-- One row a viewer and scene: the viewer first, the audience later. Means and valence (-1..1, pleasant minus unpleasant
-- share; surprise has no sign) are over the scored seconds, NULL for a viewer whose face was never scored there;
-- attention is over every second the device sampled.
-- One second above the ordinary is easily a flicker of the classifier, so a viewer shows an emotion in a scene when
-- two seconds do, or all of them where the viewer has fewer than two.
CREATE OR REPLACE TEMP TABLE viewer_scene AS
WITH total AS (
    SELECT
        second.number,
        place.scene,
        second.viewer_id,
        count(*) FILTER (second.n > 0) AS seconds,
        count(*) AS sampled,
        avg(second.front) AS attention,
        sum(second.angry) AS angry,
        sum(second.disgust) AS disgust,
        sum(second.fear) AS fear,
        sum(second.happy) AS happy,
        sum(second.neutral) AS neutral,
        sum(second.sad) AS sad,
        sum(second.surprise) AS surprise,
        count(*) FILTER (second.angry >= own.angry_shown) AS angry_shown,
        count(*) FILTER (second.disgust >= own.disgust_shown) AS disgust_shown,
        count(*) FILTER (second.fear >= own.fear_shown) AS fear_shown,
        count(*) FILTER (second.happy >= own.happy_shown) AS happy_shown,
        count(*) FILTER (second.neutral >= own.neutral_shown) AS neutral_shown,
        count(*) FILTER (second.sad >= own.sad_shown) AS sad_shown,
        count(*) FILTER (second.surprise >= own.surprise_shown) AS surprise_shown
    FROM viewer_second AS second
    JOIN second_scene AS place USING (number, t_ms)
    JOIN viewer_own AS own USING (viewer_id)
    GROUP BY second.number, place.scene, second.viewer_id
)

SELECT
    total.number,
    total.scene,
    total.viewer_id,
    total.seconds,
    total.sampled,
    total.seconds > 0 AS scored,
    total.attention,
    (total.happy - total.angry - total.disgust - total.fear - total.sad) / total.seconds / 100 AS valence,
    valence
    - (own.happy_mean - own.angry_mean - own.disgust_mean - own.fear_mean - own.sad_mean) / 100 AS valence_rise,
    total.angry / total.seconds AS angry,
    total.disgust / total.seconds AS disgust,
    total.fear / total.seconds AS fear,
    total.happy / total.seconds AS happy,
    total.neutral / total.seconds AS neutral,
    total.sad / total.seconds AS sad,
    total.surprise / total.seconds AS surprise,
    total.angry / total.seconds - own.angry_mean AS angry_rise,
    total.disgust / total.seconds - own.disgust_mean AS disgust_rise,
    total.fear / total.seconds - own.fear_mean AS fear_rise,
    total.happy / total.seconds - own.happy_mean AS happy_rise,
    total.neutral / total.seconds - own.neutral_mean AS neutral_rise,
    total.sad / total.seconds - own.sad_mean AS sad_rise,
    total.surprise / total.seconds - own.surprise_mean AS surprise_rise,
    scored AND total.angry_shown >= least(2, total.seconds) AS angry_showing,
    scored AND total.disgust_shown >= least(2, total.seconds) AS disgust_showing,
    scored AND total.fear_shown >= least(2, total.seconds) AS fear_showing,
    scored AND total.happy_shown >= least(2, total.seconds) AS happy_showing,
    scored AND total.neutral_shown >= least(2, total.seconds) AS neutral_showing,
    scored AND total.sad_shown >= least(2, total.seconds) AS sad_showing,
    scored AND total.surprise_shown >= least(2, total.seconds) AS surprise_showing
FROM total
JOIN viewer_own AS own USING (viewer_id);
