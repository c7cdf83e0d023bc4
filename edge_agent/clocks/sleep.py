"""How long this machine has slept, which its monotonic clock does not count."""

from __future__ import annotations

import time
from collections.abc import Callable

SleptNs = Callable[[], int]
"""Nanoseconds that the machine has slept up to now; never less than an earlier answer by more than a hair."""

SHORTEST_SLEEP_NS = 500_000_000
"""A suspended machine is away for seconds; two clocks that are read one after the other differ by far less."""
_TRIES = 3

# Linux counts a sleep in CLOCK_BOOTTIME, macOS in CLOCK_MONOTONIC; time.monotonic() counts it on neither. On Windows
# time.monotonic() itself goes on during a sleep: the reports before it are simply too old.
_COUNTS_SLEEP: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


def slept_ns() -> int:
    """Read from the system's clocks; 0 where it has none that tells."""
    if _COUNTS_SLEEP is None:
        return 0
    # A thread that is put aside between the two readings finds too little, never too much.
    return max(time.clock_gettime_ns(_COUNTS_SLEEP) - time.monotonic_ns() for _ in range(_TRIES))
