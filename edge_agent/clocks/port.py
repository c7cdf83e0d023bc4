"""What every clock answers. Nothing is sampled unless a clock says that the film plays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from contract.messages import LAST_FILM_MS

MOST_PASSES = 1000
"""The contract counts no further."""


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


def position(film_ms: float, pass_: int) -> Position | None:
    """That moment, if the contract has a place for it."""
    if 0 <= film_ms < LAST_FILM_MS and pass_ <= MOST_PASSES:
        return Position(math.floor(film_ms), pass_)
    return None
