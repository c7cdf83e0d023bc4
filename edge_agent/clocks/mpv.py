"""mpv, which says where the film is through a socket: ``mpv --input-ipc-server=SOCKET FILM``.

mpv's manual, "JSON IPC": a line of JSON a message. ``time-pos`` is told as each frame is handed on to be shown a
little later.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from edge_agent.clocks.report import PlayerState, Report
from edge_agent.clocks.reported import ReportedClock
from edge_agent.clocks.wanted import WantedFilm
from edge_agent.errors import PlayerError

_DROPPED = ("frame-drop-count", "decoder-frame-drop-count")
"""What could not be shown in time, and what was not decoded for that: mpv does the latter where it is told to."""
_WATCHED = (
    "filename",
    "speed",
    "pause",
    "seeking",
    "paused-for-cache",
    "core-idle",
    "eof-reached",
    *_DROPPED,
    "time-pos",  # last: mpv begins in this order, and where the film is says nothing before whether it plays
)
_AHEAD_MS = 40.0
"""How long before a frame shows its position is told, while the film plays: mpv hands frames on up to 50 ms ahead
(``--video-timing-offset``), but no more than two, and each as another has just been shown. Measured: 33 to 50 ms."""
_AGAIN_S = 1.0
"""Between attempts to reach a player that went away."""
_ANSWER_S = 2.0
_LISTEN_S = 0.5
"""How late a ``close`` is noticed."""


class MpvState:
    """From mpv's messages to reports; pure."""

    def __init__(self, film: WantedFilm) -> None:
        self._film = film
        self._told: dict[str, Any] = {}

    def take(self, message: dict[str, Any], monotonic_ns: int) -> Report | None:
        """What the player says now that ``message`` came in; None when it says nothing of where the film is."""
        if message.get("event") == "seek":  # told before anything else changes
            return Report(monotonic_ns, None, "seeking")
        name = message.get("name")
        if message.get("event") != "property-change" or name not in _WATCHED:
            return None
        self._told[name] = message.get("data")
        at_s = self._told.get("time-pos")
        speed, state, film_ms = self._told.get("speed"), self._state(), None
        rate = speed if isinstance(speed, int | float) else 1.0
        # Only the position itself was true at this instant; the others come with the last one before it.
        if name == "time-pos" and isinstance(at_s, int | float):
            film_ms = at_s * 1000 - (_AHEAD_MS * rate if state == "playing" else 0.0)
        return Report(monotonic_ns, film_ms, state, rate, self._dropped())

    def _dropped(self) -> int | None:
        told = [count for name in _DROPPED if isinstance(count := self._told.get(name), int)]
        return sum(told) if told else None

    def _state(self) -> PlayerState:
        told = self._told
        if not self._film.is_open(told.get("filename")) or told.get("time-pos") is None:
            return "lost"
        if told.get("seeking"):
            return "seeking"
        if told.get("eof-reached"):
            return "ended"
        if told.get("pause"):
            return "paused"
        return "buffering" if told.get("paused-for-cache") or told.get("core-idle") else "playing"


class MpvPlayer:
    """Tells ``clock`` what mpv plays, from a thread of its own, until ``close``; also when mpv is started again."""

    hold_ms = 200
    """How late a jump may be told, on a busy machine."""

    def __init__(
        self,
        path: Path,
        clock: ReportedClock,
        film: WantedFilm,
        *,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """``path``: the socket that mpv listens at. Raises PlayerError when nobody does, or it has no film open.

        A ``film`` that is named is waited for.
        """
        self.clock, self.film = clock, film
        self._path = path
        self._now_ns = now_ns
        self._closed = threading.Event()
        try:
            film.is_open(_open_film(path))
            if film.name is None:
                raise PlayerError(f"mpv at {path} has no film open; open the film in it first")
            connection = self._connect()
        except OSError as error:
            raise PlayerError(
                f"no mpv answers at {path} ({error.strerror or error}); "
                f"start it first: mpv --input-ipc-server={path} FILM"
            ) from error
        self._thread = threading.Thread(target=self._run, args=(connection,), name="mpv", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listen no more; mpv plays on."""
        self._closed.set()
        self._thread.join()

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(_LISTEN_S)
            connection.connect(str(self._path))
            for number, name in enumerate(_WATCHED, start=1):
                asked = json.dumps({"command": ["observe_property", number, name]})
                connection.sendall(asked.encode() + b"\n")
        except OSError:
            connection.close()
            raise
        return connection

    def _run(self, connection: socket.socket) -> None:
        while True:
            with connection:
                self._listen(connection)
            self.clock.report(Report(self._now_ns(), None, "lost"))
            while True:
                if self._closed.wait(_AGAIN_S):
                    return
                with contextlib.suppress(OSError):  # not started again yet
                    connection = self._connect()
                    break

    def _listen(self, connection: socket.socket) -> None:
        """Until mpv goes away or ``close`` is called."""
        state, rest = MpvState(self.film), b""
        while not self._closed.is_set():
            try:
                came = connection.recv(65_536)
            except TimeoutError:
                continue
            except OSError:
                return
            if not came:
                return
            now_ns = self._now_ns()
            *lines, rest = (rest + came).split(b"\n")
            for line in lines:
                with contextlib.suppress(ValueError):  # a line that is no JSON tells nothing
                    message = json.loads(line)
                    if isinstance(message, dict) and (report := state.take(message, now_ns)):
                        self.clock.report(report)


def _open_film(path: Path) -> str | None:
    """The name of the film that mpv has open. Raises OSError."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_ANSWER_S)
        connection.connect(str(path))
        connection.sendall(b'{"command": ["get_property", "filename"], "request_id": 1}\n')
        with connection.makefile("rb") as lines:
            for line in lines:
                with contextlib.suppress(ValueError):
                    answer = json.loads(line)
                    if isinstance(answer, dict) and answer.get("request_id") == 1:
                        name = answer.get("data")
                        return name if isinstance(name, str) else None
    return None
