"""Arithmetic of face boxes: (4,) or (n, 4) float32, xmin ymin xmax ymax, pixels; pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Box = NDArray[np.float32]


def longer_side(box: Box) -> float:
    """Of one box (4,), in pixels."""
    return float(max(box[2] - box[0], box[3] - box[1]))


def iou(one: Box, other: Box) -> float:
    """Area that two boxes (4,) share, over the area of both together: 0 to 1."""
    shared = _shared(one, other)
    return shared / (_area(one) + _area(other) - shared) if shared else 0.0


def overlap(one: Box, other: Box) -> float:
    """Area that two boxes (4,) share, over the smaller one's: 1 when one lies within the other."""
    shared = _shared(one, other)
    return shared / min(_area(one), _area(other)) if shared else 0.0


def share_inside(box: Box, width: float, height: float) -> float:
    """Share of ``box`` (4,) that lies in a picture of that size, pixels: 0 to 1."""
    shared = _shared(box, np.array([0, 0, width, height], np.float32))
    return shared / _area(box) if shared else 0.0


def squared(boxes: Box, enlarged: float = 1.0) -> Box:
    """The squares (n, 4) around the middles of ``boxes`` (n, 4), of ``enlarged`` times their longer sides."""
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    halves = (boxes[:, 2:] - boxes[:, :2]).max(1, keepdims=True) * (enlarged / 2)
    squares: Box = np.concatenate([middles - halves, middles + halves], axis=1, dtype=np.float32)
    return squares


def square_cut(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """The square ``box`` (4,) of ``image`` (height, width, 3): (side, side, 3) uint8, side at least 1.

    Past the picture's edge its last row or column is repeated, so that a face at the edge keeps its proportions.
    """
    height, width = image.shape[:2]
    left, top = round(float(box[0])), round(float(box[1]))
    side = max(1, round(float(box[2] - box[0])))
    if left >= 0 and top >= 0 and left + side <= width and top + side <= height:
        return image[top : top + side, left : left + side]
    rows = np.clip(np.arange(top, top + side), 0, height - 1)
    columns = np.clip(np.arange(left, left + side), 0, width - 1)
    return image[rows[:, None], columns[None, :]]


def distinct(boxes: Sequence[Box], most_overlap: float) -> list[int]:
    """Positions of ``boxes`` (4,), best first, that overlap no better one by more than ``most_overlap``."""
    kept: list[int] = []
    for position, box in enumerate(boxes):
        if all(overlap(box, boxes[other]) <= most_overlap for other in kept):
            kept.append(position)
    return kept


def _shared(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return float(width * height) if width > 0 and height > 0 else 0.0


def _area(box: Box) -> float:
    return float((box[2] - box[0]) * (box[3] - box[1]))
