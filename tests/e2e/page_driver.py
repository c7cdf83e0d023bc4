"""Starting the dashboard on a free port, and reading its page as a person does."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from dashboard.launch import LOOPBACK, command, environment

START_S = 90
"""A cold start on a busy machine."""
WAIT_MS = 60_000


@contextmanager
def running_dashboard(store: Path, log: Path) -> Iterator[str]:
    """The address of a dashboard that serves ``store``; its output goes to ``log``."""
    port = free_port()
    with log.open("wb") as output:
        child = subprocess.Popen(
            command(store, port, address=LOOPBACK),
            env=environment(os.environ),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_healthy(port, child, log)
            yield f"http://{LOOPBACK}:{port}"
        finally:
            child.terminate()
            child.wait(20)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@contextmanager
def open_page(
    browser: Browser,
    *,
    width: int = 1440,
    height: int = 900,
    colours: Literal["light", "dark"] = "light",
    locale: str = "en-US",
) -> Iterator[Page]:
    """A page whose console errors, failed requests and page errors fail the test when it closes."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=colours,
        locale=locale,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if _trouble(message) else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert not troubles, f"the browser reported: {troubles}"


def _trouble(message: ConsoleMessage) -> bool:
    """An error; not that Streamlit, opened at a page's own address, looks for its server below that address first."""
    return message.type == "error" and "/_stcore/" not in message.location.get("url", "")


class DashboardPage:
    """The dashboard as a reader meets it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, address: str, question: str = "") -> None:
        """Loads the page called ``question`` (with its query) and waits until it has been drawn."""
        self.page.goto(f"{address}/{question}")
        expect(self.page.locator("h1")).to_be_visible(timeout=WAIT_MS)
        self.settle()

    def menu(self, title: str) -> None:
        """Goes to another page by the menu, and waits until it has been drawn."""
        self.page.locator("[data-testid=stSidebarNav]").get_by_role("link", name=title, exact=True).click()
        expect(self.page.locator("[data-testid=stSidebarNav] [aria-current=page]")).to_contain_text(title)
        self.settle()

    def settle(self) -> None:
        """Waits until Streamlit has finished drawing."""
        expect(self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible(
            timeout=WAIT_MS
        )
        expect(self.page.locator("[data-stale=true]")).to_have_count(0, timeout=WAIT_MS)
        self.page.wait_for_timeout(400)  # charts are drawn a frame or two after their data

    def back_to(self, title: str) -> None:
        """Back in the browser's history to the page of this title, each step drawn before the next.

        The address without the screening is a step of its own, and Streamlit drops a step that follows at once, as on a
        busy machine: so it is gone back until the page is there, in a few steps at most.
        """
        heading = self.page.locator("h1")
        for _ in range(4):
            self.page.go_back()
            self.page.wait_for_timeout(1500)  # until the server has begun
            self.settle()
            if heading.inner_text() == title:
                return
        expect(heading).to_have_text(title)

    @property
    def heading(self) -> Locator:
        """The heading of the chosen scene."""
        return self.page.locator(".st-key-scene h3")

    def timeline(self) -> Locator:
        """The timeline's drawing."""
        return self.page.locator("[class*='st-key-timeline-'] :is(canvas, svg.marks)").first

    def radar(self) -> Locator:
        """The radar's drawing."""
        return self.page.locator(".st-key-radar :is(canvas, svg.marks)").first

    def expect_radar_of(self, number: int) -> str:
        """Waits until the radar shows scene ``number``; what a screen reader says of it."""
        said = self.page.locator(".st-key-radar [aria-label^='Radar of scene']").first
        expect(said).to_have_attribute("aria-label", re.compile(rf"^Radar of scene {number} "))
        return said.get_attribute("aria-label") or ""

    def radar_pixels(self) -> bytes:
        """The radar as drawn, for telling whether it changed."""
        self.radar().scroll_into_view_if_needed()
        return self.radar().screenshot()

    def click_timeline(self, fraction: float) -> None:
        """Clicks the plot at ``fraction`` of its width, below the scene names."""
        box = self.timeline().bounding_box()
        assert box is not None
        left, right = 52, 12  # the axis' labels; the plot's own margin
        x = left + (box["width"] - left - right) * fraction
        self.timeline().click(position={"x": x, "y": box["height"] * 0.6})
        self.settle()

    def click_table_row(self, row: int) -> None:
        """Ticks the row at ``row`` (0 the first) as it is sorted now."""
        table = self.page.locator("[data-testid=stDataFrame]").first
        table.scroll_into_view_if_needed()
        table.click(position={"x": 18, "y": 38 + 36 * row + 18})
        self.settle()

    def table_scenes(self) -> Locator:
        """The cells with the scenes' names, top to bottom, as a screen reader finds them."""
        self.page.locator("[data-testid=stDataFrame]").first.scroll_into_view_if_needed()
        return self.page.locator("[data-testid=stDataFrame] td[role=gridcell][aria-colindex='2']")

    def choose_from_list(self, position: int) -> None:
        """Chooses the scene at ``position`` (0 the first) in the list, by keyboard alone."""
        field = self.page.locator(".st-key-scene_list input").first
        options = self.page.get_by_role("option")
        until = time.monotonic() + WAIT_MS / 1000
        while options.count() == 0 and time.monotonic() < until:
            # Again, as a person would: a chart that comes in late takes the focus, or the key, along.
            field.press("ArrowDown")
            self.page.wait_for_timeout(500)
        expect(options.first).to_be_visible()
        self.page.keyboard.press("Home")
        for _ in range(position):
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        self.settle()

    def whole_page(self, path: Path) -> None:
        """A screenshot from top to bottom: the page scrolls inside, so the window grows to fit it."""
        size = self.page.viewport_size
        assert size is not None
        tall = self.page.evaluate(
            "document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight + 40"
        )
        self.page.set_viewport_size({"width": size["width"], "height": max(size["height"], int(tall))})
        self.page.wait_for_timeout(700)
        self.page.screenshot(path=path)
        self.page.set_viewport_size(size)


def wait_until_healthy(port: int, child: subprocess.Popen[bytes], log: Path) -> None:
    """Waits until the server answers; fails where it stopped, or does not in time."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        assert child.poll() is None, f"the dashboard stopped: {log.read_text()}"
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"the dashboard did not answer within {START_S} s: {log.read_text()}")
