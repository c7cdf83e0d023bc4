"""What is known of a face found in a film, whether it can be used, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_PROBABILITY = 0.9
"""MTCNN's, below which a find is left out; it answers from 0.7 up. Two people near the camera have 0.999 in every
frame, four across a room, 11 to 25 pixels wide, 0.88 in half of them."""
LEAST_INSIDE = 0.8
"""Share of the box that lies in the picture; the rest of the crop would be the edge's last row, repeated."""
LEAST_CONTRAST = 24.0
"""Grey levels between the darkest and brightest hundredth of a crop: with fewer, the most a stretch may do
(``picture.MOST_GAIN``) leaves a face pale and made of steps."""
LEAST_SHARPNESS = 200.0
"""Variance of the Laplacian of the stretched 48x48 picture. A face 16 pixels wide, blown up to 48, has 190 (median of
800 of FER2013); a face of 85 pixels in softly focused footage 360; of 4,000 faces of FER2013 fewer than one in a
thousand has less than 670."""


@dataclass(frozen=True)
class Sighting:
    """One face in one frame that was looked at.

    film_ms: of the frame. shot: position in the film's shots. box: left, top, right, bottom in whole pixels of the
    upright frame. face_px: side of the square crop. inside: share of the box that lies in the picture. contrast: grey
    levels, 0 to 255. front: whether it is turned to the camera. hash: hexadecimal digits of its 144 bits. unusable:
    why it cannot be used, in words of ``why_unusable``.
    """

    film_ms: int
    shot: int
    box: tuple[int, int, int, int]
    face_px: int
    probability: float
    front: bool
    inside: float
    contrast: float
    sharpness: float
    hash: str
    unusable: str | None


def why_unusable(
    *,
    face_px: int,
    smallest_px: int,
    probability: float,
    inside: float,
    contrast: float,
    sharpness: float,
) -> str | None:
    """The first reason to leave a face out (one word or two, for a table), None when there is none."""
    if face_px < smallest_px:
        return "too small"
    if probability < LEAST_PROBABILITY:
        return "uncertain"
    if inside < LEAST_INSIDE:
        return "cut off"
    if contrast < LEAST_CONTRAST:
        return "flat"
    if sharpness < LEAST_SHARPNESS:
        return "blurred"
    return None


def share_inside(box: NDArray[np.float32], width: int, height: int) -> float:
    """Share of ``box`` (4,) xmin ymin xmax ymax that lies in a picture of that size: 0 to 1."""
    left, top, right, bottom = (float(edge) for edge in box)
    seen = max(0.0, min(right, width) - max(left, 0.0)) * max(0.0, min(bottom, height) - max(top, 0.0))
    area = (right - left) * (bottom - top)
    return seen / area if area > 0 else 0.0
