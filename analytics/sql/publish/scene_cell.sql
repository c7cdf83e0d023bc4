-- One row a screening and scene, however few viewers it stands for.
CREATE TEMP TABLE scene_cell (
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

-- How many viewers went from one strongest emotion to another between neighbouring scenes, however few.
CREATE TEMP TABLE scene_step_cell (
    number INTEGER,
    scene INTEGER,
    emotion VARCHAR,
    next_emotion VARCHAR,
    viewers BIGINT
);

-- 95% intervals of the means, drawn over viewers: analytics.intervals.
CREATE TEMP TABLE scene_interval (number INTEGER, scene INTEGER, measure VARCHAR, low DOUBLE, high DOUBLE);
