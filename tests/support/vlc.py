"""A real VLC, and what is asked of it through its web interface."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.broker import free_ports
from tests.support.mpv import until

PASSWORD = "let-me-see"
UNSEEN = ("--vout=dummy", "--aout=dummy")


_NOBODY = "65534"


class Vlc:
    """It plays ``film`` once made; ``start`` it again after ``kill``, and ``close`` it in the end.

    VLC refuses to run as root, and then runs as nobody, on a copy that nobody can read.
    """

    def __init__(
        self, film: Path, options: Sequence[str] = UNSEEN, environment: Mapping[str, str] | None = None
    ) -> None:
        (self.port,) = free_ports(1)
        self._home = tempfile.TemporaryDirectory()
        Path(self._home.name).chmod(0o777)
        copy = shutil.copy(film, self._home.name)
        as_nobody = ("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups")
        self._command = [
            *(as_nobody if os.geteuid() == 0 else ()),
            *("vlc", "-I", "http", "--http-host", "127.0.0.1", "--http-port", str(self.port)),
            *(
                "--http-password",
                PASSWORD,
                "--no-video-title-show",
                "--no-osd",
                "--quiet",
                "--play-and-pause",
            ),
            *options,
            str(copy),
        ]
        self._environment = {**(environment or os.environ), "HOME": self._home.name}
        self.start()

    def start(self) -> None:
        """And wait until it plays."""
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(self._plays)

    def ask(self, command: str = "", value: object = "") -> dict[str, Any]:
        """VLC's status, after ``command``."""
        words = f"?command={command}&val={value}" if command else ""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/requests/status.json{words}")
        request.add_header("Authorization", "Basic " + base64.b64encode(f":{PASSWORD}".encode()).decode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            status: dict[str, Any] = json.load(answer)
        return status

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End it for good."""
        self.kill()
        self._home.cleanup()

    def _plays(self) -> bool:
        try:
            status = self.ask()
        except (OSError, urllib.error.URLError):
            return False
        return status.get("state") == "playing" and status.get("position", 0) > 0
