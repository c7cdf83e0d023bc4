"""The ingest run: poll, check, store, acknowledge, publish, until told to stop.

1. ``poll`` the source.
2. ``plan`` what its records do, against the catalogue as it is now.
3. ``Store.write``: rows, dead letters and offsets in one transaction.
4. ``acknowledge``: an outbox forgets what is stored.
5. ``forward``: dead letters go to their topic, when there is one.
6. Publish, at most every few seconds; before it, what was taken back is purged from the file, and after it, the
   ledger is left beside the store.

A crash before 3 reads the same records again; between 3 and 4 the store's offset skips them; before 5 the next run
forwards them, and may do so twice; before 6 it publishes them.
"""

from __future__ import annotations

import gc
import logging
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from types import FrameType
from typing import Any

from analytics.catalogue import Catalogue
from analytics.errors import PublishStoppedError
from analytics.publish import PublishReport
from analytics.taken_over import SETTLED_AT_ONCE
from ingest.batch import plan
from ingest.dead_letters import DeadLetterTopic, forward
from ingest.errors import TopicError
from ingest.ledger import ledgers, write_ledger
from ingest.memory import DEFAULTS, Memory
from ingest.operations import Operations
from ingest.rate import SessionRate
from ingest.reject_log import RejectLog
from ingest.sources import Delivery, RecordSource
from ingest.store import Store
from ingest.store_file import translated
from ingest.validate import Admission

