from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from edge_agent.training.regions import REGIONS, FaceFrame, region_masks, region_shares

FRONTAL = np.array([[34, 40], [66, 40], [50, 58], [37, 77], [63, 77]], np.float32)
"""A face that fills a square of 100 pixels."""


def _at(masks: dict[str, np.ndarray], x: float, y: float) -> str:
    (name,) = [name for name, mask in masks.items() if mask[int(y), int(x)]]
    return name


@pytest.mark.parametrize(
    ("x", "y", "region"),
    [(34, 40, "eyes"), (66, 40, "eyes"), (34, 29, "brows"), (66, 29, "brows"), (50, 57, "nose"), (50, 45, "nose"),
     (37, 77, "mouth"), (63, 77, "mouth"), (50, 77, "mouth"), (29, 62, "cheeks"), (71, 62, "cheeks"),
     (50, 10, "elsewhere"), (50, 96, "elsewhere"), (3, 50, "elsewhere")],
)  # fmt: skip
def test_each_part_of_a_frontal_face_is_in_its_region(x: float, y: float, region: str) -> None:
    assert _at(region_masks(FRONTAL, 100), x, y) == region


@given(arrays(np.float32, (5, 2), elements=st.floats(-60, 160, width=32)), st.integers(1, 64))
def test_whatever_the_landmarks_every_pixel_has_one_region(landmarks: np.ndarray, side: int) -> None:
    masks = region_masks(landmarks, side)
    assert tuple(masks) == REGIONS
    assert (np.stack(list(masks.values())).sum(0) == 1).all()


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_a_tilted_head_keeps_its_regions(quarter_turns: int) -> None:
    turned = FRONTAL - 50
    for _ in range(quarter_turns):
        turned = np.stack([turned[:, 1], -turned[:, 0]], axis=-1)  # as np.rot90 turns pixels
    upright, tilted = region_masks(FRONTAL, 100), region_masks(turned + 50, 100)
    for name in REGIONS:
        assert (np.rot90(upright[name], quarter_turns) != tilted[name]).mean() < 0.01


def test_twice_the_face_is_the_same_share_of_twice_the_picture() -> None:
    small, large = region_masks(FRONTAL, 100), region_masks(FRONTAL * 2, 200)
    for name in REGIONS:
        assert small[name].mean() == pytest.approx(large[name].mean(), abs=0.005)


def test_a_profile_keeps_the_scale_of_its_face() -> None:
    profile = np.array([[48, 40], [46, 40], [30, 58], [44, 77], [43, 77]], np.float32)
    frontal, turned = FaceFrame(FRONTAL), FaceFrame(profile)
    assert turned.unit_px == pytest.approx(frontal.unit_px, rel=0.05)
    assert _at(region_masks(profile, 100), 44, 77) == "mouth"
    assert _at(region_masks(profile, 100), 47, 40) == "eyes"


def test_frame_and_pixels_are_each_others_inverse() -> None:
    frame = FaceFrame(FRONTAL + np.array([[0, 5], [0, 0], [0, 0], [0, 0], [0, 3]], np.float32))
    points = np.random.default_rng(0).uniform(0, 100, (20, 2))
    np.testing.assert_allclose(frame.pixels(frame.of(points)), points, atol=1e-9)


def test_shares_of_a_case_worked_by_hand() -> None:
    masks = {
        "mouth": np.array([[True, False], [False, False]]),
        "elsewhere": np.array([[False, True], [True, True]]),
    }
    shares = region_shares(np.array([[3, 1], [-2, 0]], np.float32), masks)
    assert shares["mouth"].area == 0.25
    assert shares["mouth"].spoke_for == 0.75
    assert shares["mouth"].density == 3
    assert shares["mouth"].spoke_against == 0
    assert shares["elsewhere"].spoke_against == 1


def test_silence_is_shared_by_nobody() -> None:
    shares = region_shares(np.zeros((100, 100), np.float32), region_masks(FRONTAL, 100))
    assert {(share.spoke_for, share.spoke_against) for share in shares.values()} == {(0.0, 0.0)}
