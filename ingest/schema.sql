-- The store: what ingest alone writes and reads; published figures are made from it.
-- No primary keys and no indexes: DuckDB's were seen to corrupt a file, and every write here replaces whole sets.
CREATE TABLE IF NOT EXISTS meta (schema_version INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS session (
    session VARCHAR NOT NULL,            -- 128 random bits made on the device for one screening
    screening VARCHAR NOT NULL,
    film VARCHAR NOT NULL,
    cut VARCHAR NOT NULL,
    model VARCHAR NOT NULL,
    agent_version VARCHAR NOT NULL,
    consent_version INTEGER NOT NULL,
    consent_language VARCHAR NOT NULL,
    calibration UTINYINT NOT NULL,       -- quality of the neutral baseline, percent
    simulated BOOLEAN NOT NULL,
    last_seq INTEGER NOT NULL,           -- of the last reactions stored: what came at or before it is a repeat
    generated INTEGER,                   -- samples the device made; NULL until its end message
    dropped INTEGER,                     -- samples the device dropped unsent
    left_behind INTEGER,                 -- samples ahead of the end message when the device wrote it
    ended BOOLEAN NOT NULL
);

CREATE TABLE IF NOT EXISTS reaction (
    session VARCHAR NOT NULL,
    viewer USMALLINT NOT NULL,           -- seat within the session
    pass USMALLINT NOT NULL,             -- 0 the first time this moment is seen
    t_ms INTEGER NOT NULL,               -- the window [t_ms, t_ms + d_ms) of film time
    d_ms INTEGER NOT NULL,
    n USMALLINT NOT NULL,                -- frames classified
    seen UTINYINT NOT NULL,              -- percent of sampled frames with the face found
    front UTINYINT NOT NULL,             -- percent of sampled frames with it turned to the screen
    angry UTINYINT,                      -- percent; the seven sum to 100, or are all NULL when n is 0
    disgust UTINYINT,
    fear UTINYINT,
    happy UTINYINT,
    neutral UTINYINT,
    sad UTINYINT,
    surprise UTINYINT
);

CREATE TABLE IF NOT EXISTS reject (
    source VARCHAR NOT NULL,
    partition INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    reason VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    samples INTEGER NOT NULL,            -- samples in it, 0 where that cannot be told
    session VARCHAR,                     -- whose it says it is, believed by nothing but the ledger
    body BLOB NOT NULL
);

-- Dead letters that the dead letter topic does not hold yet.
CREATE TABLE IF NOT EXISTS letter_due (
    source VARCHAR NOT NULL,
    partition INTEGER NOT NULL,
    "offset" BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS source_offset (
    source VARCHAR NOT NULL,
    partition INTEGER NOT NULL,
    next_offset BIGINT NOT NULL
);

-- Sessions taken back, and nothing of them but their random names: what of theirs is still under way is dropped.
CREATE TABLE IF NOT EXISTS withdrawn (session VARCHAR NOT NULL);

-- A row while the file may still hold bytes of sessions taken back: a DELETE leaves them in free blocks.
CREATE TABLE IF NOT EXISTS purge_due (session VARCHAR NOT NULL);
