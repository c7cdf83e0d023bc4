"""Shots into scenes: the rule on shots whose colours are known."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from analytics.catalogue import Scene, Shot, check_scenes
from analytics.scene_groups import WINDOW, group_shots, link_strength, scene_candidates

BINS = 32


def colours(*looks: float) -> NDArray[np.float32]:
    """(1, bins): a look is a colour; 2.25 shares three quarters with look 2 and a quarter with look 3."""
    found = np.zeros((len(looks), BINS), np.float32)
    for row, look in enumerate(looks):
        found[row, int(look)] = 1 - look % 1
        found[row, int(look) + 1] += look % 1
    return found


def begins(looks: list[float], seconds: float = 5, **options: object) -> list[int]:
    starts = [round(place * seconds * 1000) for place in range(len(looks))]
    shots = [colours(look) for look in looks]
    end = round(len(looks) * seconds * 1000)
    return group_shots(starts, end, shots, **{"min_length_ms": 0, **options})  # type: ignore[arg-type]


def test_a_conversation_is_one_scene_and_the_next_place_another() -> None:
    assert begins([1, 2, 1, 2, 1, 5, 6, 5, 6]) == [0, 5]


def test_a_shot_between_two_that_are_alike_belongs_to_their_scene() -> None:
    assert begins([1, 9, 8, 7, 1, 5, 5]) == [0, 5]


def test_what_comes_again_later_is_no_link() -> None:
    looks: list[float] = [1, *range(10, 10 + WINDOW), 1]
    assert begins(looks) == list(range(len(looks)))


def test_the_more_sensitive_the_more_scenes() -> None:
    looks = [1, 1.4, 1.8, 2.2, 2.6, 3, 3.6, 4.2]
    found = [len(begins(looks, sensitivity=sensitivity)) for sensitivity in ("low", "medium", "high")]
    assert found[0] < found[-1]
    assert found == sorted(found)


def test_a_short_scene_joins_the_neighbour_it_looks_like() -> None:
    looks = [1, 1, 1, 3.6, 4, 4, 4]
    assert begins(looks, sensitivity="high") == [0, 3, 4]
    assert begins(looks, sensitivity="high", min_length_ms=10_000) == [0, 3]


def test_no_shots_and_one_shot() -> None:
    assert group_shots([], 0, []) == []
    assert begins([1]) == [0]
    assert scene_candidates([], []) == []


def test_links_are_as_strong_as_the_key_frames_that_are_most_alike() -> None:
    strength = link_strength(np.stack([colours(1, 2, 3), colours(7, 8, 3.5), colours(20, 21, 22)]))
    assert strength == pytest.approx([0, 0.5, 0])


@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 20)), min_size=1, max_size=40),
    st.integers(0, 90),
)
def test_candidates_cover_the_film_and_none_is_too_short(shots: list[tuple[int, int]], least_s: int) -> None:
    edges = np.cumsum([0, *(seconds * 1000 for seconds, _ in shots)]).tolist()
    found = scene_candidates(
        [Shot(start, end) for start, end in pairwise(edges)],
        [colours(look) for _, look in shots],
        min_length_ms=least_s * 1000,
    )
    check_scenes(found)
    assert (found[0].start_ms, found[-1].end_ms) == (0, edges[-1])
    assert all(one.end_ms == other.start_ms for one, other in pairwise(found))
    assert {scene.start_ms for scene in found} <= set(edges)
    if len(found) > 1:
        assert min(scene.end_ms - scene.start_ms for scene in found) >= least_s * 1000
    assert found[0] == Scene("Scene 1", 0, found[0].end_ms)
