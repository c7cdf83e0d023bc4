"""An outbox file as a source: no broker between a device and the store on the same machine."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from ingest.errors import SourceError
from ingest.sources import Delivery, Record

MOST_MESSAGES = 2_000
"""In one delivery: about 2 MB, and one transaction of the store."""
BUSY_S = 10.0
"""How long to wait while the device writes; it writes for milliseconds."""
_LOOK_AGAIN_S = 0.2


class OutboxSource:
    """The messages of one outbox file, oldest first; deleted once they are stored.

    A crash between the store's commit and the deletion leaves messages that are already stored: the next
    ``start`` names the offset to go on from, and what lies before it is deleted unread.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
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
            self._connection = sqlite3.connect(
                f"{self.path.resolve().as_uri()}?mode=rw", uri=True, timeout=BUSY_S, isolation_level=None
            )
            found = self._connection.execute("SELECT id FROM outbox").fetchone()
        except sqlite3.Error as error:
            self.close()
            raise SourceError(
                f"{self.path} is no outbox: {error}; name the file given to --outbox"
            ) from error
        if found is None:
            self.close()
            raise SourceError(
                f"{self.path} is an outbox without an id: start the agent that owns it once more"
            )
        self._name = f"outbox:{found[0]}"

    def start(self, next_offsets: Mapping[int, int]) -> None:
        """Goes to the first message that the store does not have."""
        self._next = next_offsets.get(0, 0)
        self.acknowledge(next_offsets)
        try:
            self._mark = self._open().execute("SELECT coalesce(max(id), 0) + 1 FROM message").fetchone()[0]
        except sqlite3.Error as error:
            raise self._trouble("read", error) from error

    def poll(self, timeout_s: float) -> Delivery:
        """The next messages, at most MOST_MESSAGES."""
        until = time.monotonic() + timeout_s
        while True:
            try:
                found = (
                    self._open()
                    .execute(
                        "SELECT id, session, body FROM message WHERE id >= ? ORDER BY id LIMIT ?",
                        (self._next, MOST_MESSAGES),
                    )
                    .fetchall()
                )
            except sqlite3.Error as error:
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
            Record(self._name, 0, number, session.encode(), bytes(body)) for number, session, body in found
        ]
        return Delivery(records, {0: self._next})

    def acknowledge(self, next_offsets: Mapping[int, int]) -> None:
        """Deletes what is stored, in one short transaction: the device may be waiting to write."""
        if 0 not in next_offsets:
            return
        try:
            self._open().execute("DELETE FROM message WHERE id < ?", (next_offsets[0],))
        except sqlite3.Error as error:
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
        except sqlite3.Error as error:
            raise self._trouble("read", error) from error
        return int(found[0])

    def close(self) -> None:
        """Closes the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise SourceError(f"the outbox {self.path} is not open")
        return self._connection

    def _trouble(self, verb: str, error: sqlite3.Error) -> SourceError:
        return SourceError(
            f"cannot {verb} the outbox {self.path}: {error}; nothing stored is lost, start ingest again"
        )


def samples_in_outbox(path: str | Path) -> dict[str, int]:
    """Samples of each session still in an outbox file. Raises SourceError when it cannot be read."""
    path = Path(path)
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_S)
        try:
            found = connection.execute(
                "SELECT session, sum(samples) FROM message GROUP BY session"
            ).fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise SourceError(f"cannot read the outbox {path}: {error}") from error
    return {session: int(samples) for session, samples in found}
