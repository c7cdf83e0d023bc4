"""Any player of a Linux desktop, asked over its session bus: MPRIS 2.2, ``org.mpris.MediaPlayer2.Player``.

The specification: https://specifications.freedesktop.org/mpris-spec/latest/Player_Interface.html. A player tells of a
jump, a pause and another speed by itself; where the film is has to be asked for, and some know it only now and then.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from edge_agent.clocks.mpris_bus import PlayerOnBus
from edge_agent.clocks.polled import EVERY_S, HOLD_MS, Answer, PolledFilm
from edge_agent.clocks.report import Report
from edge_agent.clocks.reported import ReportedClock
from edge_agent.clocks.wanted import WantedFilm
from edge_agent.errors import PlayerError

_AGAIN_S = 1.0
"""Between attempts to reach a player that went away."""
_US_PER_MS = 1000
_NS_PER_MS = 1_000_000
_NAMELESS = "a film without a name"


class MprisState:
    """From a player's properties to reports; pure."""

    def __init__(self, film: WantedFilm) -> None:
        self._film = film
        self._polled = PolledFilm()

    def take(self, told: Mapping[str, Any], monotonic_ns: int, took_ns: int = 0) -> Report | None:
        """What the player says, asked at about this instant; None when that is no news.

        ``took_ns``: from the question to the answer. Raises ValueError when it does not say where the film is.
        """
        status = told.get("PlaybackStatus")
        if status not in {"Playing", "Paused"} or not self._film.is_open(open_film(told)):
            self._polled.forget(monotonic_ns)
            return Report(monotonic_ns, None, "ended" if status == "Stopped" else "lost")
        position = told.get("Position")
        if not isinstance(position, int):
            raise ValueError("it does not say where its film is")
        answer = Answer(
            said=position,
            film_ms=position / _US_PER_MS,
            playing=status == "Playing",
            rate=float(told.get("Rate", 1.0)),
            unsure_ms=took_ns / 2 / _NS_PER_MS,
        )
        return self._polled.take(answer, monotonic_ns)

    def jump(self, monotonic_ns: int) -> Report:
        """The player says that it jumps now."""
        return self._polled.jump(monotonic_ns)


def open_film(told: Mapping[str, Any]) -> str | None:
    """The name of the film that a player has open: its file's, or else its title."""
    if told.get("PlaybackStatus") not in {"Playing", "Paused"}:
        return None
    about = told.get("Metadata") or {}
    file = PurePosixPath(unquote(urlsplit(str(about.get("xesam:url", ""))).path)).name
    return file or str(about.get("xesam:title", "")) or _NAMELESS


class MprisPlayer:
    """Tells ``clock`` what a player plays, from a thread of its own, until ``close``; also when it is started again."""

    hold_ms = HOLD_MS

    def __init__(
        self,
        name: str,
        clock: ReportedClock,
        film: WantedFilm,
        *,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """``name``: of a player as it calls itself on the bus, or the first part of it.

        Raises PlayerError when it is not there, does not say where its film is, or has none open.
        """
        self.clock, self.film = clock, film
        self._name = name
        self._now_ns = now_ns
        self._closed = threading.Event()
        player = PlayerOnBus.find(name)
        try:
            told = player.ask()
            MprisState(film).take(told, now_ns())
        except (OSError, ValueError) as error:
            player.close()
            raise PlayerError(f"{name} on the session bus does not answer as a player: {error}") from error
        if film.name is None:
            player.close()
            raise PlayerError(f"{name} has no film open; open the film in it first")
        self._thread = threading.Thread(target=self._run, args=(player,), name="mpris", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ask no more; the player plays on."""
        self._closed.set()
        self._thread.join()

    def _run(self, player: PlayerOnBus) -> None:
        while True:
            with contextlib.closing(player):
                self._follow(player)
            self.clock.report(Report(self._now_ns(), None, "lost"))
            while True:
                if self._closed.wait(_AGAIN_S):
                    return
                with contextlib.suppress(PlayerError):  # not started again yet
                    player = PlayerOnBus.find(self._name)
                    break

    def _follow(self, player: PlayerOnBus) -> None:
        """Until it goes away or ``close`` is called."""
        state = MprisState(self.film)
        with contextlib.suppress(OSError, ValueError):
            while not self._closed.is_set():
                asked_ns = self._now_ns()
                told = player.ask()
                took_ns = self._now_ns() - asked_ns
                if report := state.take(told, asked_ns + took_ns // 2, took_ns):
                    self.clock.report(report)
                if player.jumps(within_s=EVERY_S):
                    self.clock.report(state.jump(self._now_ns()))