PUBLISH_EVERY_S = 5.0
"""A page that refreshes itself need not be newer; a publish of a long screening takes a second or two."""
POLL_S = 0.5
"""Longest wait for records: how late a stop or a publish can be."""
FORWARD_EVERY_S = 1.0
FORWARD_AGAIN_S = 30.0
"""After a dead letter topic that took nothing: the letters are kept, and what it says is told once in a while."""
STOP_PUBLISH_S = 2.0
"""A publish that takes longer is left to the next run when ingest is told to stop: a supervisor waits five seconds."""
SMALLEST_REST = 3
"""A publish that took a second is followed by three without one: ingest must keep up with the broker."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class IngestReport:
    """What one run did. ``stored`` counts samples; ``records``, ``rejected`` and ``resent`` count records."""

    records: int = 0
    stored: int = 0
    rejected: int = 0
    resent: int = 0
    forwarded: int = 0
    published: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For a script."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def run(
    source: RecordSource,
    store_dir: str | Path,
    *,
    once: bool = False,
    publish_every_s: float = PUBLISH_EVERY_S,
    stop: threading.Event | None = None,
    progress: Callable[[IngestReport], None] | None = None,
    dead_letters: DeadLetterTopic | None = None,
    operations: Operations | None = None,
    memory: Memory = DEFAULTS,
    settled_at_once: int = SETTLED_AT_ONCE,
) -> IngestReport:
    """Takes records into the store until stopped.

    With ``once``, until all that was there at the start is stored. Stops cleanly on SIGTERM and SIGINT when
    called in the main thread, and when ``stop`` is set. ``progress`` is told after each batch. Without
    ``dead_letters`` they stay in the store alone; a topic that takes none for a while keeps nothing else back.
    ``memory``: what DuckDB may hold. ``settled_at_once``: windows of the screenings that one publish holds against
    chance, until there is an end to wait for. Raises
    IngestError when records cannot be read or stored, AnalyticsError when the catalogue cannot be read or the
    figures cannot be published; what was committed before stays.
    """
    told = stop or threading.Event()
    with Store(store_dir, memory) as store, _stopped_by_signals(told), _rare_collections():
        # With `once` there is an end to wait for, and a backlog is taken in faster without publishes between.
        every_s = math.inf if once else publish_every_s
        loop = _Loop(
            source,
            store,
            Catalogue(store_dir),
            every_s,
            settled_at_once,
            dead_letters,
            operations or Operations(),
            told,
        )
        try:
            source.open(patient=not once, stop=told)
            if not told.is_set():
                loop.begin()
            while not told.is_set() and not (once and source.at_end()):
                if loop.step() and progress is not None:
                    progress(loop.report)
            loop.end(hurried=told.is_set())
        finally:
            source.close()
            if dead_letters is not None:
                dead_letters.close()
    return loop.report


def publish_store(store_dir: str | Path) -> PublishReport:
    """Publishes a store that no ingest holds; a running one publishes by itself."""
    with Store(store_dir) as store:
        return store.publish(anew=True)


def admissions(catalogue: Catalogue) -> dict[str, Admission]:
    """Who may come to which screening, as the catalogue says now. Raises CatalogueError."""
    screenings = catalogue.screenings()
    duration_ms = {
        (cut.film, cut.id): cut.duration_ms
        for film in {screening.film for screening in screenings}
        for cut in catalogue.cuts(film)
    }
    return {
        one.id: Admission(
            one.film,
            one.cut,
            one.open,
            catalogue.join_key(one.id),
            duration_ms.get((one.film, one.cut)),
            one.randomised,
        )
        for one in screenings
    }


class _Loop:
    def __init__(
        self,
        source: RecordSource,
        store: Store,
        catalogue: Catalogue,
        publish_every_s: float,
        settled_at_once: int,
        dead_letters: DeadLetterTopic | None,
        operations: Operations,
        told: threading.Event,
    ) -> None:
        self.report = IngestReport()
        self._source = source
        self._store = store
        self._catalogue = catalogue
        self._publish_every_s = publish_every_s
        self._settled_at_once = settled_at_once
        self._dead_letters = dead_letters
        self._forward_after = 0.0
        self._operations = operations
        self._told = told
        self._publish_took_s = 0.0
        self._offsets: dict[int, int] = {}
        self._screenings: dict[str, Admission] = {}
        self._rate = SessionRate()
        self._reject_log = RejectLog()
        self._stamp: object = None
        self._published_stamp: object = None
        self._unpublished = True
        """Also at the start: the run before may have ended between a commit and its publish."""
        # The first at once, so that a page has something to read; none before the end where there is an end.
        self._publish_after = time.monotonic() if math.isfinite(publish_every_s) else math.inf

    def begin(self) -> None:
        self._offsets = self._store.offsets(self._source.name)
        self._source.start(self._offsets)

    def step(self) -> bool:
        """One delivery; whether it held anything."""
        # Dead letters that wait to be sent on do not wait for records, nor records for all of them.
        waiting = self._dead_letters is not None and time.monotonic() >= self._forward_after
        delivery = self._source.poll(0.0 if waiting else POLL_S)
        self._operations.looked(self._source.lag(), self._source.waited_s(), self._source.silent_s())
        self._reject_log.look()
        self._look_at_catalogue()
        if delivery.next_offsets:
            self._take(delivery)
        if time.monotonic() >= self._forward_after:
            self.forward()
        if time.monotonic() >= self._publish_after:
            self.publish()
        return bool(delivery.records)

    def end(self, hurried: bool) -> None:
        """Leaves nothing undone that fits; who was told to stop has to within seconds, and the next run goes on."""
        self._reject_log.close()
        while self.forward() and not hurried:
            pass
        until = time.monotonic() + STOP_PUBLISH_S
        if not hurried:
            self.publish(whole=True)
        elif self._publish_took_s < STOP_PUBLISH_S:
            self.publish(lambda: time.monotonic() > until)

    def forward(self) -> int:
        """Sends dead letters on, and how many; after a failure, which is told, not again for a while."""
        if self._dead_letters is None:
            return 0
        try:
            sent = forward(self._store, self._dead_letters)
        except TopicError as error:
            log.warning("%s", error)
            self._forward_after = time.monotonic() + FORWARD_AGAIN_S
            return 0
        self.report.forwarded += sent
        self._operations.forwarded(sent)
        if sent == 0:
            self._forward_after = time.monotonic() + FORWARD_EVERY_S
        return sent

    def publish(self, stopped: Callable[[], bool] | None = None, *, whole: bool = False) -> None:
        """Publishes when something is new (reactions, the catalogue) or waits to be held against chance.

        ``whole``: nothing is left waiting. What is stopped is left to the next run.
        """
        self._look_at_catalogue()
        if not self._unpublished and self._published_stamp == self._stamp:
            return
        began = time.monotonic()
        self._store.purge()
        try:
            published = self._store.publish(
                settled_at_once=None if whole else self._settled_at_once,
                stopped=stopped or self._told.is_set,
            )
        except PublishStoppedError as error:
            log.info("%s", error)
            return
        with translated(self._store.path):
            found = ledgers(self._store.connection)
        write_ledger(self._store.folder, found)
        took_s = self._publish_took_s = time.monotonic() - began
        self._operations.published(took_s)
        self._unpublished, self._published_stamp = published.waiting > 0, self._stamp
        self._publish_after = time.monotonic() + max(self._publish_every_s, SMALLEST_REST * took_s)
        self.report.published += 1

    def _take(self, delivery: Delivery) -> None:
        # The key of a record that is accepted is its session; what other keys say is of no use here.
        sessions = {(record.key or b"").decode("ascii", errors="replace") for record in delivery.records}
        shown = {
            session: self._screenings[screening]
            for session, screening in self._store.screenings_of(sessions).items()
            if screening in self._screenings
        }
        batch = plan(
            delivery.records,
            self._screenings,
            self._store.last_seqs(sessions),
            self._store.withdrawn(sessions),
            shown=shown,
            rate=self._rate,
        )
        began = time.monotonic()
        new_letters = self._store.write(batch, self._source.name, self._offsets, delivery.next_offsets)
        self._operations.stored(batch, time.monotonic() - began)
        self._offsets |= delivery.next_offsets
        self._source.acknowledge(delivery.next_offsets)
        self._unpublished = True
        self.report.records += len(delivery.records)
        self.report.stored += len(batch.rows)
        self.report.rejected += new_letters
        self.report.resent += batch.resent + len(batch.rejected) - new_letters
        self._reject_log.add(batch.rejected)

    def _look_at_catalogue(self) -> None:
        stamp = self._catalogue.stamp()
        if stamp != self._stamp:
            self._screenings = admissions(self._catalogue)
            self._stamp = stamp


@contextmanager
def _rare_collections() -> Iterator[None]:
    """A delivery makes hundreds of thousands of objects and no circle of them: looking for one took a seventh."""
    before = gc.get_threshold()
    gc.set_threshold(100 * before[0], *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _stopped_by_signals(told: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT end the run after the batch in hand; only the main thread can be told so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(signal_number: int, frame: FrameType | None) -> None:
        del signal_number, frame
        told.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
