"""Film time from what a player reports now and then.

The film's course is kept as straight pieces. Between two reports that agree it is the line through both; where the
speed changed in between (a pause, its end, another rate) two lines that meet where they must. Reports that do not agree
mean a jump: nobody knows when it happened, so between them nothing is known. Behind the last report the film is taken
to go on as it was told, for at most ``most_age_ms``.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from contract.messages import LAST_FILM_MS
from edge_agent.clocks.passes import Passes, Run
from edge_agent.clocks.port import Position, position
from edge_agent.clocks.report import PlayerState, Report
from edge_agent.clocks.sleep import SHORTEST_SLEEP_NS, SleptNs, slept_ns

MOST_AGE_MS = 1000.0
"""Behind a report that is older nothing is known: a player that lives says something twice a second."""
JUMP_MS = 250.0
"""Reports that disagree by more had a jump between them. Players' positions jitter by a few frames of the film."""
REMEMBERED_MS = 60_000.0
"""How long the film's course is kept for questions about the past: frames are asked about within a second or two."""
_NS_PER_MS = 1_000_000


@dataclass(frozen=True)
class _Known:
    """The film stood at ``film_ms`` at this instant and moves on at ``pace`` film ms a ms."""

    ns: int
    film_ms: float
    pace: float

    def at(self, ns: int) -> float:
        return self.film_ms + self.pace * (ns - self.ns) / _NS_PER_MS


@dataclass(frozen=True)
class _Piece:
    """The film played from ``start`` until this instant, which is not part of it."""

    start: _Known
    until_ns: int
    run: Run


