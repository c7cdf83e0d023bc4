"""Changes made on the page: saved, undone, and refused where somebody else was quicker."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from analytics import scene_edit
from analytics.catalogue import Catalogue, Scene, ensure_cut
from analytics.cut_scenes import CutScenes
from dashboard.scene_changes import SceneChanges

SCENES = [Scene("A", 0, 1000), Scene("B", 1000, 3000), Scene("C", 3000, 5000)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    ensure_cut(Catalogue(tmp_path), "reel", "rough", frame_rate="25")
    Catalogue(tmp_path).save_scenes("reel", "rough", SCENES)
    return tmp_path


def now(store: Path) -> CutScenes:
    return CutScenes.open(store, "reel", "rough")


def names(store: Path) -> list[str]:
    return [scene.name for scene in now(store).scenes]


def test_changes_are_saved_and_undone_one_by_one(store: Path) -> None:
    changes = SceneChanges()
    assert not changes.undoable
    assert changes.apply(now(store), SCENES, partial(scene_edit.merge, place=0), "B is part of A now.")
    merged = now(store).scenes
    assert changes.apply(
        now(store), merged, partial(scene_edit.rename, place=1, name="D"), "C is called D now."
    )
    assert names(store) == ["A", "D"]
    assert (changes.said, changes.failed, changes.undoable) == (
        "C is called D now.",
        False,
        "C is called D now.",
    )
    assert changes.undo(now(store))
    assert names(store) == ["A", "C"]
    assert changes.said == "Undone: C is called D now."
    assert changes.undo(now(store))
    assert now(store).scenes == SCENES
    assert not changes.undo(now(store))


def test_what_cannot_be_done_is_said_and_leaves_all_as_it_was(store: Path) -> None:
    changes = SceneChanges()
    assert not changes.apply(now(store), SCENES, partial(scene_edit.merge, place=2), "never")
    assert changes.failed
    assert changes.said == "'C' is the last scene: there is no next one to merge it with."
    assert (now(store).scenes, changes.undoable) == (SCENES, None)


def test_a_change_that_changes_nothing_is_none(store: Path) -> None:
    changes = SceneChanges()
    assert changes.apply(now(store), SCENES, partial(scene_edit.rename, place=0, name="A"), "never")
    assert (changes.said, changes.undoable) == ("", None)


def test_a_list_that_was_changed_elsewhere_is_not_overwritten(store: Path) -> None:
    changes = SceneChanges()
    assert changes.apply(
        now(store), SCENES, partial(scene_edit.rename, place=0, name="X"), "A is called X now."
    )
    elsewhere = [Scene("Whole", 0, 5000)]
    Catalogue(store).save_scenes("reel", "rough", elsewhere)
    assert not changes.apply(now(store), SCENES, partial(scene_edit.merge, place=0), "never")
    assert changes.failed
    assert "changed elsewhere" in changes.said
    assert not changes.undo(now(store))
    assert "nothing was undone" in changes.said
    assert (now(store).scenes, changes.undoable) == (elsewhere, None)


def test_only_so_many_are_kept(store: Path) -> None:
    changes = SceneChanges()
    for number in range(60):
        shown = now(store).scenes
        assert changes.apply(
            now(store), shown, partial(scene_edit.rename, place=0, name=f"A{number}"), str(number)
        )
    assert len(changes.done) == 50
    assert changes.undoable == "59"
