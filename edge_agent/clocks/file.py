"""Recorded footage of viewers that began with the film."""

from __future__ import annotations

from bisect import bisect_right

from edge_agent.clocks.port import Position, position

_NS_PER_MS = 1_000_000


class FileClock:
    """The footage's time is the film's. Each further round is a rewatch."""

    def __init__(self) -> None:
        self._round_starts_ns: list[int] = []

    def begin_round(self, monotonic_ns: int) -> None:
        """The footage starts (again) at this instant, later than any before. Its source calls this."""
        self._round_starts_ns.append(monotonic_ns)

    def media_at(self, monotonic_ns: int) -> Position | None:
        """Time since the footage last started; None before it first did."""
        begun = bisect_right(self._round_starts_ns, monotonic_ns)
        if begun == 0:
            return None
        return position((monotonic_ns - self._round_starts_ns[begun - 1]) // _NS_PER_MS, begun - 1)
