"""Where brows, eyes, nose, cheeks and mouth lie, from MTCNN's five landmarks; pure.

Positions are in the face's own frame: the origin is midway between the eyes, x runs along the eyes, y down the face,
and the unit is the distance between the eyes. So a tilted head keeps its regions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REGIONS = ("brows", "eyes", "nose", "cheeks", "mouth", "elsewhere")
"""From top to bottom; ``elsewhere`` is forehead, chin, hair and background, so that the regions fill the crop."""

_EYES_TO_MOUTH = 1.157
"""In eye distances, on ArcFace's alignment template, the mean face that MTCNN's landmarks are usually aligned to
(Deng et al. 2019). In a turned head the eyes come together and this length does not."""
_CLAIMS = ("mouth", "nose", "eyes", "brows", "cheeks")  # where two overlap, the earlier has the pixel


@dataclass(frozen=True)
class Ellipse:
    """Upright in the face's frame; eye distances."""

    x: float
    y: float
    half_width: float
    half_height: float

    def holds(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of the points lie inside."""
        inside: NDArray[np.bool_] = (
            ((x - self.x) / self.half_width) ** 2 + ((y - self.y) / self.half_height) ** 2
        ) <= 1
        return inside


@dataclass(frozen=True)
class RegionShare:
    """What one region said about one emotion."""

    area: float
    """Share of the crop, 0..1."""
    spoke_for: float
    """Share of everything in the crop that spoke for the emotion, 0..1."""
    spoke_against: float
    """Share of everything in the crop that spoke against it, 0..1."""

    @property
    def density(self) -> float:
        """``spoke_for`` over ``area``: 1 is what the region would have if every pixel spoke alike; 0 without area."""
        return self.spoke_for / self.area if self.area else 0.0


class FaceFrame:
    """The face's own coordinates, from its landmarks in a picture."""

    def __init__(self, landmarks: NDArray[np.float32]) -> None:
        """``landmarks`` (5, 2) pixels: eye, eye, nose, mouth corner, mouth corner, from the picture's left."""
        points = landmarks.astype(np.float64)
        self._origin = (points[0] + points[1]) / 2
        along, down = points[1] - points[0], (points[3] + points[4]) / 2 - self._origin
        self.unit_px = max(float(np.hypot(*along)), float(np.hypot(*down)) / _EYES_TO_MOUTH, 1.0)
        # A profile's eyes meet or change sides and give no direction; the line down to the mouth still does.
        if along[0] < 0.5 * self.unit_px and np.hypot(*down) > 0:
            along = np.array([down[1], -down[0]])
        length = float(np.hypot(*along))
        x_axis = along / length if length else np.array([1.0, 0.0])
        self._axes = np.stack([x_axis, [-x_axis[1], x_axis[0]]])
        self._points = self.of(points)

    def of(self, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (..., 2) in pixels as points in eye distances."""
        inside: NDArray[np.float64] = (pixels - self._origin) @ self._axes.T / self.unit_px
        return inside

    def pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (..., 2) in eye distances as pixels."""
        found: NDArray[np.float64] = points @ self._axes * self.unit_px + self._origin
        return found

    def ellipses(self) -> dict[str, tuple[Ellipse, ...]]:
        """The five regions, each of one ellipse or two."""
        eyes, nose, corners = self._points[:2], self._points[2], self._points[3:]
        mouth, mouth_width = corners.mean(0), float(abs(corners[1, 0] - corners[0, 0]))
        outward = (-0.14, 0.14)
        cheek_y = float(0.35 * eyes[:, 1].mean() + 0.65 * mouth[1])
        return {
            "brows": tuple(Ellipse(float(x), float(y) - 0.33, 0.40, 0.17) for x, y in eyes),
            "eyes": tuple(Ellipse(float(x), float(y), 0.33, 0.20) for x, y in eyes),
            "nose": (
                Ellipse(float(nose[0]) * 0.8, float(nose[1]) * 0.72, 0.26, float(abs(nose[1])) * 0.5 + 0.18),
            ),
            "cheeks": tuple(
                Ellipse(float(x) + out, cheek_y, 0.34, 0.38)
                for x, out in zip(eyes[:, 0], outward, strict=True)
            ),
            "mouth": (Ellipse(float(mouth[0]), float(mouth[1]), max(0.38, mouth_width / 2 + 0.16), 0.30),),
        }


def region_masks(landmarks: NDArray[np.float32], side: int) -> dict[str, NDArray[np.bool_]]:
    """One mask (side, side) for each of REGIONS; every pixel belongs to exactly one.

    ``landmarks`` (5, 2) are in pixels of the same square.
    """
    frame = FaceFrame(landmarks)
    rows, columns = np.mgrid[0:side, 0:side] + 0.5  # the middles of the pixels
    points = frame.of(np.stack([columns, rows], axis=-1))
    ellipses = frame.ellipses()
    free = np.ones((side, side), dtype=np.bool_)
    masks: dict[str, NDArray[np.bool_]] = {}
    for name in _CLAIMS:
        held = np.zeros_like(free)
        for ellipse in ellipses[name]:
            held |= ellipse.holds(points[..., 0], points[..., 1])
        masks[name] = held & free
        free &= ~held
    return {name: masks.get(name, free) for name in REGIONS}


def region_shares(
    attribution: NDArray[np.float32], masks: Mapping[str, NDArray[np.bool_]]
) -> dict[str, RegionShare]:
    """How an ``attribution`` (side, side), positive where it speaks for an emotion, is spread over ``masks``.

    Both kinds of share sum to 1 over the regions, or to 0 where nothing speaks that way.
    """
    speaks_for = np.maximum(attribution, 0).astype(np.float64)
    speaks_against = np.maximum(-attribution, 0).astype(np.float64)

    def share(of: NDArray[np.float64], mask: NDArray[np.bool_]) -> float:
        total = float(of.sum())
        return float(of[mask].sum()) / total if total else 0.0

    return {
        name: RegionShare(float(mask.mean()), share(speaks_for, mask), share(speaks_against, mask))
        for name, mask in masks.items()
    }
