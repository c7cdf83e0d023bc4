"""Where the film is. Nothing is sampled unless a clock says that it plays."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Protocol

from contract.messages import LAST_FILM_MS

_NS_PER_MS = 1_000_000


@dataclass(frozen=True)
class Position:
    """A moment of the film: milliseconds of the cut, and how often this moment was seen before."""

    film_ms: int
    pass_: int = 0


class PlaybackClock(Protocol):
    """Translates instants of the device's monotonic clock, the one that stamps frames, to film time."""

    def media_at(self, monotonic_ns: int) -> Position | None:
        """The film's position at that instant; None when it did not play or when that is not known."""
        ...


class CueClock:
    """The film runs from one cue to its end, as in a cinema. Before the cue there is no film."""

    def __init__(self) -> None:
        self._cue_ns: int | None = None

    def cue(self, monotonic_ns: int) -> None:
        """The film's first frame shows now; a later cue replaces an earlier one."""
        self._cue_ns = monotonic_ns

    def media_at(self, monotonic_ns: int) -> Position | None:
        """Time since the cue; None before it, and a day after it."""
        if self._cue_ns is None:
            return None
        return _position(monotonic_ns - self._cue_ns, 0)


class FileClock:
    """Footage that began with the film: its time is the film's. Each further round is a rewatch."""

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
        return _position(monotonic_ns - self._round_starts_ns[begun - 1], begun - 1)


def _position(elapsed_ns: int, pass_: int) -> Position | None:
    film_ms = elapsed_ns // _NS_PER_MS
    return Position(film_ms, pass_) if 0 <= film_ms < LAST_FILM_MS else None
