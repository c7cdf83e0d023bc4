"""The scene editor in a real browser, on a film whose shots were really found."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from analytics.catalogue import Catalogue, Scene
from dashboard.launch import APP, LOOPBACK, environment
from tests.dashboard.handmade_store import Plan, Showing, add_pictures, build_store
from tests.e2e.page_driver import DashboardPage, free_port, open_page, running_dashboard, wait_until_healthy
from tests.support.command import done, houselights
from tests.support.films import make_film

EDITOR = Path(__file__).parent.parent / "support" / "scene_editor_app.py"
LOOKS = [1, 2, 1, 2, 11, 12, 11, 13, 11, 21, 22, 21, 41, 42, 41]
"""Four places; the first of each is seen again and again."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four scenes of three to five shots of 20 frames."""
    folder = tmp_path_factory.mktemp("film")
    return make_film(folder / "rough-2.mp4", [(look, 20) for look in LOOKS])


@pytest.fixture
def store(film: Path, tmp_path: Path) -> Path:
    run = ("scenes", "detect", film, "--film", "reel", "--cut", "rough-2", "--store", tmp_path / "store")
    done(houselights(*run, "--min-length", "1", "--start", "01:00:00:00"))
    return tmp_path / "store"


@pytest.fixture
def editor(store: Path, artefacts: Path) -> Iterator[str]:
    """The address of the editor of this store's one cut."""
    port, log = free_port(), artefacts / "scene-editor.log"
    # From the dashboard's folder: the page's colours and settings lie there.
    with log.open("wb") as output:
        child = subprocess.Popen(
            [
                sys.executable, "-m", "streamlit", "run", str(EDITOR),
                f"--server.port={port}", f"--server.address={LOOPBACK}", "--server.headless=true",
                "--", str(store), "reel", "rough-2",
            ],
            env=environment(os.environ), cwd=APP.parent, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            wait_until_healthy(port, child, log)
            yield f"http://{LOOPBACK}:{port}"
        finally:
            child.terminate()
            child.wait(20)


def scene_names(store: Path) -> list[str]:
    return [scene.name for scene in Catalogue(store).scenes("reel", "rough-2")]


def check_pictures(page: Page, where: str, count: int) -> None:
    """Waits until there are ``count`` pictures under ``where``, all of them drawn."""
    expect(page.locator(f"{where} img")).to_have_count(count)
    page.wait_for_function(
        "where => [...document.querySelectorAll(where + ' img')].every(one => one.complete && one.naturalWidth)",
        arg=where,
    )


def test_scenes_are_named_merged_split_and_undone(
    browser: Browser, editor: str, store: Path, artefacts: Path
) -> None:
    with open_page(browser, height=1000) as page:
        driver = DashboardPage(page)
        driver.open(editor)
        assert len(scene_names(store)) == 4
        check_pictures(page, ".st-key-scene-cards", 4)
        expect(page.get_by_role("img", name="A picture of scene 2, Scene 2")).to_be_visible()
        page.screenshot(path=artefacts / "scene-editor.png")

        page.get_by_role("button", name="2 · Scene 2").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("Scene 2 of 4")).to_be_visible()
        check_pictures(page, "[role=dialog]", 1 + 4)
        page.screenshot(path=artefacts / "scene-editor-open.png")
        name = dialog.get_by_role("textbox", name="Name")
        name.fill("The door")
        name.press("Enter")
        expect(dialog.get_by_text("Scene 2 is called The door now.")).to_be_visible()
        behind = page.locator(".st-key-scene-cards button", has_text="2 · The door")
        expect(behind.first).to_be_visible()  # in the list behind the open scene, too
        dialog.get_by_role("button", name=re.compile("Merge with next: Scene 3")).click()
        expect(dialog).to_have_count(0)
        driver.settle()
        expect(page.get_by_text("Scene 3 is part of The door now.")).to_be_visible()
        assert scene_names(store) == ["Scene 1", "The door", "Scene 4"]

        page.get_by_role("button", name="2 · The door").click()
        dialog.get_by_role("button", name="01:00:07:05").click()
        expect(dialog).to_have_count(0)
        driver.settle()
        expect(page.get_by_role("button", name="3 · The door (2)")).to_be_visible()
        page.screenshot(path=artefacts / "scene-editor-split.png")
        undo = page.get_by_role("button", name="Undo")
        for _ in range(3):
            undo.click()
            driver.settle()
        expect(undo).to_be_disabled()
        assert scene_names(store) == ["Scene 1", "Scene 2", "Scene 3", "Scene 4"]


def test_the_figures_above_the_editor_are_not_drawn_again(
    browser: Browser, tmp_path: Path, artefacts: Path
) -> None:
    """A hundred and fifty scenes are edited on the page of their figures: only the editor answers."""
    scenes = tuple((f"Number {at + 1:03}", 1000 * at, 1000 * (at + 1)) for at in range(150))
    plan = Plan(scenes=scenes, showings=(Showing(seconds=150),))
    store = build_store(tmp_path / "store", plan)
    add_pictures(store, plan)
    with (
        running_dashboard(store, artefacts / "scene-editor-page.log") as address,
        open_page(browser, height=1000) as page,
    ):
        driver = DashboardPage(page)
        driver.open(address, "scenes")
        stale = """() => {
            window.redrawn = 0;
            const radar = document.querySelector('.st-key-radar');
            new MutationObserver(seen => { window.redrawn += seen.length; })
                .observe(radar, {attributes: true, childList: true, subtree: true});
        }"""
        page.evaluate(stale)
        page.get_by_text("Edit the scenes").click()
        check_pictures(page, ".st-key-scene-cards", 24)
        page.get_by_role("button", name="· Number 002").click()
        dialog = page.get_by_role("dialog")
        name = dialog.get_by_role("textbox", name="Name")
        name.fill("The door")
        name.press("Enter")
        expect(dialog.get_by_text("Number 002 is called The door now.")).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        driver.settle()
        expect(page.get_by_role("button", name="2 · The door")).to_be_visible()
        assert page.evaluate("window.redrawn") == 0
        page.screenshot(path=artefacts / "scene-editor-page.png")


def test_by_keyboard_dark_and_on_a_tablet(
    browser: Browser, editor: str, store: Path, artefacts: Path
) -> None:
    with open_page(browser, width=820, height=1180, colours="dark") as page:
        driver = DashboardPage(page)
        driver.open(editor)
        check_pictures(page, ".st-key-scene-cards", 4)
        page.screenshot(path=artefacts / "scene-editor-tablet.png")
        page.get_by_role("button", name="1 · Scene 1").focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        check_pictures(page, "[role=dialog]", 1 + 3)
        page.screenshot(path=artefacts / "scene-editor-tablet-open.png")
        end = dialog.get_by_role("textbox", name="Ends at")
        end.fill("01:00:01:14")
        end.press("Enter")
        expect(dialog.get_by_text("Scene 1 ends at another time now.")).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        driver.settle()
        # With the shot that begins a frame later.
        assert Catalogue(store).scenes("reel", "rough-2")[0] == Scene("Scene 1", 0, 1600)
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0
