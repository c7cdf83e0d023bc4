"""Records that are there to be read again and again, and an ingest of them that ends at a known place.

``python -m tests.chaos.replay SOURCE STORE DELIVERIES`` takes so many deliveries from ``list``, or from the outbox file
SOURCE, and dies as of kill -9 before it looks at the next.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from contract import outbox_file
from contract.messages import Message, Reactions, encode
from ingest.outbox_source import OutboxSource
from ingest.service import run
from ingest.sources import Delivery, Record, RecordSource
from tests.chaos.world import whole_session

REPOSITORY = Path(__file__).parents[2]
SESSIONS = 20
MESSAGES_EACH = 60
SENT = {f"{number:032x}": MESSAGES_EACH * 5 for number in range(1, SESSIONS + 1)}
"""Samples by session."""
JUNK = b"no JSON"


def messages() -> Iterator[Message]:
    """All sessions side by side, as they would come from a hall."""
    for row in zip(*(whole_session(session, MESSAGES_EACH) for session in SENT), strict=True):
        yield from row


class ListSource:
    """A topic of one partition that forgets nothing: every message, and some that are none."""

    name = "kafka:list"

    def __init__(self, each: int = 100, most: int | None = None) -> None:
        """``each``: records in a delivery. ``most``: so many are there yet."""
        self._each = each
        bodies = [(message.session.encode(), encode(message)) for message in messages()]
        bodies[50:50] = [(b"", JUNK)] * 5
        self._records = [
            Record(self.name, 0, offset, key, body) for offset, (key, body) in enumerate(bodies[:most])
        ]
        self._next = 0

    def open(self, patient: bool, stop: threading.Event | None = None) -> None: ...

    def start(self, next_offsets: Mapping[int, int]) -> None:
        self._next = next_offsets.get(0, 0)

    def poll(self, timeout_s: float) -> Delivery:
        del timeout_s
        found = self._records[self._next : self._next + self._each]
        self._next += len(found)
        return Delivery(found, {0: self._next} if found else {})

    def acknowledge(self, next_offsets: Mapping[int, int]) -> None: ...

    def at_end(self) -> bool:
        return self._next >= len(self._records)

    def lag(self) -> int | None:
        return len(self._records) - self._next

    def silent_s(self) -> float | None:
        return None

    def waited_s(self) -> float | None:
        return None

    def close(self) -> None: ...


class Mortal:
    """A source that ends its own process when it is asked for more than ``deliveries``."""

    def __init__(self, source: RecordSource, deliveries: int) -> None:
        self._source = source
        self._left = deliveries

    @property
    def name(self) -> str:
        return self._source.name

    def open(self, patient: bool, stop: threading.Event | None = None) -> None:
        self._source.open(patient, stop)

    def start(self, next_offsets: Mapping[int, int]) -> None:
        self._source.start(next_offsets)

    def poll(self, timeout_s: float) -> Delivery:
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1
        return self._source.poll(timeout_s)

    def acknowledge(self, next_offsets: Mapping[int, int]) -> None:
        self._source.acknowledge(next_offsets)

    def at_end(self) -> bool:
        return False

    def lag(self) -> int | None:
        return self._source.lag()

    def silent_s(self) -> float | None:
        return None

    def waited_s(self) -> float | None:
        return self._source.waited_s()

    def close(self) -> None:
        self._source.close()


def write_outbox(path: Path, found: Iterable[Message]) -> dict[str, int]:
    """An outbox file as a device leaves it, in one write; the samples in it by session."""
    sent: dict[str, int] = {}
    database = outbox_file.open_file(str(path), timeout=10)
    outbox_file.upgrade(database)
    with outbox_file.transaction(database):
        database.execute("INSERT INTO outbox VALUES ('')")
        outbox_file.rename(database)
        for message in found:
            samples, seq = (len(message.samples), message.seq) if isinstance(message, Reactions) else (0, 0)
            outbox_file.count(database, message.session, generated=samples, seq=seq)
            outbox_file.append(database, message.session, samples, encode(message))
            sent[message.session] = sent.get(message.session, 0) + samples
    database.close()
    return sent


def killed_ingest(source: str | Path, store: Path, deliveries: int) -> None:
    """Run this module's command to its violent end."""
    words: Sequence[str] = (
        sys.executable,
        "-m",
        "tests.chaos.replay",
        str(source),
        str(store),
        str(deliveries),
    )
    ended = subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=600)
    if ended.returncode != -signal.SIGKILL:
        raise RuntimeError(f"{words} did not die: {ended.returncode} {ended.stderr[-2000:]}")


if __name__ == "__main__":
    named, into, most = sys.argv[1:]
    run(Mortal(ListSource() if named == "list" else OutboxSource(named), int(most)), into, once=True)
