"""The file that a device and an ingest share: its checksums, its older form, and what a damaged one still gives."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract import outbox_file
from contract.messages import End, Reactions, Sample, Start, decode, encode
from contract.outbox_log import log_is_damaged

ONE, OTHER = "1" * 32, "2" * 32
OLDER_SCHEMA = """
CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL, samples INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE TABLE session (
    session TEXT PRIMARY KEY, generated INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0,
    last_seq INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE outbox (id TEXT NOT NULL) STRICT;
INSERT INTO outbox VALUES ('old');
"""


def start(session: str = ONE) -> Start:
    return Start(session, "s", "f", "c", 1, "en", "0", "m", 0)


def reactions(seq: int, samples: int = 2, session: str = ONE) -> Reactions:
    return Reactions(session, seq, [Sample(seq * 1000, 1000, 0, 0, 0, 0, 0)] * samples)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "viewer.outbox"


@pytest.fixture
def database(path: Path) -> Iterator[sqlite3.Connection]:
    opened = outbox_file.open_file(str(path), timeout=1)
    outbox_file.upgrade(opened)
    opened.execute("INSERT INTO outbox VALUES ('name')")
    yield opened
    opened.close()


def append(database: sqlite3.Connection, *messages: Start | Reactions | End) -> None:
    for message in messages:
        samples, seq = (len(message.samples), message.seq) if isinstance(message, Reactions) else (0, 0)
        with outbox_file.transaction(database):
            outbox_file.count(database, message.session, generated=samples, seq=seq)
            outbox_file.append(database, message.session, samples, encode(message))


def test_the_checksums_are_those_that_files_hold_already() -> None:
    assert outbox_file.message_crc(7, ONE, 2, b'{"type": "reactions"}') == 434435779
    assert outbox_file.counts_crc(ONE, 10, 2, 5) == 196316817


@pytest.mark.parametrize(
    "damage",
    [
        "body = CAST(replace(body, '1000', '5000') AS BLOB)",
        "body = x'00'",
        "samples = 3",
        f"session = '{OTHER}'",
        "id = 9",
        "crc = crc + 1",
    ],
)
def test_a_changed_message_is_told_apart(database: sqlite3.Connection, damage: str) -> None:
    append(database, start(), reactions(1), reactions(2))
    database.execute(f"UPDATE message SET {damage} WHERE id = 2")
    intact, (damaged,) = outbox_file.read_messages(database)
    assert [row[0] for row in intact] == [1, 3]
    assert damaged[0] == (9 if damage == "id = 9" else 2)


@pytest.mark.parametrize("damage", ["body = x'00'", "samples = 3", f"session = '{OTHER}'", "crc = crc + 1"])
def test_what_is_set_aside_is_counted_for_its_session(database: sqlite3.Connection, damage: str) -> None:
    append(database, start(), reactions(1), reactions(2), End(ONE, 2, 4, 0, 4))
    database.execute(f"UPDATE message SET {damage} WHERE id = 2")
    _, damaged = outbox_file.read_messages(database)
    with outbox_file.transaction(database):
        assert outbox_file.set_aside(database, damaged) == 2
    assert outbox_file.counts(database, ONE) == (4, 2, 2)
    assert outbox_file.counts(database, OTHER) == (0, 0, 0)
    intact, damaged = outbox_file.read_messages(database)
    assert damaged == []
    assert decode(intact[-1][3]) == End(ONE, 2, 4, 2, 2)


def test_damaged_counts_stay_damaged(database: sqlite3.Connection) -> None:
    append(database, reactions(1))
    database.execute("UPDATE session SET generated = 3")
    assert outbox_file.counts(database, ONE) is None
    append(database, reactions(2))
    assert outbox_file.counts(database, ONE) is None
    assert len(outbox_file.read_messages(database)[0]) == 2


def test_a_file_without_checksums_is_read_and_goes_on_with_them(path: Path) -> None:
    old = sqlite3.connect(path)
    old.executescript(OLDER_SCHEMA)
    old.execute("INSERT INTO message (session, samples, body) VALUES (?, 0, ?)", (ONE, encode(start())))
    old.execute("INSERT INTO session VALUES (?, 6, 1, 3)", (ONE,))
    old.commit()
    old.close()
    database = outbox_file.open_file(str(path), timeout=1)
    assert [row[4] for row in outbox_file.read_messages(database)[0]] == [None]
    for _ in range(2):
        outbox_file.upgrade(database)
    append(database, reactions(4))
    intact, damaged = outbox_file.read_messages(database)
    assert ([row[4] is None for row in intact], damaged) == ([True, False], [])
    assert outbox_file.counts(database, ONE) == (8, 1, 4)
    database.close()


def test_an_id_is_not_given_twice_though_the_counter_went_back(database: sqlite3.Connection) -> None:
    append(database, *(reactions(seq) for seq in range(1, 6)))
    with outbox_file.transaction(database):
        outbox_file.take(database, 6)
    database.execute("UPDATE sqlite_sequence SET seq = 1")
    append(database, reactions(6))
    assert [row[0] for row in outbox_file.read_messages(database)[0]] == [6]


def test_a_word_that_is_no_utf_8_hides_no_other_row(database: sqlite3.Connection) -> None:
    append(database, reactions(1), reactions(2))
    database.execute("UPDATE message SET session = CAST(x'ff31' AS TEXT) WHERE id = 1")
    intact, damaged = outbox_file.read_messages(database)
    assert ([row[0] for row in intact], [row[0] for row in damaged]) == ([2], [1])


def test_a_full_disk_at_the_commit_leaves_the_connection_usable(database: sqlite3.Connection) -> None:
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages}")  # SQLite then says that the disk is full
    with pytest.raises(sqlite3.OperationalError, match="full"):
        append(database, reactions(1, 600))
    assert not database.in_transaction
    database.execute("PRAGMA max_page_count = 1000000")
    append(database, reactions(1, 600))
    assert outbox_file.counts(database, ONE) == (600, 0, 1)


def test_of_a_damaged_structure_everything_but_one_page_is_saved(
    path: Path, database: sqlite3.Connection
) -> None:
    append(database, *(reactions(seq, 20) for seq in range(1, 201)))
    assert not outbox_file.structure_is_damaged(database)
    database.close()
    content = bytearray(path.read_bytes())
    # A leaf of the table of messages begins with 13; one in the middle becomes nothing that SQLite knows.
    leaves = [page for page in range(4096, len(content), 4096) if content[page] == 13]
    content[leaves[len(leaves) // 2]] ^= 4
    path.write_bytes(content)
    damaged = outbox_file.open_file(str(path), timeout=1)
    assert outbox_file.structure_is_damaged(damaged)
    copy = outbox_file.salvaged(damaged)
    damaged.close()
    kept, _ = outbox_file.read_messages(copy)
    assert 180 < len(kept) < 200
    assert {row[0] for row in kept} >= {1, 200}
    assert outbox_file.counts(copy, ONE) == (4000, 0, 200)
    copy.close()
    assert path.read_bytes() == content


KILLED = """
import os, signal, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA journal_mode = WAL")
database.execute("CREATE TABLE message (body BLOB)")
for number in range(20):
    database.execute("INSERT INTO message VALUES (zeroblob(1000))")
if sys.argv[2] == "anew":  # a log that begins again, in front of what is left of its first round
    database.execute("PRAGMA wal_checkpoint(RESTART)")
    database.execute("INSERT INTO message VALUES (zeroblob(1000))")
os.kill(os.getpid(), signal.SIGKILL)
"""


def log_of_a_crash(path: Path, how: str = "once") -> Path:
    subprocess.run([sys.executable, "-c", KILLED, str(path), how], check=False)
    return path.with_name(f"{path.name}-wal")


@pytest.mark.parametrize("how", ["once", "anew"])
def test_the_log_of_a_crash_is_whole(path: Path, how: str) -> None:
    log = log_of_a_crash(path, how)
    assert log.stat().st_size > 0
    assert not log_is_damaged(path)
    log.write_bytes(log.read_bytes()[:-100])  # a write that was under way
    assert not log_is_damaged(path)
    log.unlink()
    assert not log_is_damaged(path)


@pytest.mark.parametrize("how", ["once", "anew"])
def test_a_bit_that_flipped_in_the_log_is_found_where_sqlite_would_lose_a_row(path: Path, how: str) -> None:
    log = log_of_a_crash(path, how)
    whole = {file: file.read_bytes() for file in (path, log)}
    tried = path.with_name("tried")
    rows = 21 if how == "anew" else 20
    missed, found = [], 0
    for bit in range(3, 8 * len(whole[log]), 8 * 997 + 1):
        content = bytearray(whole[log])
        content[bit // 8] ^= 1 << bit % 8
        tried.write_bytes(whole[path])
        tried.with_name("tried-wal").write_bytes(content)
        told = log_is_damaged(tried)
        database = sqlite3.connect(tried)
        try:
            (kept,) = database.execute("SELECT count(*) FROM message").fetchone()
        except sqlite3.OperationalError:  # not even the table
            kept = 0
        database.close()
        found += told
        if kept < rows and not told:
            missed.append(bit)
    assert found > 0
    assert missed == []