class ReportedClock:
    """A PlaybackClock fed by ``report``. Any thread may call any method."""

    def __init__(
        self,
        *,
        most_age_ms: float = MOST_AGE_MS,
        jump_ms: float = JUMP_MS,
        slept_ns: SleptNs = slept_ns,
    ) -> None:
        """``slept_ns`` tells of a machine that slept: what was reported before says nothing about after."""
        self._most_age_ms = most_age_ms
        self._jump_ms = jump_ms
        self._slept_ns = slept_ns
        self._slept_before_ns = slept_ns()
        self._lock = threading.Lock()
        self._pieces: deque[_Piece] = deque()
        self._passes = Passes()
        self._run = Run()
        self._played_to_ms: float | None = None
        """Where the film stood when it was last known to play."""
        self._resumes = True
        """Whether the film did not play at the last report, or jumped to it."""
        self._last: _Known | None = None
        self._last_ns: int | None = None
        self._state: PlayerState = "lost"
        self.dropped: int | None = None
        """Frames that the player has dropped, as it last said."""

    def report(self, report: Report) -> None:
        """Take in what a player says, in the order of its instants.

        Of one that comes behind a later one only a stop counts: from the later one's instant on.
        """
        with self._lock:
            self._wake()
            if report.dropped is not None:
                self.dropped = report.dropped
            ns = report.monotonic_ns if self._last_ns is None else max(report.monotonic_ns, self._last_ns)
            if report.state == "playing" and report.monotonic_ns < ns:
                return
            before = self._last
            now = self._known(ns, report)
            if before is not None:
                if now is not None:
                    self._join(before, now)
                elif before.pace > 0:  # it went on until it was told that it no longer does
                    self._add(before, min(ns, self._oldest_ns(before)))
            if now is None or now.pace == 0:
                self._resumes = True
            elif self._resumes:
                self._resume(now.film_ms)
            self._last, self._last_ns, self._state = now, ns, report.state
            while self._pieces and ns - self._pieces[0].until_ns > REMEMBERED_MS * _NS_PER_MS:
                self._pieces.popleft()

    def media_at(self, monotonic_ns: int) -> Position | None:
        """The film's position at that instant; None when it did not play or when that is not known.

        A moment that is given away counts as seen.
        """
        with self._lock:
            self._wake()
            last = self._last
            if last is not None and monotonic_ns >= last.ns:
                if last.pace == 0 or monotonic_ns >= self._oldest_ns(last):
                    return None
                return self._position(last.at(monotonic_ns), self._run)
            for piece in reversed(self._pieces):
                if piece.start.ns <= monotonic_ns < piece.until_ns:
                    return self._position(piece.start.at(monotonic_ns), piece.run)
            return None

    def state_at(self, monotonic_ns: int) -> PlayerState:
        """The player's state as of its last report; ``lost`` when it should play and has said nothing for too long."""
        with self._lock:
            self._wake()
            last = self._last
            if self._state == "playing" and (last is None or monotonic_ns >= self._oldest_ns(last)):
                return "lost"
            return self._state

    def _wake(self) -> None:
        """Forget where the film was when the machine has slept since."""
        slept = self._slept_ns()
        if slept - self._slept_before_ns >= SHORTEST_SLEEP_NS:
            self._last, self._resumes = None, True
        self._slept_before_ns = max(slept, self._slept_before_ns)

    def _known(self, ns: int, report: Report) -> _Known | None:
        pace = report.pace
        if pace is None:
            return None
        film_ms, last = report.film_ms, self._last
        if film_ms is None and last is not None and (last.pace == 0 or ns < self._oldest_ns(last)):
            film_ms = last.at(ns)
        if film_ms is None or not 0 <= film_ms + self._jump_ms < LAST_FILM_MS:  # nor when it is no number
            return None
        return _Known(ns, film_ms, pace)

    def _join(self, before: _Known, now: _Known) -> None:
        """Lay the film's course between two reports, if they agree."""
        ms = (now.ns - before.ns) / _NS_PER_MS
        moved_ms = now.film_ms - before.film_ms
        least, most = sorted((before.pace * ms, now.pace * ms))
        if not least - self._jump_ms <= moved_ms <= most + self._jump_ms:
            self._resumes = True  # a jump
            return
        if ms == 0 or most == 0:
            return
        if before.pace == now.pace:
            line = _Known(before.ns, before.film_ms, moved_ms / ms)
            self._add(line, min(now.ns, self._oldest_ns(before)))
            if ms > self._most_age_ms:
                self._played(line.film_ms, now.film_ms)  # seen, though it was not known then
            return
        turn_ms = min(max((moved_ms - now.pace * ms) / (before.pace - now.pace), 0.0), ms)
        turn_ns = before.ns + round(turn_ms * _NS_PER_MS)
        if before.pace > 0:
            self._add(before, min(turn_ns, self._oldest_ns(before)))
        if now.pace > 0:
            turn_ns = max(turn_ns, now.ns - round(self._most_age_ms * _NS_PER_MS))
            turn = _Known(turn_ns, now.at(turn_ns), now.pace)
            if self._resumes:
                self._resume(turn.film_ms)
            self._add(turn, now.ns)

    def _add(self, start: _Known, until_ns: int) -> None:
        if until_ns > start.ns:
            self._pieces.append(_Piece(start, until_ns, self._run))
            self._played(start.film_ms, start.at(until_ns))

    def _played(self, from_ms: float, until_ms: float) -> None:
        self._passes.show(self._run, from_ms, until_ms)
        self._played_to_ms = until_ms

    def _resume(self, film_ms: float) -> None:
        """The film plays (again) from here: in the same run if this is where it stopped."""
        ended_ms = self._played_to_ms
        if ended_ms is None or abs(film_ms - ended_ms) > self._jump_ms:
            self._run = Run() if ended_ms is None else self._passes.next_run(self._run, ended_ms, film_ms)
        self._resumes = False

    def _position(self, film_ms: float, run: Run) -> Position | None:
        return position(film_ms, self._passes.at(run, film_ms)) if film_ms >= 0 else None

    def _oldest_ns(self, known: _Known) -> int:
        """The first instant that is too far from this one to be told from it."""
        return known.ns + round(self._most_age_ms * _NS_PER_MS)
