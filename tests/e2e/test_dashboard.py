"""The page in a real browser: scenes are chosen, figures follow, a running screening shows up by itself."""

from __future__ import annotations

import dataclasses
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.launch import LOOPBACK
from dashboard.site import QUESTIONS
from tests.dashboard.handmade_store import SCENES, Plan, Showing, build_store
from tests.e2e.checks import check_scenes
from tests.e2e.page_driver import (
    START_S,
    DashboardPage,
    free_port,
    open_page,
    wait_until_healthy,
)

Start = Callable[[Path], str]
FILM_MS = SCENES[-1][2]
TWO = Plan(showings=(Showing(), Showing("second-night", viewers=33, simulated=33)))
BANDS = [(name, (start + end) / 2 / FILM_MS) for name, start, end in SCENES]


def test_scene_chosen_in_timeline_table_and_list(
    tmp_path: Path, browser_page: Page, start_dashboard: Start, artefacts: Path
) -> None:
    store = build_store(tmp_path / "store")
    page = DashboardPage(browser_page)
    page.open(start_dashboard(store))
    expect(browser_page.locator("h1")).to_have_text("How did it go?")
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
    browser_page.get_by_role("link", name="5 · The toast").click()
    expect(browser_page.locator("h1")).to_have_text("Which scenes work?")
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
    """On no page does anything stick out sideways; the screenshots are for people to look at."""
    store = build_store(tmp_path / "store", TWO)
    with open_page(browser, width=width, height=height, colours=colours) as blank:
        page = DashboardPage(blank)
        page.open(start_dashboard(store), "?screening=premiere")
        for question in QUESTIONS:
            page.menu(question.title)
            if question.name == "timeline":
                page.click_timeline(BANDS[1][1])
            assert blank.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), question.name
            for drawing in blank.locator("[data-testid=stVegaLiteChart] :is(canvas, svg.marks)").all():
                assert drawing.evaluate(
                    "chart => chart.getBoundingClientRect().right <= window.innerWidth"
                ), question.name
            page.whole_page(artefacts / f"dashboard-{question.name}-{colours}-{width}.png")


def test_a_link_opens_a_moment_and_the_choice_is_kept_over_pages(
    tmp_path: Path, browser_page: Page, start_dashboard: Start
) -> None:
    store = build_store(tmp_path / "store", TWO)
    page = DashboardPage(browser_page)
    page.open(start_dashboard(store), "timeline?screening=second-night&scene=4&at=31000")
    expect(browser_page.get_by_text("The moment at 0:31 · 01:00:31:00")).to_be_visible()
    expect(page.heading).to_have_text("Scene 4: The door")
    page.menu("Scenes")
    expect(page.heading).to_have_text("Scene 4: The door")
    assert "screening=second-night" in browser_page.url
    page.menu("Film")
    assert "screening=second-night" in browser_page.url
    page.back_to("Which scenes work?")


def test_every_page_has_an_address_of_its_name(
    tmp_path: Path, browser_page: Page, start_dashboard: Start
) -> None:
    """The first page, too, though it also answers at the bare address; the browser's console must stay empty."""
    store = build_store(tmp_path / "store", TWO)
    address = start_dashboard(store)
    page = DashboardPage(browser_page)
    titles = {}
    for question in QUESTIONS:
        page.open(address, f"{question.name}?screening=second-night")
        titles[question.name] = browser_page.locator("h1").inner_text()
        if question.needs != "store":
            assert "screening=second-night" in browser_page.url, question.name
    assert len(set(titles.values())) == len(QUESTIONS)
    page.open(address, "film?screening=second-night")
    expect(browser_page.get_by_text("33 viewers", exact=True).first).to_be_visible()
    page.menu("Scenes")
    assert "screening=second-night" in browser_page.url
    page.back_to(titles["film"])


def test_a_moment_opens_in_the_timeline(tmp_path: Path, browser_page: Page, start_dashboard: Start) -> None:
    store = build_store(tmp_path / "store")
    page = DashboardPage(browser_page)
    page.open(start_dashboard(store), "moments")
    lanes = browser_page.locator("[class*='st-key-lanes-'] :is(canvas, svg.marks)").first
    box = lanes.bounding_box()
    assert box is not None
    lanes.click(position={"x": 58 + (box["width"] - 70) * 30_500 / FILM_MS, "y": box["height"] * 0.56})
    expect(browser_page.get_by_text("The moment at 0:30 · 01:00:30:00")).to_be_visible()
    expect(page.heading).to_have_text("Scene 4: The door")
    page.menu("Moments")
    browser_page.get_by_role("link", name="Timeline").last.click()
    expect(browser_page.get_by_text("The moment at 0:55 · 01:00:55:00")).to_be_visible()


