from __future__ import annotations

import numpy as np
import pytest

from edge_agent.contrast import readable


def span(picture: np.ndarray) -> float:
    low, high = np.percentile(picture, (1, 99))
    return float(high - low)


def test_ordinary_pictures_stay_as_they_are() -> None:
    picture = np.linspace(0, 255, 64 * 64 * 3).astype(np.uint8).reshape(64, 64, 3)
    assert readable(picture) is picture


def test_a_flat_picture_is_stretched_around_the_middle() -> None:
    noise = np.random.default_rng(0).integers(40, 81, (64, 64, 3), dtype=np.uint8)
    stretched = readable(noise)
    assert 150 <= span(stretched) <= 170
    assert stretched.mean() == pytest.approx(127.5, abs=3)


@pytest.mark.parametrize("level", [0, 90, 255])
def test_a_picture_of_nothing_stays_nothing(level: int) -> None:
    picture = np.full((20, 30, 3), level, np.uint8)
    assert readable(picture) is picture
