"""A Kafka topic as a source.

Its offsets live in the store, so there is no consumer group and nothing is committed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import (
    KafkaError,
    KafkaTimeoutError,
    OffsetOutOfRangeError,
    RetriableError,
    TopicAuthorizationFailedError,
)
from kafka.net.inet import KafkaNetSocket

from contract import kafka_clients
from contract.broker_access import OPEN, BrokerAccess
from contract.broker_probe import away, reach
from contract.errors import BrokerAwayError, BrokerError
from contract.messages import TOPIC
from ingest.brokers import quieten
from ingest.errors import SourceError, one_line
from ingest.sources import Delivery, Record

MOST_RECORDS = 20_000
"""In one delivery: about 0.1 s of decoding and one transaction; the library's own 500 makes commits the
bottleneck.
"""
BOOTSTRAP_S = 10.0
"""For the first answer of a broker; one that runs answers in milliseconds, also when its machine is busy."""
RETRY_S = 5.0
STALL_S = 60.0
"""With --once: no record for so long, and the end not reached, is a broker that went away."""
LOOK_FOR_PARTITIONS_S = 60.0
ASK_S = 5.0
"""After so long without a record the broker is asked whether it is there: the library does not say when it is not."""
ANSWER_S = 2.0
"""For its answer, which takes milliseconds; while it is away there is nothing else to do than wait for one."""
LOG_APPEND_TIME = 1
"""kafka-python's ``timestamp_type`` of a record that the broker stamped."""
MISSING_S = 3.0
"""To tell a topic that is missing from one that may not be read; the broker says the second at once."""

log = logging.getLogger(__name__)


