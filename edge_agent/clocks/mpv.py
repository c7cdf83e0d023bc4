"""mpv, which says where the film is through a socket: ``mpv --input-ipc-server=SOCKET FILM``.

mpv's manual, "JSON IPC": a line of JSON a message. ``time-pos`` is told as each frame goes to the screen, so its
instant is the one at which the line comes in.
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
from edge_agent.errors import PlayerError

_WATCHED = (
    "speed",
    "pause",
    "seeking",
    "paused-for-cache",
    "core-idle",
    "eof-reached",
    "idle-active",
    "time-pos",  # last: mpv begins in this order, and where the film is says nothing before whether it plays
)
_AGAIN_S = 1.0
"""Between attempts to reach a player that went away."""
_LISTEN_S = 0.5
"""How late a ``close`` is noticed."""


class MpvState:
    """From mpv's messages to reports; pure."""

    def __init__(self) -> None:
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
        # Only the position itself was true at this instant; the others come with the last one before it.
        film_ms = at_s * 1000 if name == "time-pos" and isinstance(at_s, int | float) else None
        speed = self._told.get("speed")
        return Report(monotonic_ns, film_ms, self._state(), speed if isinstance(speed, int | float) else 1.0)

    def _state(self) -> PlayerState:
        told = self._told
        if told.get("idle-active") or told.get("time-pos") is None:
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
        self, path: Path, clock: ReportedClock, *, now_ns: Callable[[], int] = time.monotonic_ns
    ) -> None:
        """``path``: the socket that mpv listens at. Raises PlayerError when nobody does."""
        self.clock = clock
        self._path = path
        self._now_ns = now_ns
        self._closed = threading.Event()
        try:
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
        state, rest = MpvState(), b""
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
