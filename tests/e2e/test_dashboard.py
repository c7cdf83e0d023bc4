"""The page in a real browser: scenes are chosen, figures follow, a running screening shows up by itself."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.handmade_store import SCENES, Plan, Showing, build_store
from tests.e2e.checks import check_scenes
from tests.e2e.page_driver import DashboardPage, open_page, running_dashboard

Start = Callable[[Path], str]
FILM_MS = SCENES[-1][2]
BANDS = [(name, (start + end) / 2 / FILM_MS) for name, start, end in SCENES]


def test_scene_chosen_in_timeline_table_and_list(
    tmp_path: Path, browser_page: Page, start_dashboard: Start, artefacts: Path
) -> None:
    store = build_store(tmp_path / "store")
    page = DashboardPage(browser_page)
    page.open(start_dashboard(store))
    expect(browser_page.locator("h1")).to_have_text("The Last Matinee")
    expect(
        browser_page.get_by_text("Simulated audience: 40 of 41 viewers drawn by a model").first
    ).to_be_visible()
    check_scenes(page, BANDS, artefacts, "dashboard")


def test_scene_chosen_from_what_is_worth_a_look(
    tmp_path: Path, browser_page: Page, start_dashboard: Start
) -> None:
    store = build_store(tmp_path / "store")
    page = DashboardPage(browser_page)
    page.open(start_dashboard(store))
    browser_page.get_by_role("button", name="5 · The toast").click()
    page.settle()
    expect(page.heading).to_have_text("Scene 5: The toast")


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (820, 1180)])
def test_looks(
    tmp_path: Path,
    browser: Browser,
    start_dashboard: Start,
    artefacts: Path,
    colours: Literal["light", "dark"],
    width: int,
    height: int,
) -> None:
    """Nothing sticks out of the page sideways; the screenshots are for people to look at."""
    store = build_store(tmp_path / "store")
    with open_page(browser, width=width, height=height, colours=colours) as blank:
        page = DashboardPage(blank)
        page.open(start_dashboard(store))
        page.click_timeline(BANDS[1][1])
        assert blank.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        inside = "chart => chart.getBoundingClientRect().right <= window.innerWidth"
        for drawing in (page.timeline(), page.radar()):
            assert drawing.evaluate(inside)
        page.whole_page(artefacts / f"dashboard-{colours}-{width}.png")


def test_page_follows_a_running_screening(
    tmp_path: Path, browser_page: Page, start_dashboard: Start, artefacts: Path
) -> None:
    half = Plan(showings=(Showing(running=True, seconds=30, withheld_seconds=()),), version="1")
    store = build_store(tmp_path / "store", half)
    page = DashboardPage(browser_page)
    page.open(start_dashboard(store))
    expect(browser_page.get_by_text("30 s of film with reactions")).to_be_visible()
    page.click_timeline(BANDS[1][1])
    expect(page.heading).to_have_text("Scene 2: The dinner joke")
    whole = dataclasses.replace(
        half, showings=(Showing(running=True, seconds=45, withheld_seconds=()),), version="2"
    )
    build_store(store, whole)
    expect(browser_page.get_by_text("45 s of film with reactions")).to_be_visible(timeout=20_000)
    page.settle()
    expect(page.heading).to_have_text("Scene 2: The dinner joke")
    browser_page.screenshot(path=artefacts / "dashboard-running.png")


def test_empty_store_says_what_to_do_and_opens_by_itself(
    tmp_path: Path, browser_page: Page, start_dashboard: Start, artefacts: Path
) -> None:
    store = tmp_path / "my store"
    DashboardPage(browser_page).open(start_dashboard(store))
    expect(browser_page.get_by_text(f"houselights demo --store '{store}'")).to_be_visible()
    browser_page.screenshot(path=artefacts / "dashboard-empty.png")
    build_store(store)
    expect(browser_page.locator("h1")).to_have_text("The Last Matinee", timeout=30_000)


def test_k_too_high_says_what_to_do(
    tmp_path: Path, browser_page: Page, start_dashboard: Start, artefacts: Path
) -> None:
    plan = Plan(showings=(Showing(k=50, viewers=12, simulated=0),))
    store = build_store(tmp_path / "store", plan)
    DashboardPage(browser_page).open(start_dashboard(store))
    expect(browser_page.get_by_text("at least 50 viewers watched")).to_have_count(2)
    expect(browser_page.get_by_text("--k 12")).to_be_visible()
    browser_page.screenshot(path=artefacts / "dashboard-k.png")


def test_a_newcomers_first_start_asks_nothing(tmp_path: Path, artefacts: Path) -> None:
    """Streamlit would ask for an e-mail address where no settings of its own are in the home folder yet."""
    home = {**os.environ, "HOME": str(tmp_path), "BROWSER": "true"}
    log = artefacts / "dashboard-first-start.log"
    with running_dashboard(tmp_path / "store", log, show=True, environ=home):
        pass
    assert "Email" not in log.read_text(encoding="utf-8")
