from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from edge_agent.training.dataset.duplicates import differing_bits, hashes_of
from edge_agent.training.dataset.faces import share_inside, why_unusable
from edge_agent.training.dataset.picture import (
    MOST_GAIN,
    contrast,
    grey_square,
    normalised,
    perceptual_hash,
    sharpness,
    stretched,
)


def blotches(seed: int, side: int = 48) -> NDArray[np.uint8]:
    small = np.random.default_rng(seed).integers(0, 256, (12, 12)).astype(np.float32)
    return np.clip(cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8)


def bits_between(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    return int(differing_bits(hashes_of([perceptual_hash(one)]), hashes_of([perceptual_hash(other)]))[0, 0])


@pytest.mark.parametrize("side", [1, 20, 48, 49, 300])
def test_every_crop_becomes_the_same_size(side: int) -> None:
    red = np.zeros((side, side, 3), np.uint8)
    red[..., 0] = 255
    grey = grey_square(red)
    assert grey.shape == (48, 48)
    assert grey.dtype == np.uint8
    assert (grey == 76).all()  # BT.601: 0.299 of red; of blue it were 29


def test_a_stretch_uses_the_full_range_and_bounds_its_gain() -> None:
    dim = (blotches(1) * 0.4 + 30).astype(np.uint8)
    assert contrast(dim) < 110
    assert contrast(stretched(dim)) > 250
    nearly_flat = (blotches(1) * (20 / 255) + 100).astype(np.uint8)
    assert contrast(stretched(nearly_flat)) <= MOST_GAIN * contrast(nearly_flat) + 1
    assert contrast(stretched(np.full((48, 48), 9, np.uint8))) == 0


def test_contrast_may_be_left_as_filmed() -> None:
    dim = (blotches(2) * 0.3).astype(np.uint8)
    assert np.array_equal(normalised(dim, "as-filmed"), dim)
    assert np.array_equal(normalised(dim, "stretch"), stretched(dim))


def test_a_blurred_face_is_less_sharp_and_a_dim_one_is_not() -> None:
    sharp = blotches(3)
    blurred = np.asarray(cv2.GaussianBlur(sharp, (0, 0), 3), np.uint8)
    dim = (sharp * 0.4).astype(np.uint8)
    assert sharpness(stretched(blurred)) < sharpness(stretched(sharp)) / 4
    assert sharpness(stretched(dim)) == pytest.approx(sharpness(stretched(sharp)), rel=0.1)


def test_the_hash_sees_the_picture_and_not_its_light() -> None:
    one = blotches(4)
    noise = np.random.default_rng(0).normal(0, 4, one.shape)
    assert len(perceptual_hash(one)) == 36
    assert bits_between(one, (one * 0.6 + 20).astype(np.uint8)) <= 4
    assert bits_between(one, np.clip(one + noise, 0, 255).astype(np.uint8)) <= 20
    assert min(bits_between(one, blotches(seed)) for seed in range(5, 30)) > 28


GOOD = {"face_px": 80, "probability": 0.99, "inside": 1.0, "contrast": 150.0, "sharpness": 900.0}


@pytest.mark.parametrize(
    ("flaw", "why"),
    [
        ({}, None),
        ({"face_px": 31}, "too small"),
        ({"probability": 0.89}, "uncertain"),
        ({"inside": 0.7}, "cut off"),
        ({"contrast": 12.0}, "flat"),
        ({"sharpness": 80.0}, "blurred"),
        ({"face_px": 12, "sharpness": 10.0}, "too small"),
    ],
)
def test_the_first_flaw_is_named(flaw: dict[str, float], why: str | None) -> None:
    facts = GOOD | flaw
    assert (
        why_unusable(
            face_px=int(facts["face_px"]),
            smallest_px=32,
            probability=facts["probability"],
            inside=facts["inside"],
            contrast=facts["contrast"],
            sharpness=facts["sharpness"],
        )
        == why
    )


@pytest.mark.parametrize(
    ("box", "share"),
    [
        ((10, 10, 30, 40), 1),
        ((-10, 0, 10, 20), 0.5),
        ((90, 40, 110, 60), 0.25),
        ((200, 0, 220, 20), 0),
        ((5, 5, 5, 5), 0),
    ],
)
def test_the_share_of_a_face_that_lies_in_the_picture(box: tuple[int, int, int, int], share: float) -> None:
    assert share_inside(np.array(box, np.float32), width=100, height=50) == share
