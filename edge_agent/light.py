"""Whether there is light enough to read faces by. Pure."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Light = Literal["covered", "dark", "good"]

_COVERED = 16.0
"""Grey levels: a lens behind a lid or a finger gives nothing brighter, but for its own noise."""
_DARK = 45.0
"""Grey level that a twentieth of the picture should pass: a face lit by a dim screen alone stays under it."""


def light(picture: NDArray[np.uint8]) -> Light:
    """Of ``picture`` (height, width, 3) uint8 RGB: ``covered`` where there is nothing to see at all."""
    green = picture[::4, ::4, 1]  # most of the brightness
    middle, bright = (float(level) for level in np.percentile(green, (50, 95)))
    if bright < _COVERED and middle < _COVERED:
        return "covered"
    return "dark" if bright < _DARK else "good"
