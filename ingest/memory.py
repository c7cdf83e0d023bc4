"""How much memory DuckDB may hold: little while records are taken in, more for what reads the whole store.

DuckDB keeps every page of the store's file that it read or wrote, until its limit makes it let go of the oldest. With
its own limit, 80% of the machine, an ingest grows with its store for as long as it runs. What a publish makes and does
not fit the limit is written beside the store, into ``store.duckdb.tmp``, and read back, which takes longer.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

TAKING_IN_MB = 64
"""Takes in batches of 20,000 records as fast as no limit does, and is soon full: memory no longer grows then."""
PUBLISH_MB = 1024
"""A publish of a million windows at a time takes 300; a screening of more is computed at once."""
_FOR_A_BATCH = 8
"""Times its bytes: a batch is there as columns, in the transaction's own rows and in those being written."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What DuckDB may hold, megabytes."""

    taking_in_mb: int = TAKING_IN_MB
    publish_mb: int = PUBLISH_MB
    """While publishing and purging; given back after it."""


DEFAULTS = Memory()


class MemoryLimit:
    """The limit of the connection that ``connected`` gives, which may be another one after a while.

    Without a ``memory`` it is DuckDB's own, for a command that is soon done.
    """

    def __init__(self, memory: Memory | None, connected: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._memory = memory
        self._allowed_mb = memory.taking_in_mb if memory else 0
        self._connected = connected

    def hold(self) -> None:
        """Back to what taking in may use."""
        # Where a page is still in use, or the connection is lost, the next call or the next connection mends it.
        with suppress(duckdb.Error):
            if self._memory is not None:
                self._set(self._memory.taking_in_mb)

    @contextmanager
    def for_all(self) -> Iterator[None]:
        """Room for a publish or a purge, and for reading dead letters: DuckDB holds 2,048 of them at a time."""
        with self._room(self._memory.publish_mb if self._memory else 0):
            yield

    @contextmanager
    def for_batch(self, batch_bytes: int) -> Iterator[None]:
        """Room for a batch of so many bytes: a flood must not end ingest."""
        with self._room(_FOR_A_BATCH * batch_bytes // 1_000_000):
            yield

    @contextmanager
    def _room(self, wanted_mb: int) -> Iterator[None]:
        if self._memory is None or wanted_mb <= self._allowed_mb:
            yield
            return
        self._set(wanted_mb)
        try:
            yield
        finally:
            self.hold()

    def _set(self, limit_mb: int) -> None:
        self._allowed_mb = limit_mb
        self._connected().execute(f"SET memory_limit = '{limit_mb}MB'")


def forget_spilled(store_file: Path) -> None:
    """Remove what a process that was killed had written aside: it holds per-viewer rows. Raises OSError."""
    with suppress(FileNotFoundError):
        shutil.rmtree(store_file.with_name(f"{store_file.name}.tmp"))
