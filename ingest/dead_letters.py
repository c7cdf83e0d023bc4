"""Dead letters: records that could not be taken, with the reason.

They lie in the store's table ``reject``, written in the transaction that moves the offsets past them. From there

- they are forwarded to the dead letter topic, at least once each, whenever a broker is there (``forward``);
- they are replayed once what was wrong is mended, a screening that was missing for example (``replay``): rows in and
  dead letters out in one transaction.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

import duckdb

from ingest.batch import plan_replay
from ingest.sources import Record
from ingest.store import Store
from ingest.store_file import translated
from ingest.validate import Admission

MOST_FORWARDED = 1_000
"""At a time, so that forwarding a flood keeps ingest from its topic for a moment only, and in 128 MB at most."""
MOST_BYTES = 4_000_000
"""At a time: what a broker takes well within its time limit, also when it is busy."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that was refused. ``samples``: how many it holds, 0 where that cannot be told."""

    source: str
    partition: int
    offset: int
    reason: str
    detail: str
    samples: int
    session: str | None
    body: bytes


class DeadLetterTopic(Protocol):
    """Takes dead letters. Adapter: ``kafka_dead_letters``."""

    def send(self, letters: Sequence[DeadLetter]) -> None:
        """Returns once all of them are held by the broker. Raises TopicError when they are not."""

    def close(self) -> None:
        """Lets go of the connection; a second call does nothing."""


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """Dead letters looked at, taken in, and still dead; ``samples`` are those taken in."""

    looked_at: int
    taken: int
    left: int
    samples: int


def find(
    store: duckdb.DuckDBPyConnection, *, reason: str | None = None, session: str | None = None
) -> list[DeadLetter]:
    """The dead letters of a store, oldest first."""
    found = store.execute(
        """
        SELECT source, partition, "offset", reason, detail, samples, session, body
        FROM reject
        WHERE ($reason IS NULL OR reason = $reason) AND ($session IS NULL OR session = $session)
        ORDER BY source, partition, "offset"
        """,
        {"reason": reason, "session": session},
    ).fetchall()
    return [DeadLetter(*row) for row in found]


def forward(store: Store, topic: DeadLetterTopic) -> int:
    """Send what the dead letter topic does not hold yet, at most MOST_FORWARDED; how many were sent.

    A crash between the sending and the note of it sends them again: their headers tell two copies of one. Raises
    TopicError, and they are kept for the next time.
    """
    due = store.letters_due(MOST_FORWARDED)
    if due:
        letters = _as_much_as_fits([DeadLetter(*row) for row in due])
        topic.send(letters)
        store.letters_sent([(one.source, one.partition, one.offset) for one in letters])
        return len(letters)
    return 0


def _as_much_as_fits(letters: Sequence[DeadLetter]) -> Sequence[DeadLetter]:
    """The first of ``letters``, and those behind it that are MOST_BYTES with it."""
    size = list(accumulate(len(letter.body) for letter in letters))
    return letters[: max(1, bisect_right(size, MOST_BYTES))]


def replay(store: Store, screenings: Mapping[str, Admission], *, reason: str | None = None) -> ReplayReport:
    """Take in the dead letters that are sound by now, against the catalogue as it is now."""
    with translated(store.path):
        letters = find(store.connection, reason=reason)
    sessions = {one.session for one in letters if one.session is not None}
    records = [
        # The key is not kept: a record whose key was wrong says so in its reason, and stays what it is.
        Record(one.source, one.partition, one.offset, (one.session or "").encode(), one.body)
        for one in letters
        if one.reason != "wrong_key"
    ]
    batch, taken = plan_replay(records, screenings, store.last_seqs(sessions), store.withdrawn(sessions))
    store.take_replayed(
        batch, [(records[at].source, records[at].partition, records[at].offset) for at in taken]
    )
    return ReplayReport(len(letters), len(taken), len(letters) - len(taken), len(batch.rows))
