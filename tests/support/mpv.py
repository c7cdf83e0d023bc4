"""A real mpv, and what is asked of it through its socket."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

WAIT_S = 30.0
UNSEEN = ("--vo=null", "--ao=null")
"""It plays on, to nobody."""


class Mpv:
    """It plays ``film`` once made; ``start`` it again after ``kill``."""

    def __init__(
        self,
        folder: Path,
        film: Path,
        options: Sequence[str] = UNSEEN,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.socket = folder / "mpv"
        self._command = [
            *("mpv", "--no-config", "--keep-open=yes", "--no-terminal", *options),
            *(f"--input-ipc-server={self.socket}", str(film)),
        ]
        self._environment = environment
        self.start()

    def start(self) -> None:
        """And wait until it plays."""
        self._process = subprocess.Popen(self._command, env=self._environment)
        until(self._plays)

    def ask(self, *command: object) -> Any:
        """What mpv answers."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(WAIT_S)
            connection.connect(str(self.socket))
            connection.sendall(json.dumps({"command": command, "request_id": 7}).encode() + b"\n")
            with connection.makefile("r") as lines:
                for line in lines:
                    answer = json.loads(line)
                    if answer.get("request_id") == 7:
                        return answer.get("data")
        raise AssertionError("mpv closed the connection")

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()

    def _plays(self) -> bool:
        try:
            return self.ask("get_property", "time-pos") is not None
        except OSError:
            return False


def until(happened: Callable[[], object]) -> None:
    """Waits for it; fails after WAIT_S."""
    deadline = time.monotonic() + WAIT_S
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)