def test_the_timeline_is_zoomed_by_dragging_and_by_keyboard(
    tmp_path: Path, browser_page: Page, start_dashboard: Start, artefacts: Path
) -> None:
    store = build_store(tmp_path / "store")
    page = DashboardPage(browser_page)
    page.open(start_dashboard(store), "timeline")
    strip = browser_page.locator("[class*='st-key-overview-'] :is(canvas, svg.marks)").first
    box = strip.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    plot = box["width"] - 44
    browser_page.mouse.move(box["x"] + 40 + plot * 0.25, y)
    browser_page.mouse.down()
    browser_page.mouse.move(box["x"] + 40 + plot * 0.5, y, steps=5)
    browser_page.mouse.up()
    start = browser_page.get_by_role("slider").first
    expect(start).to_have_attribute("aria-valuetext", re.compile(r"^0:1[3-6]$"))
    page.settle()
    page.page.screenshot(path=artefacts / "dashboard-zoomed.png")
    said = start.get_attribute("aria-valuetext")
    start.focus()
    browser_page.keyboard.press("ArrowRight")
    page.settle()
    expect(start).not_to_have_attribute("aria-valuetext", str(said))
    browser_page.locator(".st-key-zoom-Whole-film button").first.click()
    expect(start).to_have_attribute("aria-valuetext", "0:00")


def test_an_answer_is_downloaded(tmp_path: Path, browser_page: Page, start_dashboard: Start) -> None:
    store = build_store(tmp_path / "store")
    page = DashboardPage(browser_page)
    page.open(start_dashboard(store), "data")
    text = browser_page.get_by_role("textbox", name="SQL")
    text.fill("SELECT scene, name FROM scene ORDER BY scene")
    browser_page.keyboard.press("Control+Enter")
    expect(browser_page.get_by_text("6 rows")).to_be_visible()
    page.settle()
    names = [name for name, _, _ in SCENES]
    for button, reader in (("csv", pd.read_csv), ("parquet", pd.read_parquet)):
        with browser_page.expect_download() as download:
            browser_page.locator(f".st-key-{button} button").first.click()
        assert list(reader(download.value.path())["name"]) == names


def test_live_draws_itself_anew(
    tmp_path: Path, browser_page: Page, start_dashboard: Start, artefacts: Path
) -> None:
    half = Plan(showings=(Showing(running=True, seconds=30, withheld_seconds=()),), version="1")
    store = build_store(tmp_path / "store", half)
    DashboardPage(browser_page).open(start_dashboard(store), "live")
    furthest = browser_page.locator("[data-testid=stMetricValue]").nth(2)
    expect(furthest).to_have_text("0:29")
    build_store(
        store,
        dataclasses.replace(
            half, showings=(Showing(running=True, seconds=45, withheld_seconds=()),), version="2"
        ),
    )
    expect(furthest).to_have_text("0:44", timeout=20_000)
    browser_page.screenshot(path=artefacts / "dashboard-live.png")


def test_page_follows_a_running_screening(
    tmp_path: Path, browser_page: Page, start_dashboard: Start, artefacts: Path
) -> None:
    half = Plan(showings=(Showing(running=True, seconds=30, withheld_seconds=()),), version="1")
    store = build_store(tmp_path / "store", half)
    page = DashboardPage(browser_page)
    page.open(start_dashboard(store), "timeline")
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
    expect(browser_page.locator("h1")).to_have_text("How did it go?", timeout=30_000)


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
    opened, log = tmp_path / "opened", artefacts / "dashboard-first-start.log"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}.new && mv {opened}.new {opened}\n', encoding="utf-8")
    browser.chmod(0o755)
    port = free_port()
    words = ["dashboard", "--store", str(tmp_path / "store"), "--port", str(port)]
    with log.open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "houselights", *words],
            env={**os.environ, "HOME": str(tmp_path), "BROWSER": str(browser)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_until_healthy(port, child, log)
            until = time.monotonic() + START_S
            while not opened.exists():
                assert time.monotonic() < until, log.read_text(encoding="utf-8")
                time.sleep(0.1)
        finally:
            os.killpg(child.pid, signal.SIGINT)
            child.wait(20)
    assert opened.read_text(encoding="utf-8") == f"http://{LOOPBACK}:{port}\n"
    said = log.read_text(encoding="utf-8")
    assert not [word for word in ("Email", "agents", "Traceback") if word in said], said
