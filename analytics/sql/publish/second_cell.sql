-- One row a screening and film second, however few viewers it stands for; the emotions side by side, because rows of
-- one emotion each would be seven times as many. Filled by analytics.cells, as are the tables after it.
CREATE TEMP TABLE second_cell (
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

-- Seconds that are no longer among them, or, where `attention_only`, without their attention: analytics.withheld.
CREATE TEMP TABLE withheld_second (number INTEGER, t_ms INTEGER, attention_only BOOLEAN);
