from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from edge_agent.picture_change import PictureChange
from tests.edge_agent.footage import FEMALE, MALE, frames_of

CLIPS = ("classroom.gif", FEMALE, MALE, "face-demographics-walking.gif")


@pytest.mark.parametrize("clip", CLIPS)
def test_people_who_move_are_no_other_place(shared: Path, clip: str) -> None:
    change = PictureChange()
    told = [change.elsewhere(picture) for picture in frames_of(shared / "media" / clip)[::4]]
    assert told == [True] + [False] * (len(told) - 1)


def test_a_cut_is_another_place(shared: Path) -> None:
    firsts = [frames_of(shared / "media" / clip)[0] for clip in CLIPS]
    change = PictureChange()
    assert all(change.elsewhere(picture) for pair in pairwise(firsts) for picture in pair[1:])


@pytest.mark.parametrize("clip", CLIPS)
def test_a_camera_that_turns_by_a_fifth_shows_another_place(shared: Path, clip: str) -> None:
    picture = frames_of(shared / "media" / clip)[0]
    width = picture.shape[1] * 4 // 5
    change = PictureChange()
    change.elsewhere(np.ascontiguousarray(picture[:, :width]))
    assert change.elsewhere(np.ascontiguousarray(picture[:, -width:]))


def test_light_that_falls_and_noise_are_no_other_place(shared: Path) -> None:
    picture = frames_of(shared / "media" / MALE)[0]
    noise = np.random.default_rng(0).normal(0, 8, picture.shape)
    change = PictureChange()
    change.elsewhere(picture)
    assert not change.elsewhere(np.clip(picture * 0.3 + noise, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 5, 3), (480, 640, 3)])
def test_even_pictures_are_one_place_until_the_size_changes(shape: tuple[int, ...]) -> None:
    change = PictureChange()
    assert change.elsewhere(np.zeros(shape, np.uint8))
    assert not change.elsewhere(np.full(shape, 90, np.uint8))
    assert change.elsewhere(np.zeros((shape[0] + 1, *shape[1:]), np.uint8))
