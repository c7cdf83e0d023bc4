"""``houselights view`` and ``mirror`` as a person starts them, and the page as a viewer meets it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from edge_agent.clocks.report import Report
from edge_agent.clocks.reported import ReportedClock
from edge_agent.settings import AgentSettings
from edge_agent.view.film import ShownFilm
from edge_agent.view.messages import Said, Told
from edge_agent.view.server import Hosted, PageServer
from edge_agent.view.settings import ViewSettings

_LONGEST_S = 60


class Viewing:
    """A running command that serves a page; what it says once it has ended."""

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
        report: dict[str, Any] | None = json.loads(self.output())
        return report

    def output(self) -> str:
        """The same, as it was written."""
        out, self.warnings = self._process.communicate(timeout=_LONGEST_S)
        assert self._process.returncode == 0, self.warnings
        return out

    def interrupt(self) -> None:
        """Ctrl-C."""
        self._process.send_signal(signal.SIGINT)


@contextmanager
def viewing(*arguments: str | Path) -> Iterator[Viewing]:
    """``houselights view ARGUMENTS``, with no browser of its own."""
    with serving("view", *arguments, "--json") as view:
        yield view


@contextmanager
def serving(*arguments: str | Path) -> Iterator[Viewing]:
    """``houselights ARGUMENTS`` that serve a page, with no browser of their own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "houselights", *map(str, arguments), "--no-browser"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    try:
        yield Viewing(process)
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


class OnlyTheClock:
    """A course in which nothing is measured."""

    def __init__(self, clock: ReportedClock) -> None:
        self._clock = clock

    def when_changed(self, changed: Callable[[], None]) -> None: ...

    def told(self) -> Told:
        return Told(stage="film", why="declined")

    def take_preview(self) -> NDArray[np.uint8] | None:
        return None

    def lines(self, *, sent: bool) -> bytes:  # noqa: ARG002 - there are none
        return b""

    def say(self, message: Said) -> None: ...

    def film(self, report: Report) -> None:
        self._clock.report(report)

    def attend(self, there: bool) -> None: ...


def page_server(hosted: Hosted, film: Path | str) -> PageServer:
    """That shows ``film``, a file or an address, as ``houselights view`` would."""
    settings = AgentSettings(film="reel", cut="rough-2", screening="friday", source="camera:0")
    shown = ShownFilm.named(str(film))
    return PageServer(hosted, ViewSettings(settings, shown).about(), shown)
