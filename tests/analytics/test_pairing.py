"""Scenes of two cuts, paired."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.catalogue import Scene
from analytics.pairing import pair_scenes, same_name


def cut(text: str) -> list[Scene]:
    """``"Opening:10 Kitchen:30"``: scenes one after the other, seconds each; ``_`` is a space, ``-:5`` a gap."""
    scenes, at = [], 0
    for word in text.split():
        name, _, seconds = word.rpartition(":")
        end = at + int(seconds) * 1000
        if name != "-":
            scenes.append(Scene(name.replace("_", " "), at, end))
        at = end
    return scenes


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("", "", []),
        ("A:10", "", [(0, None)]),
        ("", "A:10", [(None, 0)]),
        ("A:10 B:10", "A:12 B:8", [(0, 0), (1, 1)]),
        # capitals and spaces are forgiven
        ("Kitchen:10 The_Street:5", "KITCHEN:10 the__street:5", [(0, 0), (1, 1)]),
        # one taken out, one put in elsewhere
        ("A:10 B:10 C:10", "A:10 C:10", [(0, 0), (1, None), (2, 1)]),
        ("A:10 C:10", "N:5 A:10 C:10 M:5", [(None, 0), (0, 1), (1, 2), (None, 3)]),
        # moved to the end: its name finds it
        ("A:10 B:10 C:10", "B:10 C:10 A:10", [(0, 2), (1, 0), (2, 1)]),
        # renamed between two that kept their names
        ("A:10 Kitchen:10 C:10", "A:10 Cook:30 C:10", [(0, 0), (1, 1), (2, 2)]),
        # one became two: the greater part is it
        ("A:10 Long:30 C:10", "A:10 Start:20 Rest:10 C:10", [(0, 0), (1, 1), (None, 2), (2, 3)]),
        # nothing has its name any more: by place
        ("A:10 B:40 C:10", "X:10 Y:50", [(0, 0), (1, 1), (2, None)]),
        # a scene and a scene elsewhere are no pair
        ("A:10 X:10 B:10", "A:10 B:10 Y:10", [(0, 0), (1, None), (2, 1), (None, 2)]),
        # names that are the same but for capitals, in one cut: in film order
        ("a:10 A:10", "A:10 a:10 X:10", [(0, 0), (1, 1), (None, 2)]),
    ],
)  # fmt: skip
def test_pairs(first: str, second: str, expected: list[tuple[int | None, int | None]]) -> None:
    assert pair_scenes(cut(first), cut(second)) == expected


@st.composite
def cuts(draw: st.DrawFn) -> list[Scene]:
    names = draw(st.lists(st.sampled_from("aAbBcCdDeEfgh"), max_size=9, unique=True))
    scenes, at = [], 0
    for name in names:
        start = at + draw(st.integers(0, 3)) * 1000
        at = start + draw(st.integers(1, 9)) * 1000
        scenes.append(Scene(name, start, at))
    return scenes


@given(cuts(), cuts())
def test_every_scene_stands_in_exactly_one_pair(first: list[Scene], second: list[Scene]) -> None:
    pairs = pair_scenes(first, second)
    assert [one for one, _ in pairs if one is not None] == list(range(len(first)))
    assert sorted(other for _, other in pairs if other is not None) == list(range(len(second)))
    assert (None, None) not in pairs


@given(cuts(), cuts())
def test_the_order_of_the_cuts_makes_no_difference(first: list[Scene], second: list[Scene]) -> None:
    there = {(one, other) for one, other in pair_scenes(first, second)}
    assert there == {(one, other) for other, one in pair_scenes(second, first)}


@given(cuts())
def test_a_cut_is_paired_with_itself(scenes: list[Scene]) -> None:
    assert pair_scenes(scenes, scenes) == [(n, n) for n in range(len(scenes))]


@given(cuts(), cuts())
def test_a_name_that_both_have_is_never_left_alone(first: list[Scene], second: list[Scene]) -> None:
    pairs = pair_scenes(first, second)
    alone_first = {same_name(first[one].name) for one, other in pairs if one is not None and other is None}
    alone_second = {
        same_name(second[other].name) for one, other in pairs if one is None and other is not None
    }
    assert not alone_first & alone_second


@given(cuts(), cuts())
def test_pairs_by_place_keep_the_order(first: list[Scene], second: list[Scene]) -> None:
    by_place = [
        (one, other)
        for one, other in pair_scenes(first, second)
        if one is not None
        and other is not None
        and same_name(first[one].name) != same_name(second[other].name)
    ]
    assert by_place == sorted(by_place, key=lambda pair: pair[1])


@given(cuts(), st.integers(1, 4))
def test_a_cut_that_runs_slower_pairs_by_name(scenes: list[Scene], factor: int) -> None:
    slower = [Scene(scene.name, scene.start_ms * factor, scene.end_ms * factor) for scene in scenes]
    assert pair_scenes(scenes, slower) == [(n, n) for n in range(len(scenes))]
