"""The page of a screening that real faces made: four viewers of the classroom, through a real broker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.classroom import CLIP_MS, SCENES, show_classroom
from tests.e2e.checks import check_scenes
from tests.e2e.page_driver import DashboardPage
from tests.support.broker import Broker


def test_the_classrooms_scenes_can_be_chosen_and_show_their_radar(
    tmp_path: Path,
    shared: Path,
    private_broker: Broker,
    browser_page: Page,
    start_dashboard: Callable[[Path], str],
    artefacts: Path,
) -> None:
    classroom = show_classroom(tmp_path, shared, private_broker.start())
    page = DashboardPage(browser_page)
    page.open(start_dashboard(classroom.store))
    expect(browser_page.get_by_text("The Lesson").first).to_be_visible()
    film_ms = SCENES[-1][2] * 1000
    assert film_ms >= CLIP_MS
    bands = [(name, (start + end) / 2 * 1000 / film_ms) for name, start, end in SCENES]
    check_scenes(page, bands, artefacts, "classroom")
