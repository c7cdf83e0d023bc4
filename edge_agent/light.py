"""Whether there is light enough to read faces by. Pure."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from edge_agent.boxes import Box

Light = Literal["covered", "dark", "glaring", "good"]

_COVERED = 16.0
"""Grey levels: a lens behind a lid or a finger gives nothing brighter, but for its own noise."""
_FLAT = 12.0
"""Grey levels between a picture's darkest and brightest twentieth: a camera that gives one colour has fewer."""
_DARK = 45.0
"""Grey level that a twentieth of the picture should pass, and a face on the whole: one lit by a dim screen alone stays
under it."""
_GLARING = 225.0
"""Grey level of a face that has lost its features in light."""
_STEP = 4  # every fourth pixel each way tells


def light(picture: NDArray[np.uint8], face: Box | None = None) -> Light:
    """Of ``picture`` (height, width, 3) uint8 RGB: ``covered`` where there is nothing to see at all.

    Where a ``face`` (4,) is found it is what counts: a bright window behind it does not light it.
    """
    green = picture[::_STEP, ::_STEP, 1]  # most of the brightness
    low, bright = (float(level) for level in np.percentile(green, (5, 95)))
    if bright < _COVERED or bright - low < _FLAT:
        return "covered"
    level = bright if face is None else _level(green, face)
    if level < _DARK:
        return "dark"
    return "glaring" if face is not None and level > _GLARING else "good"


def _level(green: NDArray[np.uint8], face: Box) -> float:
    left, top, right, bottom = (max(0, round(float(edge)) // _STEP) for edge in face)
    inside = green[top:bottom, left:right]
    return float(np.mean(inside if inside.size else green))
