"""The film starts at a cue, as in a cinema; a second point of it sets the clock right."""

from __future__ import annotations

import threading

from edge_agent.clocks.port import Position, position
from edge_agent.clocks.sleep import SHORTEST_SLEEP_NS, SleptNs, slept_ns
from edge_agent.errors import PlayerError

_NS_PER_MS = 1_000_000
MOST_APART = 0.06
"""Of the film's own speed. A film of 24 frames a second that is shown at 25, as television does, runs 4% faster."""
LEAST_FOR_SPEED_MS = 600_000.0
"""From a cue to a second point, to tell the film's speed by: whoever gives both may be half a second off, which in ten
minutes is a tenth of a percent."""


class CueClock:
    """The film runs from one cue to its end, also while this machine sleeps. Before the cue there is no film.

    Any thread may call any method.
    """

    def __init__(self, *, slept_ns: SleptNs = slept_ns) -> None:
        self._slept_ns = slept_ns
        self._slept_before_ns = slept_ns()
        self._lock = threading.Lock()
        self._away_ns = 0
        """How long this machine has slept since it was made, which its monotonic clock does not count."""
        self._woke_ns: int | None = None
        """The instant at which that was last noticed: whether those up to it came before or behind the sleep, nobody
        knows."""
        self._cue_ns: int | None = None
        """On the room's clock, like all instants that are kept."""
        self._from: tuple[int, float, float] = (0, 0.0, 1.0)
        """An instant, the film's time then in milliseconds, and film milliseconds a millisecond."""

    def cue(self, monotonic_ns: int) -> None:
        """The film's first frame shows now; a later cue replaces an earlier one."""
        with self._lock:
            self._cue_ns = self._in_the_room(monotonic_ns)
            self._from = (self._cue_ns, 0.0, 1.0)

    def calibrate(self, monotonic_ns: int, film_ms: float) -> float:
        """The film is at ``film_ms`` now; the milliseconds by which the clock went wrong until now.

        Raises PlayerError when the film would have run at another speed than films are shown at.
        """
        with self._lock:
            if self._cue_ns is None:
                raise PlayerError("there was no cue yet: press Enter when the film's first frame shows")
            now_ns = self._in_the_room(monotonic_ns)
            since_ms = (now_ns - self._cue_ns) / _NS_PER_MS
            at_ns, at_ms, pace = self._from
            expected_ms = at_ms + pace * (now_ns - at_ns) / _NS_PER_MS
            if since_ms >= LEAST_FOR_SPEED_MS:
                pace = film_ms / since_ms
            if abs(film_ms - since_ms) > MOST_APART * max(since_ms, LEAST_FOR_SPEED_MS):
                raise PlayerError(
                    f"the cue was {since_ms / 60_000:.1f} minutes ago, and the film cannot be at "
                    f"{film_ms / 60_000:.1f} minutes: give the film time that shows now, like 1:02:03"
                )
            self._from = (now_ns, film_ms, pace)
            return expected_ms - film_ms

    def media_at(self, monotonic_ns: int) -> Position | None:
        """Time of the film since the cue; None before it, and a day after it."""
        with self._lock:
            now_ns = self._in_the_room(monotonic_ns)
            if self._cue_ns is None or now_ns < self._cue_ns:
                return None
            if self._woke_ns is not None and monotonic_ns <= self._woke_ns:
                return None
            at_ns, at_ms, pace = self._from
            return position(at_ms + pace * (now_ns - at_ns) / _NS_PER_MS, 0)

    def _in_the_room(self, monotonic_ns: int) -> int:
        """That instant on a clock that goes on while this machine sleeps, as the film does."""
        slept = self._slept_ns()
        if slept - self._slept_before_ns >= SHORTEST_SLEEP_NS:
            self._away_ns += slept - self._slept_before_ns
            self._woke_ns = monotonic_ns
        self._slept_before_ns = max(slept, self._slept_before_ns)
        return monotonic_ns + self._away_ns
