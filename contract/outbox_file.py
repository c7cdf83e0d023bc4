"""The outbox file: the one SQLite file a device keeps, and ingest can read where there is no broker.

It stands in the contract because two packages that may not import each other share it: its tables, the checksums of
its rows, and how a message leaves it unsent, so that a session's ledger still closes.

A message is deleted once the broker, or an ingest that reads this file, has taken it. Every function here wants a
connection in autocommit mode; those that change rows want it inside ``transaction``.
"""

from __future__ import annotations

import secrets
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from contract.errors import MessageError
from contract.messages import End, Message, Reactions, decode, encode
from contract.outbox_log import log_is_damaged

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- order of appending; never used twice, so it serves as an offset
    session TEXT NOT NULL,                 -- the record's key
    samples INTEGER NOT NULL,              -- samples in the message, for the ledger
    body BLOB NOT NULL,                    -- the message as it is sent, JSON of contract.messages
    crc INTEGER                            -- message_crc; NULL is unchecked: an older version wrote it
) STRICT;
CREATE TABLE IF NOT EXISTS session (
    session TEXT PRIMARY KEY,
    generated INTEGER NOT NULL DEFAULT 0,  -- samples appended, and those that could not be
    dropped INTEGER NOT NULL DEFAULT 0,    -- samples lost unsent: over the cap, for want of space, or damaged
    last_seq INTEGER NOT NULL DEFAULT 0,
    crc INTEGER                            -- counts_crc; NULL is unchecked, -1 were found damaged
) STRICT;
CREATE TABLE IF NOT EXISTS outbox (
    id TEXT NOT NULL                       -- one row: 128 random bits, this file's name as a source
) STRICT;
CREATE TABLE IF NOT EXISTS taken (
    next INTEGER NOT NULL                  -- one row at most: the first id that no ingest has taken
) STRICT;
"""
FILE_ERRORS = (sqlite3.Error, OSError, UnicodeDecodeError)
"""What reading or writing the file raises; the last where SQLite quotes a schema in which a bit flipped."""
LOST_CHANGES = (
    "the newest changes of the outbox %s cannot be read, and what only they held is gone: its -wal file is damaged, "
    "or a full disk or a power failure cut it off"
)
"""To be logged, with the path."""
DAMAGED_MESSAGES = (
    "%d messages of the outbox %s were damaged on the disk: %d samples are lost, and count as dropped"
)
"""To be logged, with what ``set_aside`` was given and gave."""
_COLUMNS = {
    "message": "id, session, samples, body, crc",
    "session": "session, generated, dropped, last_seq, crc",
    "outbox": "id",
    "taken": "next",
}
_DAMAGED = -1  # no CRC-32 is below 0

Row = tuple[int, str, int, bytes, int | None]
"""A message: id, session, samples, body, crc. Where a bit flipped, the types may be others."""


def open_file(file: str, *, timeout: float, check_same_thread: bool = True) -> sqlite3.Connection:
    """A connection whose transactions are ours; ``file``: a path or a URI. Raises sqlite3.Error."""
    database = sqlite3.connect(
        file,
        uri=file.startswith("file:"),
        timeout=timeout,
        isolation_level=None,
        check_same_thread=check_same_thread,
    )
    # A flipped bit can leave no UTF-8. The row's checksum tells, and the other rows are still to be read.
    database.text_factory = lambda text: text.decode(errors="replace")
    return database


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, and the write lock from the start: two writers wait for one another."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:  # a COMMIT for which there is no space leaves it open
            database.execute("ROLLBACK")
        raise


def upgrade(database: sqlite3.Connection) -> None:
    """Make what is missing of the tables; a file of a version without checksums goes on with what it holds."""
    database.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
    with transaction(database):
        for table in ("message", "session"):
            if not _has_checksums(database, table):
                database.execute(f"ALTER TABLE {table} ADD COLUMN crc INTEGER")


def lost_changes(database: sqlite3.Connection, path: Path) -> bool:
    """Whether the newest changes of the file at ``path`` cannot be read. To be asked before anything is written."""
    with transaction(database):  # nobody else writes into the log meanwhile
        return log_is_damaged(path)


def rename(database: sqlite3.Connection) -> str:
    """Give the file a new name as a source, and return it: an ingest then reads all of it, and drops what it has.

    For a file of which some changes are gone: it may give an id a second time.
    """
    name = secrets.token_hex(16)
    database.execute("UPDATE outbox SET id = ?", (name,))
    database.execute("DELETE FROM taken")
    return name


def structure_is_damaged(database: sqlite3.Connection) -> bool:
    """Whether SQLite finds its own pages damaged: rows could be missing, or be there twice. Reads the whole file."""
    try:
        (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
            return True
        raise
    return bool(found != "ok")


def salvaged(database: sqlite3.Connection) -> sqlite3.Connection:
    """A copy in memory of the rows that can still be read in a file whose structure is damaged."""
    copy = open_file(":memory:", timeout=0)
    upgrade(copy)
    for table, columns in _COLUMNS.items():
        chosen = columns if _has_checksums(database, table) else columns.replace("crc", "NULL")
        rows: dict[Row, None] = {}
        # A damaged page ends a search; the rows behind it are found from the other side.
        for order in ("ASC", "DESC"):
            with suppress(*FILE_ERRORS):
                for row in database.execute(f"SELECT {chosen} FROM {table} ORDER BY rowid {order}"):  # noqa: S608
                    rows[row] = None
        for row in rows:
            if table != "message" or _is_intact(row):
                with suppress(sqlite3.Error):  # a second row of a key, or a word where a number was
                    marks = ", ".join("?" * len(row))
                    copy.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", row)  # noqa: S608
    return copy


def read_messages(
    database: sqlite3.Connection, chosen: str = "", *values: int | str
) -> tuple[list[Row], list[Row]]:
    """Messages, and apart from them those that are damaged. ``chosen``: SQL from WHERE on, filled with ``values``."""
    columns = _COLUMNS["message"]
    if not _has_checksums(database, "message"):
        columns = columns.replace("crc", "NULL")
    intact: list[Row] = []
    damaged: list[Row] = []
    for row in database.execute(f"SELECT {columns} FROM message {chosen}", values):  # noqa: S608
        (intact if _is_intact(row) else damaged).append(row)
    return intact, damaged


def append(database: sqlite3.Connection, session: str, samples: int, body: bytes) -> None:
    """Add a message behind all others."""
    # Not AUTOINCREMENT alone: a bit that flips in its counter must not make an ingest take new ids for old ones.
    ((number,),) = database.execute(
        """
        SELECT 1 + max(
            coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = 'message'), 0),
            coalesce((SELECT max(id) FROM message), 0),
            coalesce((SELECT max(next) - 1 FROM taken), 0)
        )
        """
    )
    database.execute(
        "INSERT INTO message (id, session, samples, body, crc) VALUES (?, ?, ?, ?, ?)",
        (number, session, samples, body, message_crc(number, session, samples, body)),
    )


def counts(database: sqlite3.Connection, session: str) -> tuple[int, int, int] | None:
    """Generated, dropped and last_seq of ``session``, all 0 when it is not known; None when they are damaged."""
    row = database.execute(
        "SELECT generated, dropped, last_seq, crc FROM session WHERE session = ?", (session,)
    ).fetchone()
    if row is None:
        return 0, 0, 0
    generated, dropped, last_seq, crc = row
    if crc is not None and crc != counts_crc(session, generated, dropped, last_seq):
        return None
    return generated, dropped, last_seq


def count(
    database: sqlite3.Connection, session: str, *, generated: int = 0, dropped: int = 0, seq: int = 0
) -> None:
    """Add to the counts of ``session``; ``seq`` of its newest reactions. Damaged ones stay damaged."""
    before = counts(database, session)
    if before is None:
        database.execute("UPDATE session SET crc = ? WHERE session = ?", (_DAMAGED, session))
        return
    now = (before[0] + generated, before[1] + dropped, max(before[2], seq))
    database.execute(
        """
        INSERT INTO session (session, generated, dropped, last_seq, crc) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (session) DO UPDATE SET
            generated = excluded.generated, dropped = excluded.dropped, last_seq = excluded.last_seq,
            crc = excluded.crc
        """,
        (session, *now, counts_crc(session, *now)),
    )


def take(database: sqlite3.Connection, until: int) -> None:
    """Delete the messages ahead of id ``until``: an ingest has stored them."""
    database.execute("DELETE FROM message WHERE id < ?", (until,))
    if database.execute("UPDATE taken SET next = max(next, ?)", (until,)).rowcount == 0:
        database.execute("INSERT INTO taken VALUES (?)", (until,))


def drop(database: sqlite3.Connection, ids: Sequence[int], lost: Mapping[str, int]) -> None:
    """Delete messages that nobody has taken; ``lost``: samples in them, by session."""
    database.executemany("DELETE FROM message WHERE id = ?", [(number,) for number in ids])
    for session, samples in lost.items():
        if _knows(database, session):
            count(database, session, dropped=samples)
            _correct_end(database, session, samples)


def set_aside(database: sqlite3.Connection, damaged: Sequence[Row]) -> int:
    """Drop damaged messages, as far as can be told whose they are; how many samples were in them."""
    lost: dict[str, int] = {}
    for row in damaged:
        session, samples = _best_guess(database, row)
        lost[session] = lost.get(session, 0) + samples
    drop(database, [row[0] for row in damaged], lost)
    return sum(lost.values())


def message_crc(number: int, session: str, samples: int, body: bytes) -> int:
    """CRC-32 of id, session and samples, each with a blank behind it, and the body."""
    return zlib.crc32(body, zlib.crc32(f"{number} {session} {samples} ".encode()))


def counts_crc(session: str, generated: int, dropped: int, last_seq: int) -> int:
    """CRC-32 of the four, with blanks between."""
    return zlib.crc32(f"{session} {generated} {dropped} {last_seq}".encode())


def _is_intact(row: tuple[Any, ...]) -> bool:
    number, session, samples, body, crc = row
    if not (isinstance(session, str) and isinstance(samples, int) and isinstance(body, bytes)):
        return False
    return crc is None or crc == message_crc(number, session, samples, body)


def _best_guess(database: sqlite3.Connection, row: tuple[Any, ...]) -> tuple[str, int]:
    """Whose a damaged message was, and its samples: of what the row and the body say, what this file can confirm."""
    _, session, samples, body, _ = row
    message = _decoded(body)
    if message is not None and not _knows(database, session):
        session = message.session
    if isinstance(message, Reactions):
        samples = len(message.samples)
    return session, samples if isinstance(samples, int) else 0


def _correct_end(database: sqlite3.Connection, session: str, samples: int) -> None:
    """An end that waits behind dropped reactions says so, or the session's ledger would not close."""
    intact, _ = read_messages(database, "WHERE session = ? AND samples = 0", session)
    for number, _, _, body, _ in intact:
        end = _decoded(body)
        if isinstance(end, End):
            true = encode(
                msgspec.structs.replace(end, dropped=end.dropped + samples, left=max(0, end.left - samples))
            )
            database.execute(
                "UPDATE message SET body = ?, crc = ? WHERE id = ?",
                (true, message_crc(number, session, 0, true), number),
            )


def _decoded(body: object) -> Message | None:
    try:
        return decode(body) if isinstance(body, bytes) else None
    except MessageError:
        return None


def _knows(database: sqlite3.Connection, session: str) -> bool:
    return database.execute("SELECT 1 FROM session WHERE session = ?", (session,)).fetchone() is not None


def _has_checksums(database: sqlite3.Connection, table: str) -> bool:
    found = database.execute("SELECT 1 FROM pragma_table_info(?) WHERE name = 'crc'", (table,)).fetchone()
    return found is not None
