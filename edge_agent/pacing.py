"""How fast a file is played: as life goes, or as fast as this machine can."""

from __future__ import annotations

import time
from typing import Protocol


class Pacing(Protocol):
    """A monotonic clock that can be waited on."""

    def now_ns(self) -> int:
        """Nanoseconds since some fixed instant; never goes back."""
        ...

    def wait_until(self, instant_ns: int) -> None:
        """Return once ``now_ns()`` has reached ``instant_ns``; at once if it has already."""
        ...


class RealTime:
    """The machine's own monotonic clock."""

    def now_ns(self) -> int:
        """``time.monotonic_ns()``."""
        return time.monotonic_ns()

    def wait_until(self, instant_ns: int) -> None:
        """Sleep until then."""
        while (left_ns := instant_ns - time.monotonic_ns()) > 0:
            time.sleep(left_ns / 1e9)


class AsFastAsItGoes:
    """A clock that nobody has to wait for: it jumps to the instant that is waited for."""

    def __init__(self, start_ns: int = 0) -> None:
        self._now_ns = start_ns

    def now_ns(self) -> int:
        """The latest instant that anybody waited for."""
        return self._now_ns

    def wait_until(self, instant_ns: int) -> None:
        """Be there already."""
        self._now_ns = max(self._now_ns, instant_ns)
