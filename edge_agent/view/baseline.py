"""The quiet seconds before the film: how well can this viewer be read? Pure."""

from __future__ import annotations


class Baseline:
    """Looks at a viewer at rest, over ``seconds``. Only ``quality`` ever leaves the device."""

    def __init__(self, seconds: float) -> None:
        self._length_ns = round(seconds * 1e9)
        self._start_ns: int | None = None
        self._last_ns = 0
        self._looks = 0
        self._good = 0

    def look(self, captured_ns: int, *, readable: bool) -> None:
        """At an instant of the monotonic clock; ``readable``: a face large enough, turned to the screen, was found."""
        if self._start_ns is None:
            self._start_ns = captured_ns
        self._last_ns = captured_ns
        self._looks += 1
        self._good += readable

    @property
    def left_s(self) -> float:
        """Seconds to go."""
        if self._start_ns is None:
            return self._length_ns / 1e9
        return max(0.0, (self._start_ns + self._length_ns - self._last_ns) / 1e9)

    @property
    def done(self) -> bool:
        """Whether all seconds are over."""
        return self._start_ns is not None and self.left_s == 0

    @property
    def quality(self) -> int:
        """Percent of the looks in which the viewer could be read; 0 where there was no look."""
        return round(100 * self._good / self._looks) if self._looks else 0
