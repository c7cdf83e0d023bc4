"""Where records come from: one protocol, one adapter a library (``kafka_source``, ``outbox_source``)."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from msgspec import Struct


class Record(Struct, frozen=True, gc=False):
    """One record as it came, not looked into yet. A struct, for a screening makes hundreds of thousands of them."""

    source: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """Records in the order of each partition, and the offset to go on from once they are stored.

    ``next_offsets`` can move on without records: a log has gaps where the broker keeps marks of its own.
    """

    records: Sequence[Record]
    next_offsets: Mapping[int, int]


class RecordSource(Protocol):
    """A stream of records that can be read again from any offset.

    Calls come in this order: ``open``, then ``poll`` and, after the store's commit, ``acknowledge``, again
    and again, then ``close``, which may come at any time and twice.
    """

    @property
    def name(self) -> str:
        """Names this stream in the store, the same at each start; known once it is open."""

    def open(self, patient: bool, stop: threading.Event | None = None) -> None:
        """Connects.

        ``patient`` waits, until ``stop`` is set, for a broker that is down; else that is a SourceError.
        """

    def start(self, next_offsets: Mapping[int, int]) -> None:
        """Goes to what the store wants next; a partition that is not named starts at its beginning."""

    def poll(self, timeout_s: float) -> Delivery:
        """What came, waiting at most ``timeout_s`` for the first of it.

        Raises SourceError when reading fails.
        """

    def acknowledge(self, next_offsets: Mapping[int, int]) -> None:
        """Told after the store's commit: everything before these offsets is stored."""

    def at_end(self) -> bool:
        """Whether everything that was there when it started has been polled."""

    def lag(self) -> int | None:
        """Records that wait, as far as is known without asking anybody; None when it is not known."""

    def waited_s(self) -> float | None:
        """How long the oldest record of the last delivery had waited; 0 when nothing waits, None when not known."""

    def silent_s(self) -> float | None:
        """How long ago the source last answered, as far as it was asked; None where nothing has to answer."""

    def close(self) -> None:
        """Lets go of the connection."""
