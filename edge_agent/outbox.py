"""What is not sent yet, in one SQLite file that outlives crashes.

In order: a message is appended in one transaction that also counts it; the oldest are handed out; they are
deleted once taken. Over its cap the file drops the oldest reactions that were never handed out (a broker may
hold the others already), and counts them. So the ledger closes at every instant: generated = published +
dropped + left.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from contract.messages import End, Message, Reactions, decode, encode
from contract.outbox_file import SCHEMA
from edge_agent.errors import OutboxError

CAP_BYTES = 64 * 1024 * 1024
"""Of message bodies: about 60 viewer-days without a broker, at some 100 bytes a second of film and viewer."""
_WAIT_S = 10.0  # for another process that reads or writes the same file
_NAME_ONCE = "INSERT INTO outbox SELECT lower(hex(randomblob(16))) WHERE NOT EXISTS (SELECT 1 FROM outbox);"
_TABLES = {"message", "session", "outbox"}


@dataclass(frozen=True)
class Outgoing:
    """A message that waits. id: its place in the order. body: the record's value as it is sent."""

    id: int
    session: str
    samples: int
    body: bytes


@dataclass(frozen=True)
class Ledger:
    """Counts of one session's samples. last_seq: of its reactions, 0 before the first."""

    generated: int
    dropped: int
    left: int
    last_seq: int

    @property
    def published(self) -> int:
        """Taken by a broker, or by an ingest that read the file."""
        return self.generated - self.dropped - self.left


