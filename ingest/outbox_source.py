"""An outbox file as a source: no broker between a device and the store on the same machine."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from contract import outbox_file
from contract.outbox_file import Row
from ingest.errors import SourceError
from ingest.sources import Delivery, Record

MOST_MESSAGES = 2_000
"""In one delivery: about 2 MB, and one transaction of the store."""
BUSY_S = 10.0
"""How long to wait while the device writes; it writes for milliseconds."""
_LOOK_AGAIN_S = 0.2
_STANDS = """
SELECT
    coalesce((SELECT max(next) FROM taken), 1),
    1 + max(
        coalesce((SELECT max(id) FROM message), 0),
        coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = 'message'), 0)
    )
"""
"""The first id that no ingest has taken, and the first that is not there yet."""

log = logging.getLogger(__name__)


class OutboxSource:
    """The messages of one outbox file, oldest first; deleted once they are stored.

    A crash between the store's commit and the deletion leaves messages that are already stored: the next
    ``start`` names the offset to go on from, and what lies before it is deleted unread.

    A message whose checksum fails is not given on but dropped, and counted as such where its session's end will say so.
    """

    def __init__(self, path: str | Path, *, busy_s: float = BUSY_S) -> None:
        self.path = Path(path)
        self._busy_s = busy_s
        self._connection: sqlite3.Connection | None = None
        self._name = ""
        self._next = 0
        self._mark = 0
        """First id that was not there yet at the start."""

    @property
    def name(self) -> str:
        """``outbox:`` and the file's own id, so a moved file is still the same source."""
        return self._name

    def open(self, patient: bool, stop: threading.Event | None = None) -> None:
        """Opens the file; there is nothing to be patient about, for a file is there or not."""
        del patient, stop
        if not self.path.is_file():
            raise SourceError(
                f"no outbox at {self.path}: check the path, or let houselights agent run --outbox make it"
            )
        try:
            self._connection = outbox_file.open_file(
                f"{self.path.resolve().as_uri()}?mode=rw", timeout=self._busy_s
            )
            self._name = self._first_look()
        except outbox_file.FILE_ERRORS as error:
            self.close()
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code == sqlite3.SQLITE_CORRUPT or isinstance(error, UnicodeDecodeError):
                raise SourceError(
                    f"the outbox {self.path} is damaged where it says what is in it, and nothing can be read: {error}"
                ) from error
            if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}:
                raise SourceError(
                    f"{self.path} is no outbox: {error}; name the file given to --outbox"
                ) from error
            raise self._trouble("open", error) from error
        except SourceError:
            self.close()
            raise

    def start(self, next_offsets: Mapping[int, int]) -> None:
        """Goes to the first message that the store does not have.

        What another store took, or this one lost since, is told. Raises SourceError when the outbox stands before the
        store: it is a copy of earlier days, or damaged.
        """
        self._next = next_offsets.get(0, 1)
        try:
            taken, after = self._open().execute(_STANDS).fetchone()
            if self._next > after:
                self._name_anew()
        except outbox_file.FILE_ERRORS as error:
            raise self._trouble("read", error) from error
        if self._next > after:
            raise SourceError(
                f"the outbox {self.path} gave messages up to {after - 1}, the store holds some up to {self._next - 1}: "
                "it is an older copy, or damaged; start ingest again, and all of it is read anew (repeats are dropped)"
            )
        if self._next < taken:
            log.warning(
                "messages %d to %d of the outbox %s were taken from it, and this store does not hold them: they went "
                "into another one, or this one lost its newest changes; houselights ledger names the sessions",
                self._next, taken - 1, self.path,
            )  # fmt: skip
        self.acknowledge(next_offsets)
        self._mark = after

    def poll(self, timeout_s: float) -> Delivery:
        """The next messages, at most MOST_MESSAGES."""
        until = time.monotonic() + timeout_s
        while True:
            try:
                found = self._intact()
            except outbox_file.FILE_ERRORS as error:
                raise self._trouble("read", error) from error
            left_s = until - time.monotonic()
            if found or left_s <= 0:
                break
            time.sleep(min(_LOOK_AGAIN_S, left_s))
        if not found:
            # The device may have dropped the last of what was there: nothing is left to wait for.
            self._next = max(self._next, self._mark)
            return Delivery([], {})
        self._next = found[-1][0] + 1
        records = [
            Record(self._name, 0, number, session.encode(), body) for number, session, _, body, _ in found
        ]
        return Delivery(records, {0: self._next})

    def acknowledge(self, next_offsets: Mapping[int, int]) -> None:
        """Deletes what is stored, in one short transaction: the device may be waiting to write."""
        if 0 not in next_offsets:
            return
        try:
            with outbox_file.transaction(self._open()):
                outbox_file.take(self._open(), next_offsets[0])
        except outbox_file.FILE_ERRORS as error:
            raise self._trouble("delete from", error) from error

    def at_end(self) -> bool:
        """Whether every message that was there at the start was polled, or dropped by the device."""
        return self._next >= self._mark

    def lag(self) -> int | None:
        """Messages that wait."""
        try:
            found = (
                self._open().execute("SELECT count(*) FROM message WHERE id >= ?", (self._next,)).fetchone()
            )
        except outbox_file.FILE_ERRORS as error:
            raise self._trouble("read", error) from error
        return int(found[0])

    def waited_s(self) -> float | None:
        """Not known: no message in an outbox says when it was made."""
        return None

    def silent_s(self) -> float | None:
        """A file has nobody who answers."""
        return None

    def close(self) -> None:
        """Closes the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _intact(self) -> list[Row]:
        chosen = ("WHERE id >= ? ORDER BY id LIMIT ?", self._next, MOST_MESSAGES)
        intact, damaged = outbox_file.read_messages(self._open(), *chosen)
        if damaged:
            with outbox_file.transaction(self._open()):
                samples = outbox_file.set_aside(self._open(), damaged)
            log.warning(outbox_file.DAMAGED_MESSAGES, len(damaged), self.path, samples)
            # Once more: an end behind them counts them now.
            intact, _ = outbox_file.read_messages(self._open(), *chosen)
        return intact

    def _first_look(self) -> str:
        """The name of an outbox that can be read. Raises SourceError, FILE_ERRORS."""
        database = self._open()
        if lost_changes := outbox_file.lost_changes(database, self.path):
            log.warning(outbox_file.LOST_CHANGES, self.path)
        if outbox_file.structure_is_damaged(database):
            database = self._salvage()
        found = database.execute("SELECT id FROM outbox").fetchone()
        if found is None:
            raise SourceError(
                f"{self.path} is an outbox without an id: start the agent that owns it once more"
            )
        outbox_file.upgrade(database)
        return self._name_anew() if lost_changes else f"outbox:{found[0]}"

    def _salvage(self) -> sqlite3.Connection:
        """Goes on with a copy of what can be read: to write into a damaged file may cost the rest of it."""
        copy = outbox_file.salvaged(self._open())
        self.close()
        self._connection = copy
        (count,) = copy.execute("SELECT count(*) FROM message").fetchone()
        log.warning(
            "the outbox %s is damaged: %d messages in it can be read and are taken; it is left as it is, and "
            "houselights ledger names the sessions that lack some",
            self.path, count,
        )  # fmt: skip
        return copy

    def _name_anew(self) -> str:
        with outbox_file.transaction(self._open()):
            return f"outbox:{outbox_file.rename(self._open())}"

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise SourceError(f"the outbox {self.path} is not open")
        return self._connection

    def _trouble(self, verb: str, error: Exception) -> SourceError:
        return SourceError(
            f"cannot {verb} the outbox {self.path}: {error}; nothing stored is lost, start ingest again"
        )


def samples_in_outbox(path: str | Path) -> dict[str, int]:
    """Samples of each session still in an outbox file. Raises SourceError when it cannot be read."""
    path = Path(path)
    found: dict[str, int] = {}
    try:
        connection = outbox_file.open_file(f"{path.resolve().as_uri()}?mode=ro", timeout=BUSY_S)
        try:
            intact, damaged = outbox_file.read_messages(connection)
        finally:
            connection.close()
    except outbox_file.FILE_ERRORS as error:
        raise SourceError(f"cannot read the outbox {path}: {error}") from error
    if damaged:
        log.warning("%d messages of the outbox %s are damaged, and are not counted", len(damaged), path)
    for _, session, samples, _, _ in intact:
        found[session] = found.get(session, 0) + samples
    return found
