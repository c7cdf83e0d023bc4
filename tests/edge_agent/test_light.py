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
