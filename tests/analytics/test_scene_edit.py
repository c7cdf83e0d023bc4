"""Scenes joined, split, renamed and moved."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analytics import scene_edit as edit
from analytics.catalogue import Scene, Shot, check_scenes
from analytics.errors import SceneEditError
from contract.film_time import FrameRate, frame_to_ms, ms_to_frame

SCENES = [Scene("A", 0, 1000), Scene("B", 1000, 3000), Scene("C", 4000, 5000)]
"""B and C have a gap between them."""
PAL = FrameRate.parse("25")


def test_rename() -> None:
    assert edit.rename(SCENES, 1, "  The   door ")[1] == Scene("The door", 1000, 3000)
    assert edit.rename(SCENES, 1, "B") == SCENES


def test_merge_takes_the_gap_along() -> None:
    assert edit.merge(SCENES, 0) == [Scene("A", 0, 3000), SCENES[2]]
    assert edit.merge(SCENES, 1) == [SCENES[0], Scene("B", 1000, 5000)]


def test_split_names_the_second_part_after_the_first() -> None:
    assert edit.split(SCENES, 2000)[1:3] == [Scene("B", 1000, 2000), Scene("B (2)", 2000, 3000)]
    twice = edit.split(edit.split(SCENES, 2000), 1500)
    assert [scene.name for scene in twice] == ["A", "B", "B (3)", "B (2)", "C"]
    assert edit.split(SCENES, 4500, "D")[-1] == Scene("D", 4500, 5000)


def test_an_edge_moves_the_neighbour_that_touches_it_and_no_other() -> None:
    assert edit.move_start(SCENES, 1, 400)[:2] == [Scene("A", 0, 400), Scene("B", 400, 3000)]
    assert edit.move_start(SCENES, 1, 1200)[:2] == [Scene("A", 0, 1200), Scene("B", 1200, 3000)]
    assert edit.move_start(SCENES, 2, 3500) == [*SCENES[:2], Scene("C", 3500, 5000)]
    assert edit.move_start(SCENES, 2, 2500)[1:] == [Scene("B", 1000, 2500), Scene("C", 2500, 5000)]
    assert edit.move_end(SCENES, 1, 3800) == [SCENES[0], Scene("B", 1000, 3800), SCENES[2]]
    assert edit.move_end(SCENES, 0, 1500)[:2] == [Scene("A", 0, 1500), Scene("B", 1500, 3000)]
    assert edit.move_end(SCENES, 2, 9000, 9000)[2] == Scene("C", 4000, 9000)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda: edit.rename(SCENES, 0, " "), "needs a name"),
        (lambda: edit.rename(SCENES, 0, "C"), "scene 3 is already called 'C'"),
        (lambda: edit.rename(SCENES, 7, "D"), "there is no scene 8: the cut has 3"),
        (lambda: edit.merge(SCENES, 2), "'C' is the last scene"),
        (lambda: edit.split(SCENES, 3500), "no scene runs 3.5 s into the film"),
        (lambda: edit.split(SCENES, 1000), "'B' begins there already"),
        (lambda: edit.split(SCENES, 2000, "A"), "already called 'A'"),
        (lambda: edit.move_start(SCENES, 1, 0), "nothing of 'A' would be left"),
        (lambda: edit.move_start(SCENES, 1, 3000), "'B' cannot begin there"),
        (lambda: edit.move_start(SCENES, 0, -1), "'A' cannot begin there"),
        (lambda: edit.move_end(SCENES, 0, 3000), "nothing of 'B' would be left"),
        (lambda: edit.move_end(SCENES, 1, 1000), "'B' cannot end there"),
        (lambda: edit.move_end(SCENES, 2, 6000, 5500), "the film ends before"),
        (lambda: edit.find_scene(SCENES, "4"), "no scene is called '4'"),
        (lambda: edit.find_scene(SCENES, "b"), "a number from 1 to 3"),
        (lambda: edit.find_scene([], "1"), "has no scenes yet"),
    ],
)
def test_what_cannot_be_done_says_why(change: Callable[[], object], why: str) -> None:
    with pytest.raises(SceneEditError, match=why.replace("(", r"\(")):
        change()


def test_a_scene_is_found_by_name_and_else_by_number() -> None:
    numbered = [Scene("2", 0, 1), Scene("x", 1, 2)]
    assert [edit.find_scene(numbered, which) for which in ("2", "1", "x")] == [0, 0, 1]


def test_a_moment_snaps_to_the_shot_near_it_or_else_to_its_frame() -> None:
    shots = [Shot(0, 1960), Shot(1960, 9000)]
    assert [edit.snap(at, shots, PAL) for at in (300, 1700, 2300)] == [0, 1960, 1960]
    assert [edit.snap(at, shots, PAL) for at in (1000, 1019, 5059)] == [1000, 1000, 5040]
    assert edit.snap(1019, [], PAL) == 1000


@st.composite
def lists(draw: st.DrawFn) -> list[Scene]:
    scenes, at = [], 0
    for number in range(draw(st.integers(1, 6))):
        start = at + draw(st.sampled_from([0, 0, 700]))
        at = start + draw(st.integers(1, 4000))
        scenes.append(Scene(f"Scene {number + 1}", start, at))
    return scenes


CHANGES: dict[str, Callable[[list[Scene], int, int, str], list[Scene]]] = {
    "rename": lambda scenes, place, _at, name: edit.rename(scenes, place, name),
    "merge": lambda scenes, place, _at, _name: edit.merge(scenes, place),
    "split": lambda scenes, _place, at, _name: edit.split(scenes, at),
    "move_start": lambda scenes, place, at, _name: edit.move_start(scenes, place, at),
    "move_end": lambda scenes, place, at, _name: edit.move_end(scenes, place, at),
}
STEPS = st.lists(
    st.tuples(
        st.sampled_from(sorted(CHANGES)),
        st.integers(0, 6),
        st.integers(0, 20_000),
        st.sampled_from(["Scene 1", "Scene 2", "Door", " "]),
    ),
    max_size=8,
)


@given(lists(), STEPS)
def test_whatever_is_done_can_be_saved_and_a_list_that_was_given_stays(
    scenes: list[Scene], steps: list[tuple[str, int, int, str]]
) -> None:
    for what, place, at, name in steps:
        before = list(scenes)
        try:
            changed = CHANGES[what](scenes, place, at, name)
        except SceneEditError:
            changed = before
        assert scenes == before
        check_scenes(changed)
        scenes = changed


@given(lists(), st.integers(1, 6000))
def test_what_was_split_is_merged_again(scenes: list[Scene], at: int) -> None:
    assume(any(scene.start_ms < at < scene.end_ms for scene in scenes))
    parts = edit.split(scenes, at)
    assert len(parts) == len(scenes) + 1
    assert edit.merge(parts, edit.scene_at(parts, at) - 1) == scenes


@given(st.integers(0, 10_000_000), st.sampled_from(["24", "25", "24000/1001", "29.97df", "60"]))
def test_without_shots_a_moment_is_where_its_frame_begins(at: int, text: str) -> None:
    rate = FrameRate.parse(text)
    snapped = edit.snap(at, [], rate)
    assert snapped <= at
    assert frame_to_ms(ms_to_frame(snapped, rate), rate) == snapped
