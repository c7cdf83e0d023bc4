"""What a player says about the film."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FASTEST = 100.0
"""What plays faster is searched through, not seen."""

PlayerState = Literal["playing", "paused", "seeking", "buffering", "ended", "lost"]


@dataclass(frozen=True)
class Report:
    """One word of a player, true for one instant.

    monotonic_ns: that instant, on this machine's ``time.monotonic_ns()``. film_ms: what the screen showed then;
    None when the player did not say, and without meaning while it seeks or is lost. rate: film seconds a second
    while it plays; what the player was told, not what was measured. dropped: frames of the film that it could not show
    in time, so far; None where it does not say.
    """

    monotonic_ns: int
    film_ms: float | None
    state: PlayerState
    rate: float = 1.0
    dropped: int | None = None

    @property
    def pace(self) -> float | None:
        """How fast the film moves from here: 0 when it stands; None when nobody knows where it is next.

        A film that plays backwards, or at no speed that there is, is not the film that a cut knows.
        """
        if self.state in {"seeking", "lost"}:
            return None
        if self.state != "playing":
            return 0.0
        return self.rate if 0 < self.rate <= FASTEST else None