class KafkaSource:
    """All partitions of one topic, each read from the offset that the store names."""

    def __init__(
        self,
        bootstrap: str,
        topic: str = TOPIC,
        *,
        access: BrokerAccess = OPEN,
        bootstrap_s: float = BOOTSTRAP_S,
        retry_s: float = RETRY_S,
    ) -> None:
        """``bootstrap``: HOST:PORT of a broker, or several with commas between."""
        self.bootstrap = bootstrap
        self.topic = topic
        self._access = access
        self._bootstrap_s = bootstrap_s
        self._retry_s = retry_s
        self._consumer: Any = None
        self._patient = False
        self._away = False
        """That the broker is away has been told."""
        self._next: dict[int, int] = {}
        self._marks: dict[int, int] = {}
        """First offset of each partition that was not there yet at the start."""
        self._progress_s = 0.0
        self._partitions_s = 0.0
        self._answered_s = self._asked_s = 0.0
        self._oldest_s: float | None = None
        """The broker's stamp of the oldest record in the last delivery, as ``time.time``; None once nothing waits."""

    @property
    def name(self) -> str:
        """``kafka:`` and the topic: brokers come and go under one topic."""
        return f"kafka:{self.topic}"

    def open(self, patient: bool, stop: threading.Event | None = None) -> None:
        """Connects to the broker; a patient one waits for one that is away, until ``stop`` is set.

        Raises SourceError, at once when the broker's certificate or our password is not taken.
        """
        self._patient = patient
        told = stop or threading.Event()
        while not told.is_set():
            try:
                self._consumer = self._connect()
            except BrokerError as error:
                if not patient or not isinstance(error, BrokerAwayError):
                    raise SourceError(str(error)) from error
                log.warning("%s; trying again in %g s", error, self._retry_s)
                told.wait(self._retry_s)
            else:
                return

    def start(self, next_offsets: Mapping[int, int]) -> None:
        """Takes every partition by hand, and goes to the store's offsets."""
        with self._translated():
            partitions = self._connected().partitions_for_topic(self.topic) or set()
            if not partitions:
                self._say_why_nothing_is_there()
            self._assign(partitions, next_offsets)
            ends = self._connected().end_offsets([self._place(partition) for partition in partitions])
            self._marks = {place.partition: end for place, end in ends.items()}
        for partition, position in self._next.items():
            if position > self._marks.get(partition, position):
                raise SourceError(
                    f"partition {partition} of {self.topic} ends at offset {self._marks[partition]}, the "
                    "store wants "
                    f"{position}: the topic was made anew, or this is another Kafka; take a new --store "
                    "directory, or "
                    f"delete the rows of {self.name!r} from source_offset in store.duckdb (repeats are "
                    "dropped)"
                )
        self._progress_s = self._partitions_s = self._answered_s = self._asked_s = time.monotonic()

    def poll(self, timeout_s: float) -> Delivery:
        """The next records of all partitions, at most MOST_RECORDS."""
        with self._translated():
            found = self._fetch(timeout_s)
            records = [
                Record(self.name, place.partition, record.offset, record.key, record.value)
                for place, batch in found.items()
                for record in batch
            ]
            # The consumer's own position, not the last offset plus one: it steps over gaps in the log.
            moved = {
                partition: position
                for partition, before in self._next.items()
                # With 0 nobody is asked: while the broker is away that would take half a minute, and then fail.
                if (position := self._connected().position(self._place(partition), timeout_ms=0)) is not None
                and position != before
            }
            self._next |= moved
            self._note_oldest(found)
            now_s = time.monotonic()
            if moved:
                self._progress_s = now_s
            elif not self._patient and not self.at_end() and now_s - self._progress_s > STALL_S:
                raise SourceError(
                    f"nothing came from {self.bootstrap} for {STALL_S:g} s, and the end is not reached: try "
                    "again"
                )
            if now_s - self._partitions_s > LOOK_FOR_PARTITIONS_S:
                self._partitions_s = now_s
                self._look_for_partitions()
        return Delivery(records, moved)

    def _fetch(self, timeout_s: float) -> Mapping[TopicPartition, Sequence[Any]]:
        """What the broker sent; nothing while it is away, where we wait for it. Raises KafkaError."""
        try:
            found: Mapping[TopicPartition, Sequence[Any]] = self._connected().poll(
                timeout_ms=int(timeout_s * 1000), max_records=MOST_RECORDS
            )
        except RetriableError as error:
            if not self._patient:
                raise
            self._tell_away(error)
            time.sleep(timeout_s)
            return {}
        if found:
            self._answered()
        elif self._patient and time.monotonic() - max(self._answered_s, self._asked_s) > ASK_S:
            self._ask()
        return found

    def _ask(self) -> None:
        """Whether the broker is there, of which an empty poll says nothing."""
        try:
            self._connected().end_offsets(
                [self._place(partition) for partition in self._next], timeout_ms=int(ANSWER_S * 1000)
            )
        except (RetriableError, KafkaTimeoutError) as error:
            self._tell_away(error)
        else:
            self._answered()
        self._asked_s = time.monotonic()

    def _answered(self) -> None:
        if self._away:
            log.warning("the broker at %s answers again", self.bootstrap)
        self._away = False
        self._answered_s = time.monotonic()

    def _tell_away(self, error: Exception) -> None:
        if not self._away:
            log.warning("%s; trying again", away(self.bootstrap, one_line(error)))
        self._away = True

    def acknowledge(self, next_offsets: Mapping[int, int]) -> None:
        """Nothing to tell: the store's offsets are the only ones."""

    def at_end(self) -> bool:
        """Whether every partition was read up to where it ended at the start."""
        return all(self._next[partition] >= mark for partition, mark in self._marks.items())

    def lag(self) -> int | None:
        """Records that wait, by what the broker said with its last answer."""
        if self._consumer is None:
            return None
        ends = {at: self._consumer.highwater(self._place(at)) for at in self._next}
        known = {at: end for at, end in ends.items() if end is not None}
        return sum(max(0, end - self._next[at]) for at, end in known.items()) if known else None

    def waited_s(self) -> float | None:
        """How long ago the broker took the oldest record of the last delivery: its stamp against our clock.

        0 when nothing waits; it grows while records wait and none comes.
        """
        if self._consumer is None:
            return None
        return max(0.0, time.time() - self._oldest_s) if self._oldest_s is not None else 0.0

    def silent_s(self) -> float | None:
        """How long ago the broker last sent a record, or answered when asked."""
        return time.monotonic() - self._answered_s if self._consumer is not None and self._next else None

    def close(self) -> None:
        """Leaves the broker."""
        if self._consumer is not None:
            self._consumer.close()
            self._consumer = None

    def _note_oldest(self, found: Mapping[TopicPartition, Sequence[Any]]) -> None:
        # A partition is stamped in its order, so its first record is the oldest. No other clock is looked at.
        first = [record for batch in found.values() for record in batch[:1]]
        stamps = [record.timestamp / 1000 for record in first if record.timestamp_type == LOG_APPEND_TIME]
        if stamps:
            self._oldest_s = min(stamps)
        elif not self.lag():
            self._oldest_s = None

    def _connect(self) -> Any:
        """A consumer that has found its brokers. Raises BrokerError."""
        quieten()
        addresses = reach(self.bootstrap, self._access, self._bootstrap_s)
        try:
            return kafka_clients.make(
                KafkaConsumer,
                KafkaNetSocket,
                bootstrap_servers=addresses,
                bootstrap_timeout_ms=int(self._bootstrap_s * 1000),
                enable_auto_commit=False,
                group_id=None,
                auto_offset_reset="none",  # a lost offset is an error to be told, not a place to guess
                max_poll_records=MOST_RECORDS,
                metadata_max_age_ms=int(LOOK_FOR_PARTITIONS_S * 1000),
                **self._access.client_settings(),
            )
        except (KafkaError, OSError, ValueError) as error:
            raise away(self.bootstrap, one_line(error)) from error

    def _say_why_nothing_is_there(self) -> None:
        with suppress(KafkaTimeoutError):  # a right that is missing is an error of its own
            self._connected().beginning_offsets([self._place(0)], timeout_ms=int(MISSING_S * 1000))
        raise SourceError(
            f"there is no topic {self.topic} at {self.bootstrap}: "
            f"run houselights topics create --kafka {self.bootstrap}"
        )

    def _assign(self, partitions: set[int], next_offsets: Mapping[int, int]) -> None:
        consumer = self._connected()
        places = [self._place(partition) for partition in sorted(partitions)]
        consumer.assign(places)
        beginnings = consumer.beginning_offsets(places)
        for place in places:
            beginning = beginnings[place]
            wanted = next_offsets.get(place.partition, beginning)
            if wanted < beginning:
                log.warning(
                    "partition %d of %s begins at offset %d, the store wanted %d: %d records were deleted by "
                    "the topic's "
                    "retention before they were read; going on from there",
                    place.partition, self.topic, beginning, wanted, beginning - wanted,
                )  # fmt: skip
            self._next[place.partition] = max(wanted, beginning)
            consumer.seek(place, self._next[place.partition])

    def _look_for_partitions(self) -> None:
        """Takes on partitions that were added to the topic since."""
        partitions = self._connected().partitions_for_topic(self.topic) or set()
        if partitions > set(self._next):
            self._assign(partitions, dict(self._next))

    def _place(self, partition: int) -> TopicPartition:
        return TopicPartition(self.topic, partition)

    def _connected(self) -> Any:
        if self._consumer is None:
            raise SourceError(f"not connected to {self.bootstrap}")
        return self._consumer

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OffsetOutOfRangeError as error:
            raise SourceError(
                f"an offset of {self.topic} is gone while it was being read ({one_line(error)}): start "
                "ingest again, it "
                "goes on from what is there"
            ) from error
        except TopicAuthorizationFailedError as error:
            raise SourceError(
                f"{self._access.who} has no right to read {self.topic} at {self.bootstrap}: give it with houselights "
                "topics create --ingest USER, then start ingest again"
            ) from error
        except KafkaError as error:
            raise SourceError(
                f"reading {self.topic} from {self.bootstrap} failed: {one_line(error)}; nothing stored is "
                "lost, start ingest again"
            ) from error
