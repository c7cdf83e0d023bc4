from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.data import astronaut

from edge_agent.light import light
from tests.bench.footage import HEAD_POSE

PORTRAIT = np.asarray(astronaut(), np.uint8)


def dimmed(share: float) -> NDArray[np.uint8]:
    return cv2.convertScaleAbs(PORTRAIT, alpha=share).astype(np.uint8)


@pytest.mark.parametrize(
    ("picture", "says"),
    [(PORTRAIT, "good"), (dimmed(0.5), "good"), (dimmed(0.15), "dark"), (dimmed(0.03), "covered")],
)
def test_a_portrait_in_less_and_less_light(picture: NDArray[np.uint8], says: str) -> None:
    assert light(picture) == says


def test_a_lid_is_black_but_for_the_cameras_own_noise() -> None:
    noise = np.abs(np.random.default_rng(1).normal(2, 3, (480, 640, 3))).astype(np.uint8)
    assert light(noise) == "covered"


def test_a_night_street_with_one_lamp_is_dark_and_not_covered() -> None:
    picture = np.zeros((480, 640, 3), np.uint8)
    picture[200:260, 300:420] = 40
    picture[:, :60] = 30
    assert light(picture) == "dark"


def test_the_shared_footage_has_light_enough(shared: Path) -> None:
    for name in ("classroom.gif", *HEAD_POSE):
        capture = cv2.VideoCapture(str(shared / "media" / name))
        ok, picture = capture.read()
        capture.release()
        assert ok
        assert light(np.asarray(picture, np.uint8)) == "good", name


def test_a_camera_that_gives_one_colour_is_covered() -> None:
    noise = np.random.default_rng(1).normal(0, 2, (120, 160, 3))
    for level in (90, 255):
        assert light(np.clip(level + noise, 0, 255).astype(np.uint8)) == "covered"


def test_the_face_counts_and_not_the_window_behind_it() -> None:
    picture = np.full((240, 320, 3), 240, np.uint8)
    picture[60:180, 100:220] = 20
    face = np.array([100, 60, 220, 180], np.float32)
    assert light(picture) == "good"
    assert light(picture, face) == "dark"
    assert light(255 - picture, face) == "glaring"
    outside = np.array([-500, -500, -400, -400], np.float32)
    assert light(picture, outside) == "good"
