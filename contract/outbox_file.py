"""The outbox file: the one SQLite file a device keeps, and ingest can read where there is no broker.

It stands in the contract because two packages that may not import each other share it.
"""

from __future__ import annotations

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- order of appending; never used twice, so it serves as an offset
    session TEXT NOT NULL,                 -- the record's key
    samples INTEGER NOT NULL,              -- samples in the message, for the ledger
    body BLOB NOT NULL                     -- the message as it is sent, JSON of contract.messages
) STRICT;
CREATE TABLE IF NOT EXISTS session (
    session TEXT PRIMARY KEY,
    generated INTEGER NOT NULL DEFAULT 0,  -- samples appended
    dropped INTEGER NOT NULL DEFAULT 0,    -- samples removed unsent, to keep the file under its cap
    last_seq INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS outbox (
    id TEXT NOT NULL                       -- one row: 128 random bits, this file's name as a source
) STRICT;
"""
"""A message is deleted once the broker, or an ingest that reads this file, has taken it."""
