"""Faces in a picture: what is found, how it is cut out, does it face the screen. Adapter: ``mtcnn``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from edge_agent.boxes import longer_side, share_inside, square_cut, squared

CROP_MARGIN = -0.10
"""Of the longer side of MTCNN's box. Accuracy on FER2013's PublicTest is best from -0.15 to -0.10 and flat between;
the wider one lets a moving face move. Table and command: docs/decisions/0007."""

SMALLEST_READABLE_PX = 30
"""Side of a crop from which a face is scored: from here up it is read as well as people read large ones (0007)."""

LEAST_INSIDE = 0.85
"""Share of a face's box that must lie in the picture: with more of the chin cut off, accuracy is below 95% (0007)."""

MOST_YAW = 0.25
"""Nose's offset from the middle of the eyes, in eye distances, up to which a face counts as turned to the
screen: about 30 degrees, with a nose that stands out by 0.45 eye distances."""

_LEFT_EYE, _RIGHT_EYE, _NOSE = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Face:
    """One found face.

    box: (4,) float32, xmin ymin xmax ymax, pixels; may reach past the picture.
    landmarks: (5, 2) float32, x y, pixels: eye, eye, nose, mouth corner, mouth corner, from the picture's
    left.
    """

    box: NDArray[np.float32]
    probability: float
    landmarks: NDArray[np.float32]


class FaceFinder(Protocol):
    """Finds every face of a picture, each once."""

    def find(self, image: NDArray[np.uint8]) -> list[Face]:
        """The faces of ``image`` (height, width, 3) uint8 RGB, in no order that means anything."""
        ...


def crop(
    image: NDArray[np.uint8], box: NDArray[np.float32], margin: float = CROP_MARGIN
) -> NDArray[np.uint8]:
    """The square around the middle of ``box``, of (1 + margin) its longer side: (side, side, 3) uint8.

    Past the picture's edge its last row or column is repeated, so that a face at the edge keeps its
    proportions.
    """
    return square_cut(image, squared(box[None], 1 + margin)[0])


def by_size(faces: Sequence[Face]) -> list[Face]:
    """Largest first, by the area of the box."""
    return sorted(faces, key=lambda face: -float(np.prod(face.box[2:] - face.box[:2])))


def log_odds(probability: float) -> float:
    """That there is a face rather than none, from the detector's probability; finite."""
    share = min(max(probability, 1e-7), 1 - 1e-7)
    return math.log(share / (1 - share))


def crop_side(box: NDArray[np.float32]) -> int:
    """Side in pixels of the crop of ``box`` (4,), which is what a face counts as large as."""
    return round(longer_side(box) * (1 + CROP_MARGIN))


def is_readable(shape: tuple[int, ...], box: NDArray[np.float32]) -> bool:
    """Whether the face in ``box`` (4,) is large enough, and lies far enough in a picture of ``shape``, to be scored."""
    height, width = shape[:2]
    return crop_side(box) >= SMALLEST_READABLE_PX and share_inside(box, width, height) >= LEAST_INSIDE


def is_front(landmarks: NDArray[np.float32]) -> bool:
    """Whether a face with these ``landmarks`` (5, 2) is turned to the screen; a tilted head may be."""
    eyes = landmarks[_RIGHT_EYE] - landmarks[_LEFT_EYE]
    distance_squared = float(eyes @ eyes)
    if distance_squared < 1e-6 or eyes[0] <= 0:  # a profile's eyes meet or change sides
        return False
    middle = (landmarks[_LEFT_EYE] + landmarks[_RIGHT_EYE]) / 2
    offset = float((landmarks[_NOSE] - middle) @ eyes) / distance_squared
    return abs(offset) <= MOST_YAW
