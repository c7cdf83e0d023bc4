-- One row a screening and scene, however few viewers it stands for.
CREATE TEMP TABLE IF NOT EXISTS scene_cell (
    number INTEGER,
    scene INTEGER,
    viewers BIGINT,
    attention DOUBLE,
    valence DOUBLE,
    pleased BIGINT,
    displeased BIGINT,
    angry DOUBLE, disgust DOUBLE, fear DOUBLE, happy DOUBLE,
    neutral DOUBLE, sad DOUBLE, surprise DOUBLE,
    angry_rise DOUBLE, disgust_rise DOUBLE, fear_rise DOUBLE, happy_rise DOUBLE,
    neutral_rise DOUBLE, sad_rise DOUBLE, surprise_rise DOUBLE,
    angry_showing BIGINT, disgust_showing BIGINT, fear_showing BIGINT, happy_showing BIGINT,
    neutral_showing BIGINT, sad_showing BIGINT, surprise_showing BIGINT
);

INSERT INTO scene_cell BY NAME
SELECT
    number,
    scene,
    count(*) FILTER (scored) AS viewers,
    -- Over viewers without a score too, for the reason given in second_cell.
    avg(attention) AS attention,
    avg(valence) AS valence,
    -- A tenth of the scale above or below the viewer's own mean over the screening: seconds wander by about that much,
    -- but the mean of a scene's seconds does so only where the scene moved the viewer.
    count(*) FILTER (valence_rise >= 0.1) AS pleased,
    count(*) FILTER (valence_rise <= -0.1) AS displeased,
    avg(angry) AS angry,
    avg(disgust) AS disgust,
    avg(fear) AS fear,
    avg(happy) AS happy,
    avg(neutral) AS neutral,
    avg(sad) AS sad,
    avg(surprise) AS surprise,
    avg(angry_rise) AS angry_rise,
    avg(disgust_rise) AS disgust_rise,
    avg(fear_rise) AS fear_rise,
    avg(happy_rise) AS happy_rise,
    avg(neutral_rise) AS neutral_rise,
    avg(sad_rise) AS sad_rise,
    avg(surprise_rise) AS surprise_rise,
    count(*) FILTER (angry_showing) AS angry_showing,
    count(*) FILTER (disgust_showing) AS disgust_showing,
    count(*) FILTER (fear_showing) AS fear_showing,
    count(*) FILTER (happy_showing) AS happy_showing,
    count(*) FILTER (neutral_showing) AS neutral_showing,
    count(*) FILTER (sad_showing) AS sad_showing,
    count(*) FILTER (surprise_showing) AS surprise_showing
FROM viewer_scene
GROUP BY number, scene;
