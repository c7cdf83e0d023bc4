"""The viewer's page as a player at work: Chromium shows it on a virtual screen, and its server feeds a clock."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import sync_playwright

from edge_agent.clocks.reported import ReportedClock
from edge_agent.view.course import HOLD_MS
from tests.support.viewing import OnlyTheClock, page_server

_ONLY_THE_FILM = """
#video { position: fixed; inset: 0; z-index: 9; width: 100vw; height: 100vh; max-height: none; object-fit: fill; }
"""


class PagePlays:
    """The film alone, as large as the screen."""

    hold_ms = HOLD_MS

    def __init__(self, folder: Path, film: Path, screen: str, width: int, height: int) -> None:
        self.clock = ReportedClock()
        self._opened = ExitStack()
        server = page_server(OnlyTheClock(self.clock), film)
        self._opened.enter_context(server.serving())
        playwright = self._opened.enter_context(sync_playwright())
        browser = playwright.chromium.launch_persistent_context(
            str(folder / "profile"),
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium",
            headless=False,
            args=[
                "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--kiosk",
                "--window-position=0,0", f"--window-size={width},{height}",
            ],
            env={**os.environ, "DISPLAY": screen},
            no_viewport=True,
            bypass_csp=True,
        )  # fmt: skip
        self._opened.callback(browser.close)
        self._page = browser.pages[0]
        self._page.goto(server.access.address)
        self._page.add_style_tag(content=_ONLY_THE_FILM)
        self._page.locator("#play").focus()
        self._page.keyboard.press("Enter")

    def pause(self, paused: bool) -> None:
        """Pause the film, or go on."""
        self._do("video.pause()" if paused else "video.play()")

    def seek(self, seconds: float) -> None:
        """Go on from there."""
        self._do(f"video.currentTime = {seconds}")

    def rate(self, rate: float) -> None:
        """Film seconds a second."""
        self._do(f"video.playbackRate = {rate}")

    def close(self) -> None:
        """End browser and server."""
        self._opened.close()

    def _do(self, what: str) -> None:
        self._page.evaluate(f"() => {{ const video = document.getElementById('video'); {what}; }}")
