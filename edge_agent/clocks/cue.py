"""The film starts at a cue, as in a cinema."""

from __future__ import annotations

from edge_agent.clocks.port import Position, position

_NS_PER_MS = 1_000_000


class CueClock:
    """The film runs from one cue to its end. Before the cue there is no film."""

    def __init__(self) -> None:
        self._cue_ns: int | None = None

    def cue(self, monotonic_ns: int) -> None:
        """The film's first frame shows now; a later cue replaces an earlier one."""
        self._cue_ns = monotonic_ns

    def media_at(self, monotonic_ns: int) -> Position | None:
        """Time since the cue; None before it, and a day after it."""
        if self._cue_ns is None:
            return None
        return position((monotonic_ns - self._cue_ns) // _NS_PER_MS, 0)
