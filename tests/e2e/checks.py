"""What must hold of the dashboard in a browser, whatever store it shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.page_driver import DashboardPage


def check_scenes(
    page: DashboardPage, scenes: Sequence[tuple[str, float]], artefacts: Path, name: str
) -> None:
    """Every control chooses a scene and the radar follows: timeline, table row, list.

    ``scenes``: at least two, each its name and the middle of its band as a fraction of the film, in film
    order. Screenshots go to ``artefacts`` under ``name``.
    """
    last = len(scenes)
    page.menu("Timeline")
    page.click_timeline(scenes[-1][1])
    expect(page.heading).to_have_text(f"Scene {last}: {scenes[-1][0]}")
    before, pixels = page.expect_radar_of(last), page.radar_pixels()
    page.page.screenshot(path=artefacts / f"{name}-timeline-click.png")

    page.menu("Scenes")
    expect(page.table_scenes()).to_have_text([scene for scene, _ in scenes])
    expect(page.heading).to_have_text(f"Scene {last}: {scenes[-1][0]}")
    page.click_table_row(0)
    expect(page.heading).to_have_text(f"Scene 1: {scenes[0][0]}")
    assert page.expect_radar_of(1) != before, "the radar says the same of two scenes"
    assert page.radar_pixels() != pixels, "the radar did not change"
    page.page.screenshot(path=artefacts / f"{name}-table-row.png")

    # The same band again: a chart that still remembered its old click would not answer.
    page.menu("Timeline")
    expect(page.heading).to_have_text(f"Scene 1: {scenes[0][0]}")
    page.click_timeline(scenes[-1][1])
    expect(page.heading).to_have_text(f"Scene {last}: {scenes[-1][0]}")

    page.choose_from_list(0)
    expect(page.heading).to_have_text(f"Scene 1: {scenes[0][0]}")
    page.whole_page(artefacts / f"{name}-whole.png")
