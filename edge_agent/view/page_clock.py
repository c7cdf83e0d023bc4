"""From the page's clock to this machine's monotonic one. Pure.

The server asks the page for its time: the answer was true at some instant between the question and its arrival. Each
answer so bounds how far the two clocks are apart, and the bounds of several narrow one another (Marzullo's
intersection). When they no longer overlap one of the clocks has jumped, as after a sleep, and only the newest counts.
"""

from __future__ import annotations

from collections import deque

_NS_PER_MS = 1_000_000
_KEPT = 30
"""Answers: a minute's worth. Two clocks of one machine drift apart by less than a tenth of a millisecond in it."""


class PageClock:
    """How ``performance.now()`` of one page relates to ``time.monotonic_ns()``."""

    def __init__(self) -> None:
        self._bounds: deque[tuple[int, int]] = deque(maxlen=_KEPT)
        """Least and most of monotonic less page time, ns."""

    def answer(self, asked_ns: int, page_ms: float, came_ns: int) -> None:
        """The page said ``page_ms`` at an instant in [``asked_ns``, ``came_ns``]."""
        page_ns = round(page_ms * _NS_PER_MS)
        least, most = asked_ns - page_ns, came_ns - page_ns
        if any(least > other_most or most < other_least for other_least, other_most in self._bounds):
            self._bounds.clear()
        self._bounds.append((least, most))

    @property
    def within_ms(self) -> float | None:
        """How wrong ``monotonic_ns`` may be; None before the first answer."""
        if not self._bounds:
            return None
        least, most = self._between()
        return (most - least) / 2 / _NS_PER_MS

    def monotonic_ns(self, page_ms: float) -> int | None:
        """The instant of ``page_ms``; None before the first answer."""
        if not self._bounds:
            return None
        return round(page_ms * _NS_PER_MS) + sum(self._between()) // 2

    def _between(self) -> tuple[int, int]:
        return max(least for least, _ in self._bounds), min(most for _, most in self._bounds)
