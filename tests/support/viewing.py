"""``houselights view`` as a person starts it, and its page as a viewer meets it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

_LONGEST_S = 60


class Viewing:
    """A running ``houselights view``; its report once it has ended."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/\?launch=\S+", line)
        assert found, line + process.stderr.read()
        self.address = found[0]
        self.warnings = ""

    @property
    def host(self) -> str:
        """HOST:PORT."""
        return self.address.split("/")[2]

    def report(self) -> dict[str, Any] | None:
        """Wait for its end, which the page's closing brings about."""
        out, self.warnings = self._process.communicate(timeout=_LONGEST_S)
        assert self._process.returncode == 0, self.warnings
        report: dict[str, Any] | None = json.loads(out)
        return report

    def interrupt(self) -> None:
        """Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()


@contextmanager
def viewing(*arguments: str | Path) -> Iterator[Viewing]:
    """``houselights view ARGUMENTS``, with no browser of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "houselights", "view", *map(str, arguments), "--no-browser", "--json"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    view = None
    try:
        view = Viewing(process)
        yield view
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


class ViewerPage:
    """What a viewer does."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hosts: set[str] = set()
        """That the page asked for anything."""
        page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))
        page.on("websocket", lambda socket: self.hosts.add(socket.url.split("/")[2]))

    @property
    def indicator(self) -> Any:
        return self.page.locator("#indicator")

    def agree(self) -> None:
        """To the film's beginning, in English."""
        self.page.get_by_label("I have read this").check()
        self.page.get_by_role("button", name="Agree and go on").click()
        expect(self.page.locator("#check-state")).to_have_text("Your face can be read well.")
        self.page.get_by_role("button", name="Looks right, go on").click()
        expect(self.page.locator("#film")).to_be_visible()

    def play(self) -> None:
        self.page.get_by_role("button", name="Play", exact=True).click()

    def film_s(self) -> float:
        """Where the player is."""
        return float(self.page.evaluate("document.getElementById('video').currentTime"))
