from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from edge_agent.faces import SMALLEST_READABLE_PX, crop, crop_side, is_front, is_readable
from edge_agent.mtcnn import MtcnnFinder
from edge_agent.pacing import AsFastAsItGoes
from edge_agent.video_file import FileSource


@pytest.fixture(scope="module")
def finder(one_thread: None) -> MtcnnFinder:  # noqa: ARG001 - a fixture asks for another by its name
    return MtcnnFinder()


def first_frame(path: Path) -> NDArray[np.uint8]:
    source = FileSource(path, AsFastAsItGoes())
    frame = source.grab()
    source.close()
    assert frame is not None
    return frame.image


def box(*corners: float) -> NDArray[np.float32]:
    return np.array(corners, np.float32)


def test_a_crop_is_the_square_of_the_longer_side() -> None:
    picture = np.arange(100 * 200 * 3, dtype=np.uint32).reshape(100, 200, 3).astype(np.uint8)
    cut = crop(picture, box(50, 20, 70, 60), margin=0)
    assert cut.shape == (40, 40, 3)
    assert np.array_equal(cut, picture[20:60, 40:80])
    assert crop(picture, box(50, 20, 70, 60), margin=0.5).shape == (60, 60, 3)


@pytest.mark.parametrize(
    "corners", [(-10, -10, 20, 20), (190, 85, 220, 115), (-50, -50, -20, -20), (5, 5, 5, 5)]
)
def test_a_crop_at_the_edge_keeps_its_shape(corners: tuple[float, float, float, float]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (100, 200, 3), dtype=np.uint8)
    cut = crop(picture, box(*corners), margin=0)
    side = max(1, round(corners[2] - corners[0]))
    assert cut.shape == (side, side, 3)


def test_past_the_edge_the_last_row_is_repeated() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (100, 200, 3), dtype=np.uint8)
    cut = crop(picture, box(50, -10, 70, 10), margin=0)
    assert np.array_equal(cut[:10], np.repeat(picture[None, 0, 50:70], 10, axis=0))


def test_a_face_is_readable_when_large_enough_and_in_the_picture() -> None:
    smallest = box(50, 20, 80, 20 + SMALLEST_READABLE_PX / 0.9)
    assert crop_side(smallest) == SMALLEST_READABLE_PX
    assert is_readable((100, 200, 3), smallest)
    assert not is_readable((100, 200, 3), box(50, 20, 80, 18 + SMALLEST_READABLE_PX / 0.9))


@pytest.mark.parametrize(
    ("left", "readable"), [(0, True), (-7, True), (-9, False), (154, True), (170, False)]
)
def test_a_face_that_the_edge_cuts_off_is_not_readable(left: float, readable: bool) -> None:
    assert is_readable((100, 200, 3), box(left, 10, left + 50, 70)) is readable


def points(nose_x: float, *, tilt: float = 0.0) -> NDArray[np.float32]:
    upright = np.array([[-10, 0], [10, 0], [nose_x, 12], [-8, 22], [8, 22]], np.float32)
    turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]], np.float32)
    return (upright @ turn.T + 100).astype(np.float32)


def test_a_nose_between_the_eyes_is_turned_to_the_screen() -> None:
    assert is_front(points(0))
    assert is_front(points(4.9))
    assert not is_front(points(5.1))
    assert not is_front(points(-9))


@pytest.mark.parametrize("tilt", [-0.6, 0.6])
def test_a_tilted_head_is_still_turned_to_the_screen(tilt: float) -> None:
    assert is_front(points(0, tilt=tilt))
    assert not is_front(points(9, tilt=tilt))


def test_eyes_that_meet_are_a_profile() -> None:
    assert not is_front(np.zeros((5, 2), np.float32))


def test_four_seated_people_are_found(shared: Path, finder: MtcnnFinder) -> None:
    faces = finder.find(first_frame(shared / "media" / "classroom.gif"))
    assert len(faces) == 4
    for face in faces:
        assert face.box.shape == (4,)
        assert face.box.dtype == face.landmarks.dtype == np.float32
        assert face.landmarks.shape == (5, 2)
        assert 0.7 <= face.probability <= 1
        left, top, right, bottom = face.box
        assert 9 <= right - left <= 25
        assert (face.landmarks >= (left - 3, top - 3)).all()
        assert (face.landmarks <= (right + 3, bottom + 3)).all()


def test_the_smallest_face_grows_with_the_picture(shared: Path, finder: MtcnnFinder) -> None:
    picture = first_frame(shared / "media" / "classroom.gif")
    larger = np.asarray(cv2.resize(picture, (1920, 1080), interpolation=cv2.INTER_CUBIC), np.uint8)
    assert len(finder.find(larger)) >= 3  # the same room at four times the size
    assert not MtcnnFinder(min_face_px=100).find(picture)


@pytest.mark.parametrize("shape", [(1, 1), (5, 400), (20, 20), (64, 64), (270, 480)])
def test_nobody_is_found_where_nobody_is(finder: MtcnnFinder, shape: tuple[int, int]) -> None:
    assert finder.find(np.zeros((*shape, 3), np.uint8)) == []


def test_a_head_that_turns_away_and_back_is_seen_to(shared: Path, finder: MtcnnFinder) -> None:
    source = FileSource(shared / "media" / "head-pose-face-detection-female.gif", AsFastAsItGoes())
    turned = {}
    for number in range(23):
        frame = source.grab()
        assert frame is not None
        if number in {0, 5, 9, 12, 18, 22}:
            (face,) = finder.find(frame.image)
            turned[number] = is_front(face.landmarks)
    # Far to one side, past the camera to the other side, and back.
    assert turned == {0: False, 5: False, 9: True, 12: False, 18: True, 22: False}