class Outbox:
    """Safe to use from several threads, and from several processes."""

    def __init__(self, path: Path, *, cap_bytes: int = CAP_BYTES) -> None:
        """Open ``path``, or make it. Raises OutboxError when it is something else or cannot be written."""
        self.path = path
        self._cap_bytes = cap_bytes
        self._lock = threading.RLock()
        self._handed_out: set[int] = set()
        self._closed = False
        with self._translated("opened"):
            if not path.exists():
                os.close(
                    os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
                )  # scores are the viewer's own business
            self._database = sqlite3.connect(
                path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare()
            except BaseException:
                self._database.close()
                raise

    def _prepare(self) -> None:
        tables = {
            name for (name,) in self._database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        }
        if tables - {"sqlite_sequence"} and not tables >= _TABLES:
            raise OutboxError(
                f"{self.path} is another program's database, not an outbox; give another --outbox"
            )
        # WAL: a committed message survives kill -9, and FULL: a power cut. An ingest may read meanwhile.
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.execute("PRAGMA secure_delete = ON")  # what was sent does not linger on the device
        self._database.executescript(f"BEGIN IMMEDIATE; {SCHEMA} {_NAME_ONCE} COMMIT;")

    def append(self, message: Message) -> None:
        """Keep ``message`` behind all others. Once this returns no crash can lose it. Raises OutboxError."""
        samples, seq = (len(message.samples), message.seq) if isinstance(message, Reactions) else (0, 0)
        with self._translated("written"), self._transaction():
            self._database.execute(
                "INSERT INTO session (session, generated, last_seq) VALUES (?, ?, ?) "
                "ON CONFLICT (session) "
                "DO UPDATE SET generated = generated + excluded.generated, last_seq = max(last_seq, excluded.last_seq)",
                (message.session, samples, seq),
            )
            self._database.execute(
                "INSERT INTO message (session, samples, body) VALUES (?, ?, ?)",
                (message.session, samples, encode(message)),
            )
            self._keep_under_cap()

    def append_end(self, session: str) -> End:
        """Append the session's end with the counts as they stand now, and give it."""
        with self._translated("written"), self._transaction():
            ledger = self._ledger(session)
            end = End(
                session=session,
                seq=ledger.last_seq,
                generated=ledger.generated,
                dropped=ledger.dropped,
                left=ledger.left,
            )
            self._database.execute(
                "INSERT INTO message (session, samples, body) VALUES (?, 0, ?)", (session, encode(end))
            )
        return end

    def pending(self, limit: int = 100) -> list[Outgoing]:
        """The oldest messages, in order. From now on they are not dropped: who asked may have sent them."""
        with self._translated("read"), self._lock:
            rows = self._database.execute(
                "SELECT id, session, samples, body FROM message ORDER BY id LIMIT ?", (limit,)
            ).fetchall()
            self._handed_out.update(row[0] for row in rows)
        return [Outgoing(*row) for row in rows]

    def ack(self, ids: Sequence[int]) -> None:
        """Delete messages that were taken."""
        with self._translated("written"), self._transaction():
            self._database.executemany("DELETE FROM message WHERE id = ?", [(one,) for one in ids])
        self._handed_out.difference_update(ids)

    def left(self, session: str | None = None) -> int:
        """Samples that wait: of one session, or of all."""
        with self._translated("read"), self._lock:
            (samples,) = self._database.execute(
                "SELECT coalesce(sum(samples), 0) FROM message WHERE ?1 IS NULL OR session = ?1", (session,)
            ).fetchone()
        return int(samples)

    def waiting(self) -> int:
        """Messages that wait."""
        with self._translated("read"), self._lock:
            return int(self._database.execute("SELECT count(*) FROM message").fetchone()[0])

    def ledger(self, session: str) -> Ledger:
        """The counts of ``session``; all zero when the outbox does not know it."""
        with self._translated("read"), self._transaction():
            return self._ledger(session)

    def close(self) -> None:
        """Close the file; a second call does nothing. Every other call then raises OutboxError."""
        with self._lock:
            self._closed = True
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ledger(self, session: str) -> Ledger:
        row = self._database.execute(
            "SELECT generated, dropped, last_seq FROM session WHERE session = ?", (session,)
        ).fetchone()
        generated, dropped, last_seq = row or (0, 0, 0)
        return Ledger(generated, dropped, self.left(session), last_seq)

    def _keep_under_cap(self) -> None:
        """Drop the oldest reactions until the bodies fit; starts, ends and withdrawals are small and stay."""
        (size,) = self._database.execute("SELECT coalesce(sum(length(body)), 0) FROM message").fetchone()
        if size <= self._cap_bytes:
            return
        lost: dict[str, int] = {}
        oldest = self._database.execute(
            "SELECT id, session, samples, length(body) FROM message WHERE samples > 0 ORDER BY id"
        ).fetchall()
        for number, session, samples, length in oldest:
            if size <= self._cap_bytes:
                break
            if number not in self._handed_out:
                self._database.execute("DELETE FROM message WHERE id = ?", (number,))
                lost[session] = lost.get(session, 0) + samples
                size -= length
        for session, samples in lost.items():
            self._database.execute(
                "UPDATE session SET dropped = dropped + ? WHERE session = ?", (samples, session)
            )
            self._correct_end(session, samples)

    def _correct_end(self, session: str, samples: int) -> None:
        """An end that waits behind dropped reactions says so, or the session's ledger would not close."""
        rows = self._database.execute(
            "SELECT id, body FROM message WHERE session = ? AND samples = 0", (session,)
        ).fetchall()
        for number, body in rows:
            end = decode(body)
            if isinstance(end, End):
                true = msgspec.structs.replace(
                    end, dropped=end.dropped + samples, left=max(0, end.left - samples)
                )
                self._database.execute("UPDATE message SET body = ? WHERE id = ?", (encode(true), number))

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing, and the write lock from the start: two writers wait for one another."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    @contextlib.contextmanager
    def _translated(self, doing: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if self._closed:
                raise OutboxError(f"the outbox {self.path} is closed") from error
            raise OutboxError(f"the outbox {self.path} cannot be {doing}: {_reason(error)}") from error


def _reason(error: sqlite3.Error | OSError) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    if primary == sqlite3.SQLITE_NOTADB:
        return "it is no SQLite file; give another --outbox"
    if primary == sqlite3.SQLITE_CORRUPT:
        return "it is damaged; move it away to keep what is in it, and give another --outbox"
    if primary == sqlite3.SQLITE_FULL:
        return "the disk is full; free some space, or give --outbox on another disk"
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return f"another program has held it for {_WAIT_S:g} seconds; end that one, or give another --outbox"
    if primary in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}:
        return "it is read only; give --outbox in a folder you may write to"
    if primary == sqlite3.SQLITE_IOERR:
        return f"the disk failed or is full ({error}); give --outbox on another disk"
    text = error.strerror if isinstance(error, OSError) else str(error)
    return f"{text}; give --outbox in a folder that exists and that you may write to"
