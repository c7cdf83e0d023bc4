"""Film time from a player that looks at its own position now and then, and is asked for it more often. Pure.

A position that is new in an answer came up since the question before. Measured with VLC 3, which looks two to four
times a second: what it then says is what the screen shows, to a frame, save for a while after a change of speed.
"""

from __future__ import annotations

from dataclasses import dataclass

from edge_agent.clocks.report import Report

EVERY_S = 0.05
"""Between two questions."""
HOLD_MS = 600
"""How late a jump may be told: a question and a player's look at itself."""
_LONGEST_GAP_MS = 200.0
"""Between two questions on a busy machine; after a longer one nobody knows when a new position came up."""
_STALLED_MS = 1000.0
"""A position that stands for longer, of a film that plays, is one that waits for data."""
_JUMP_MS = 400.0
_DECODED_MS = 600.0
"""After a change of speed VLC shows what it has decoded ahead as if nothing had changed, and then waits for its new
time to catch up, or jumps there: 2.3 s from twice to half the speed, 1.2 s from half to the normal one."""
_NEW_RATE_MS = 500.0
_MOST_UNSURE_MS = 150.0
"""What is known less well is not known."""
_NS_PER_MS = 1_000_000


@dataclass(frozen=True)
class Answer:
    """What a player says that has the film open. said: its position in its own words, to tell what is new by."""

    said: object
    film_ms: float
    playing: bool
    rate: float = 1.0
    unsure_ms: float = 0.0


class PolledFilm:
    """From answers to reports."""

    def __init__(self) -> None:
        self._asked_ns = 0
        self._said: object = None
        self._new_ns = 0
        self._was_new = False
        self._last: tuple[int, float] | None = None
        """When the position last was a new one, and where."""
        self._playing, self._rate = False, 1.0
        self._waits = True
        """Until the film has moved on, it may not be where it is said to be."""
        self._settles_ns = 0

    def forget(self, monotonic_ns: int) -> None:
        """The film is not open; where it is when it is again has to show."""
        self._asked_ns, self._said, self._last = monotonic_ns, None, None

    def jump(self, monotonic_ns: int) -> Report:
        """The player says that it jumps now."""
        self._last = None
        return Report(monotonic_ns, None, "seeking")

    def take(self, answer: Answer, monotonic_ns: int) -> Report | None:
        """What the player says, asked at this instant; None when that is no news."""
        since_ns, self._asked_ns = self._asked_ns, monotonic_ns
        if answer.rate != self._rate:
            self._settles_ns = monotonic_ns + _settling_ns(self._rate, answer.rate)
        self._waits |= answer.playing and not self._playing
        self._rate, self._playing = answer.rate, answer.playing
        if answer.said == self._said:
            self._was_new = False
            return self._unchanged(answer, monotonic_ns)
        at_ns = monotonic_ns
        if not self._was_new:  # a player that has news each time has it of the instant
            at_ns -= round(min((monotonic_ns - since_ns), _LONGEST_GAP_MS * _NS_PER_MS) / 2)
        self._said, self._new_ns, self._was_new = answer.said, monotonic_ns, True
        before, self._last = self._last, (at_ns, answer.film_ms)
        if _jumped(before, at_ns, answer):
            self._waits = True
            # It may have been moved as soon as it had last said where it was.
            return Report(before[0] if before else at_ns, None, "seeking")
        if not answer.playing:
            return Report(at_ns, answer.film_ms, "paused", answer.rate)
        self._waits = False
        if at_ns < self._settles_ns or answer.unsure_ms > _MOST_UNSURE_MS:
            return Report(at_ns, None, "seeking")
        return Report(at_ns, answer.film_ms, "playing", answer.rate)

    def _unchanged(self, answer: Answer, now_ns: int) -> Report | None:
        if not answer.playing:
            return Report(now_ns, None, "paused", answer.rate)
        if now_ns - self._new_ns > _STALLED_MS * _NS_PER_MS:
            return Report(now_ns, None, "buffering")
        if self._waits or now_ns < self._settles_ns:
            return Report(now_ns, None, "seeking")
        return None


def _settling_ns(rate: float, new_rate: float) -> int:
    """From a change of speed until the screen shows what is said."""
    if rate <= 0 or new_rate <= 0:
        return 0
    goes_on_ms = _DECODED_MS / min(rate, 1.0)
    return round((goes_on_ms * max(1.0, rate / new_rate) + _NEW_RATE_MS) * _NS_PER_MS)


def _jumped(before: tuple[int, float] | None, at_ns: int, answer: Answer) -> bool:
    if before is None:
        return True
    last_ns, last_ms = before
    expected_ms = last_ms + (answer.rate if answer.playing else 0.0) * (at_ns - last_ns) / _NS_PER_MS
    least, most = sorted((last_ms, expected_ms))
    return not least - _JUMP_MS <= answer.film_ms <= most + _JUMP_MS
