"""What is not sent yet, in one SQLite file that outlives crashes.

In order: a message is appended in one transaction that also counts it; the oldest are handed out; they are
deleted once taken. Over its cap the file drops the oldest reactions that were never handed out (a broker may
hold the others already), and counts them. So the ledger closes at every instant: generated = published +
dropped + left.

A message whose checksum fails is not handed out but dropped, and counted like the others; a file whose structure is
damaged is refused as it is opened.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from contract import outbox_file
from contract.messages import End, Message, Reactions, Withdraw, encode
from edge_agent.errors import OutboxError, OutboxStuckError

CAP_BYTES = 64 * 1024 * 1024
"""Of message bodies: about 60 viewer-days without a broker, at some 100 bytes a second of film and viewer."""
_WAIT_S = 10.0  # for another process that reads or writes the same file
_NAME_ONCE = "INSERT INTO outbox SELECT lower(hex(randomblob(16))) WHERE NOT EXISTS (SELECT 1 FROM outbox)"
_TABLES = {"message", "session", "outbox"}
_OLDEST = "ORDER BY id LIMIT ?"
_STUCK = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = "it is damaged; move it away to keep what is in it, and give another --outbox"

log = logging.getLogger(__name__)


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
        self._seen: deque[tuple[int, float]] = deque()
        """The newest message at a moment, and the moment, for ``waits_s``."""
        self._closed = False
        with self._translated("opened"):
            if not path.exists():
                os.close(
                    os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
                )  # scores are the viewer's own business
            self._database = outbox_file.open_file(str(path), timeout=_WAIT_S, check_same_thread=False)
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
        if lost_changes := outbox_file.lost_changes(self._database, self.path):
            log.warning(outbox_file.LOST_CHANGES, self.path)
        if outbox_file.structure_is_damaged(self._database):
            raise OutboxError(f"the outbox {self.path} cannot be opened: {_DAMAGED}")
        # WAL: a committed message survives kill -9, and FULL: a power cut. An ingest may read meanwhile.
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.execute("PRAGMA secure_delete = ON")  # what was sent does not linger on the device
        outbox_file.upgrade(self._database)
        with self._transaction():
            self._database.execute(_NAME_ONCE)
            if lost_changes:
                outbox_file.rename(self._database)

    def append(self, message: Message) -> None:
        """Keep ``message`` behind all others. Once this returns no crash can lose it.

        Raises OutboxStuckError when it cannot be kept for now, and OutboxError.
        """
        samples, seq = (len(message.samples), message.seq) if isinstance(message, Reactions) else (0, 0)
        with self._translated("written"), self._transaction():
            outbox_file.count(self._database, message.session, generated=samples, seq=seq)
            outbox_file.append(self._database, message.session, samples, encode(message))
            self._keep_under_cap()

    def append_end(self, session: str, lost: int = 0) -> End:
        """Append the session's end with the counts as they stand now, and give it.

        ``lost``: samples that were made and never appended; they count as generated and dropped. Raises as ``append``.
        """
        with self._translated("written"), self._transaction():
            outbox_file.count(self._database, session, generated=lost, dropped=lost)
            ledger = self._ledger(session)
            end = End(
                session=session,
                seq=ledger.last_seq,
                generated=ledger.generated,
                dropped=ledger.dropped,
                left=ledger.left,
            )
            outbox_file.append(self._database, session, 0, encode(end))
        return end

    def withdraw(self, session: str) -> Withdraw:
        """Forget ``session``, its counts too, and append that its viewer takes it back. Raises as ``append``.

        What was handed out is forgotten as well: a store that has a withdrawal drops the rest.
        """
        message = Withdraw(session=session)
        with self._translated("written"), self._transaction():
            for table in ("message", "session"):
                self._database.execute(f"DELETE FROM {table} WHERE session = ?", (session,))  # noqa: S608 - the two above
            outbox_file.append(self._database, session, 0, encode(message))
        return message

    def pending(self, limit: int = 100) -> list[Outgoing]:
        """The oldest messages, in order. From now on they are not dropped: who asked may have sent them."""
        with self._translated("read"), self._lock:
            intact, damaged = outbox_file.read_messages(self._database, _OLDEST, limit)
            if damaged:
                with self._transaction():
                    samples = outbox_file.set_aside(self._database, damaged)
                log.warning(outbox_file.DAMAGED_MESSAGES, len(damaged), self.path, samples)
                # Once more: an end behind them counts them now.
                intact, _ = outbox_file.read_messages(self._database, _OLDEST, limit)
            self._handed_out.update(row[0] for row in intact)
        return [Outgoing(*row[:4]) for row in intact]

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

    def waits_s(self) -> float:
        """For how long the oldest message has waited, 0 when none does; as exact as this is asked often.

        By a clock of this process alone, which no file and no message holds: what lay there before counts from the
        first time of asking.
        """
        with self._translated("read"), self._lock:
            oldest, newest = self._database.execute(
                "SELECT (SELECT min(id) FROM message), (SELECT max(id) FROM message)"
            ).fetchone()
            now_s = time.monotonic()
            if oldest is None:
                self._seen.clear()
                return 0.0
            if not self._seen or self._seen[-1][0] < newest:
                self._seen.append((newest, now_s))
            while self._seen[0][0] < oldest:
                self._seen.popleft()
            return now_s - self._seen[0][1]

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
        counts = outbox_file.counts(self._database, session)
        if counts is None:
            raise OutboxError(
                f"the outbox {self.path} is damaged where it counts this session's samples: what waits in it is sent "
                "all the same, and houselights ledger will name the session"
            )
        generated, dropped, last_seq = counts
        return Ledger(generated, dropped, self.left(session), last_seq)

    def _keep_under_cap(self) -> None:
        """Drop the oldest reactions until the bodies fit; starts, ends and withdrawals are small and stay."""
        (size,) = self._database.execute("SELECT coalesce(sum(length(body)), 0) FROM message").fetchone()
        if size <= self._cap_bytes:
            return
        ids: list[int] = []
        lost: dict[str, int] = {}
        oldest = self._database.execute(
            "SELECT id, session, samples, length(body) FROM message WHERE samples > 0 ORDER BY id"
        ).fetchall()
        for number, session, samples, length in oldest:
            if size <= self._cap_bytes:
                break
            if number not in self._handed_out:
                ids.append(number)
                lost[session] = lost.get(session, 0) + samples
                size -= length
        outbox_file.drop(self._database, ids, lost)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock, outbox_file.transaction(self._database):
            yield

    @contextlib.contextmanager
    def _translated(self, doing: str) -> Iterator[None]:
        try:
            yield
        except outbox_file.FILE_ERRORS as error:
            if self._closed:
                raise OutboxError(f"the outbox {self.path} is closed") from error
            kind = OutboxStuckError if _primary(error) in _STUCK else OutboxError
            raise kind(f"the outbox {self.path} cannot be {doing}: {_reason(error)}") from error


def _primary(error: Exception) -> int | None:
    """SQLite's code without the detail."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if code is not None else None


def _reason(error: sqlite3.Error | OSError | UnicodeDecodeError) -> str:
    primary = _primary(error)
    if primary == sqlite3.SQLITE_NOTADB:
        return "it is no SQLite file; give another --outbox"
    if primary in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR} or isinstance(error, UnicodeDecodeError):
        return _DAMAGED
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
