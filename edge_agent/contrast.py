"""Flat pictures made readable: infra-red cameras, and faces lit by nothing but the screen. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LEAST_RANGE = 160.0
"""Grey levels between a picture's darkest and brightest hundredth; flatter ones are stretched to it. Pictures in
ordinary light have 175 and more, and stay as they are."""
MOST_GAIN = 16.0
"""Noise grows with it. With 4, a third of near faces at a tenth of the contrast are found; with 16, nine in ten."""
_STEP = 4  # every fourth pixel each way tells the range


def readable(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """``image`` (height, width, 3) uint8 RGB itself, or a copy with its contrast stretched."""
    green = image[::_STEP, ::_STEP, 1]  # most of the brightness
    # Counting levels takes a tenth of np.percentile's time, and this is done for every picture.
    at_most = np.bincount(green.ravel(), minlength=256).cumsum()
    low, high = (float(level) for level in np.searchsorted(at_most, (0.01 * green.size, 0.99 * green.size)))
    gain = min(LEAST_RANGE / max(high - low, 1.0), MOST_GAIN)
    if gain <= 1 or high == low:  # nothing to stretch, or nothing there
        return image
    levels = (np.arange(256) - (low + high) / 2) * gain + 127.5
    table: NDArray[np.uint8] = np.clip(levels, 0, 255).astype(np.uint8)
    return table[image]
