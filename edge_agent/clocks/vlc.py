"""VLC, asked through its web interface: ``vlc --extraintf http --http-host 127.0.0.1 --http-port PORT FILM``.

VLC 3 tells its position as a share of a length that it rounds down to whole seconds; the time, too, comes in whole
seconds. So the length is narrowed down from all answers: with share p and time t, it lies between t/p and (t + 1)/p.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from edge_agent.clocks.polled import EVERY_S, HOLD_MS, Answer, PolledFilm
from edge_agent.clocks.report import Report
from edge_agent.clocks.reported import ReportedClock
from edge_agent.clocks.wanted import WantedFilm
from edge_agent.errors import PlayerError

_AGAIN_S = 1.0
"""Between attempts to reach a player that went away."""
_ANSWER_S = 2.0
_NAMELESS = "a film without a name"
_HOW = "vlc --extraintf http --http-host 127.0.0.1 --http-port {port} FILM"


class VlcState:
    """From VLC's answers to reports; pure."""

    def __init__(self, film: WantedFilm) -> None:
        self._film = film
        self._polled = PolledFilm()
        self._of: object = None
        """What the length is of."""
        self._shortest_ms, self._longest_ms = 0.0, math.inf

    def take(self, status: Mapping[str, Any], monotonic_ns: int) -> Report | None:
        """What VLC says, asked at this instant; None when that is no news."""
        state = status.get("state")
        if state not in {"playing", "paused"} or not self._film.is_open(open_film(status)):
            self._polled.forget(monotonic_ns)
            return Report(monotonic_ns, None, "ended" if state == "stopped" else "lost")
        position, seconds = float(status.get("position") or 0.0), float(status.get("time") or 0.0)
        self._narrow(status, position, seconds)
        answer = Answer(
            said=(position, seconds),
            film_ms=position * (self._shortest_ms + self._longest_ms) / 2,
            playing=state == "playing",
            rate=float(status.get("rate") or 1.0),
            unsure_ms=position * (self._longest_ms - self._shortest_ms) / 2,
        )
        report = self._polled.take(answer, monotonic_ns)
        return report and replace(report, dropped=_dropped(status))

    def _narrow(self, status: Mapping[str, Any], position: float, seconds: float) -> None:
        """What is known of the film's length."""
        length_ms = float(status.get("length") or 0.0) * 1000
        if (of := (length_ms, status.get("currentplid"))) != self._of:
            self._of = of
            self._shortest_ms, self._longest_ms = length_ms, length_ms + 1000
        if position <= 0:
            return
        shortest_ms = max(self._shortest_ms, seconds * 1000 / position)
        longest_ms = min(self._longest_ms, (seconds + 1) * 1000 / position)
        if shortest_ms < longest_ms:  # a seek changes the share before the time
            self._shortest_ms, self._longest_ms = shortest_ms, longest_ms


def open_film(status: Mapping[str, Any]) -> str | None:
    """The name of the film that VLC has open."""
    if status.get("state") not in {"playing", "paused"}:
        return None
    about = status.get("information")
    for key in ("category", "meta", "filename"):
        about = about.get(key) if isinstance(about, Mapping) else None
    return about if isinstance(about, str) else _NAMELESS


def _dropped(status: Mapping[str, Any]) -> int | None:
    """Pictures that came too late to be shown, so far; a seek costs one."""
    stats = status.get("stats")
    lost = stats.get("lostpictures") if isinstance(stats, Mapping) else None
    return lost if isinstance(lost, int) else None


class VlcPlayer:
    """Tells ``clock`` what VLC plays, from a thread of its own, until ``close``; also when VLC is started again."""

    hold_ms = HOLD_MS

    def __init__(
        self,
        host: str,
        port: int,
        password: str,
        clock: ReportedClock,
        film: WantedFilm,
        *,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """Raises PlayerError when VLC does not answer there, refuses the password, or has no film open."""
        self.clock, self.film = clock, film
        self._host, self._port = host, port
        self._sent = {"Authorization": "Basic " + base64.b64encode(f":{password}".encode()).decode()}
        self._now_ns = now_ns
        self._closed = threading.Event()
        try:
            film.is_open(open_film(self._ask()))
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise PlayerError(
                f"no VLC answers at {host}:{port} ({error}); start it first: {_HOW.format(port=port)}"
            ) from error
        if film.name is None:
            raise PlayerError(f"VLC at {host}:{port} has no film open; open the film in it first")
        self._thread = threading.Thread(target=self._run, name="vlc", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ask no more; VLC plays on."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        state, wait_s = VlcState(self.film), 0.0
        while not self._closed.wait(wait_s):
            wait_s = EVERY_S
            try:
                status = self._ask()
            except (OSError, http.client.HTTPException, ValueError, PlayerError):
                state, wait_s = VlcState(self.film), _AGAIN_S
                self.clock.report(Report(self._now_ns(), None, "lost"))
                continue
            with contextlib.suppress(TypeError, ValueError):  # an answer with other things in it says nothing
                # Of the 20 ms that an answer takes VLC waits first, and then says what is so.
                report = state.take(status, self._now_ns())
                if report is not None:
                    self.clock.report(report)

    def _ask(self) -> Mapping[str, Any]:
        # On a connection that is kept VLC's answers take three times as long: they come in two parts, and the second
        # waits until the first is acknowledged.
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_ANSWER_S)
        with contextlib.closing(connection):
            connection.request("GET", "/requests/status.json", headers=self._sent)
            answer = connection.getresponse()
            body = answer.read()
        if answer.status in {401, 403}:
            raise PlayerError(
                f"VLC at {self._host}:{self._port} refuses the password; give the one of its --http-password in "
                "HOUSELIGHTS_VLC_PASSWORD_FILE or HOUSELIGHTS_VLC_PASSWORD"
            )
        if answer.status != http.client.OK:
            raise http.client.HTTPException(f"status {answer.status}")
        status = json.loads(body)
        if not isinstance(status, dict):
            raise ValueError("an answer that is no status")
        return status
