"""The scene editor's logic, run without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.catalogue import Catalogue, FoundShots, Scene, Shot, ensure_cut
from tests.support.app_test import app_test

SCENES = [Scene("Opening", 0, 10_000), Scene("The *door*", 10_000, 30_000), Scene("End", 30_000, 40_000)]
SHOTS = [Shot(0, 10_000), Shot(10_000, 14_000), Shot(14_000, 30_000), Shot(30_000, 40_000)]
KEY = "scene-editor-reel-rough-2"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    catalogue = Catalogue(tmp_path)
    ensure_cut(
        catalogue, "reel", "rough-2", frame_rate="25", start_timecode="01:00:00:00", duration_ms=40_000
    )
    catalogue.save_scenes("reel", "rough-2", SCENES)
    catalogue.save_shots("reel", "rough-2", FoundShots(SHOTS))
    return tmp_path


def open_editor(store: Path, cut: str = "rough-2") -> AppTest:
    script = (
        "from dashboard.views.scene_editor import scene_editor\n"
        f"scene_editor({str(store)!r}, 'reel', {cut!r})\n"
    )
    return checked(app_test(script).run())


def checked(page: AppTest) -> AppTest:
    assert not page.exception, [one.value for one in page.exception]
    return page


def press(page: AppTest, key: str) -> AppTest:
    return checked(page.button(key=f"{KEY}-{key}").click().run())


def type_into(page: AppTest, label: str, text: str) -> AppTest:
    field = next(one for one in page.text_input if one.label == label)
    return checked(field.set_value(text).run())


def scenes(store: Path) -> list[Scene]:
    return Catalogue(store).scenes("reel", "rough-2")


def captions(page: AppTest) -> list[str]:
    return [one.value for one in page.caption]


def test_every_scene_is_shown_with_its_times(store: Path) -> None:
    page = open_editor(store)
    assert (
        "**3 scenes** of cut **rough-2**. Changes are saved at once; figures follow at the next publish."
        in [one.value for one in page.markdown]
    )
    assert captions(page) == [
        "01:00:00:00 · 10 s · 1 shot", "01:00:10:00 · 20 s · 2 shots", "01:00:30:00 · 10 s · 1 shot",
    ]  # fmt: skip
    assert page.button(key=f"{KEY}-open-1").label == "**2 · The \\*door\\***"
    assert page.button(key=f"{KEY}-undo").disabled


def test_rename_move_and_a_mistake_leave_the_scene_open(store: Path) -> None:
    page = press(open_editor(store), "open-1")
    page = type_into(page, "Name", "The door")
    page = type_into(page, "Begins at", "01:00:08:00")
    page = type_into(page, "Ends at", "29")
    assert scenes(store) == [
        Scene("Opening", 0, 8000), Scene("The door", 8000, 29_000), Scene("End", 29_000, 40_000),
    ]  # fmt: skip
    page = type_into(page, "Name", "Opening")
    assert "already called 'Opening'" in page.error[0].value
    assert [one.value for one in page.text_input if one.label == "Name"] == ["The door"]
    page = type_into(page, "Begins at", "soon")
    assert "neither a timecode" in page.error[0].value
    page = type_into(page, "Ends at", "01:00:40:00")
    assert "Nothing of 'End' would be left" in page.error[0].value
    page = type_into(page, "Ends at", "01:00:50:00")
    assert "the film ends before" in page.error[0].value


def test_merge_and_undo(store: Path) -> None:
    page = press(press(open_editor(store), "open-0"), "merge")
    assert scenes(store) == [Scene("Opening", 0, 30_000), SCENES[2]]
    assert "is part of Opening now" in page.success[0].value
    assert not page.text_input  # closed: all scenes are looked at again
    page = press(page, "undo")
    assert scenes(store) == SCENES
    assert page.button(key=f"{KEY}-undo").disabled
    page = press(page, "open-2")
    assert page.button(key=f"{KEY}-merge").disabled


def test_split_at_a_shot_and_at_a_timecode(store: Path) -> None:
    page = press(press(open_editor(store), "open-1"), "split-2")
    assert scenes(store)[1:3] == [
        Scene("The *door*", 10_000, 14_000),
        Scene("The *door* (2)", 14_000, 30_000),
    ]
    page = press(page, "open-0")
    assert "It is a single shot." in captions(page)
    page = type_into(page, "At a timecode", "01:00:05:01")
    page = press(page, "split")
    assert scenes(store)[:2] == [Scene("Opening", 0, 5040), Scene("Opening (2)", 5040, 10_000)]
    page = press(press(page, "open-0"), "split")
    assert "neither a timecode" in page.error[0].value
    assert len(scenes(store)) == 5


def test_a_list_that_was_changed_elsewhere_is_shown_and_not_overwritten(store: Path) -> None:
    page = press(open_editor(store), "open-0")
    Catalogue(store).save_scenes(
        "reel", "rough-2", [Scene("Whole", 0, 40_000), Scene("Credits", 40_000, 50_000)]
    )
    page = press(page, "merge")
    assert "changed elsewhere meanwhile" in page.error[0].value
    assert [scene.name for scene in scenes(store)] == ["Whole", "Credits"]
    assert [one.value for one in page.text_input if one.label == "Name"] == ["Whole"]


def test_many_scenes_are_shown_in_parts(store: Path) -> None:
    many = [Scene(f"Scene {n}", n * 1000, n * 1000 + 1000) for n in range(49)]
    Catalogue(store).save_scenes("reel", "rough-2", many)

    def shown(page: AppTest) -> list[str]:
        return [one.label for one in page.button if one.label.startswith("**")]

    page = open_editor(store)
    assert len(shown(page)) == 24
    page = checked(page.button_group(key=f"{KEY}-part").set_value(48).run())
    assert shown(page) == ["**49 · Scene 48**"]
    page = press(press(page, "open-48"), "split")
    assert page.error
    Catalogue(store).save_scenes("reel", "rough-2", many[:48])
    page = checked(page.run())
    assert len(shown(page)) == 24


def test_without_scenes_pictures_or_a_cut_it_says_what_to_do(store: Path) -> None:
    (store / "catalogue" / "shots" / "reel" / "rough-2.json").unlink()
    assert any("scenes detect FILM --shots-only" in text for text in captions(open_editor(store)))
    Catalogue(store).save_scenes("reel", "rough-2", [])
    assert "houselights scenes detect film.mp4 --film reel --cut rough-2" in open_editor(store).code[0].value
    assert "no cut reel/tv" in open_editor(store, "tv").error[0].value
