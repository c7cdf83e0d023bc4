"""Faces in a picture: what is found, how it is cut out, does it face the screen. Adapter: ``mtcnn``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

CROP_MARGIN = -0.05
"""What FER2013's faces show, measured with MTCNN on 204 of them: the side of their square is 0.95 of the
longer side of MTCNN's box (middle half 0.87 to 1.04), and it is centred on the box to within a hundredth."""

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
    height, width = image.shape[:2]
    side = max(1, round(float(max(box[2] - box[0], box[3] - box[1])) * (1 + margin)))
    left = round(float(box[0] + box[2]) / 2 - side / 2)
    top = round(float(box[1] + box[3]) / 2 - side / 2)
    rows = np.clip(np.arange(top, top + side), 0, height - 1)
    columns = np.clip(np.arange(left, left + side), 0, width - 1)
    return image[rows[:, None], columns[None, :]]


def is_front(landmarks: NDArray[np.float32]) -> bool:
    """Whether a face with these ``landmarks`` (5, 2) is turned to the screen; a tilted head may be."""
    eyes = landmarks[_RIGHT_EYE] - landmarks[_LEFT_EYE]
    distance_squared = float(eyes @ eyes)
    if distance_squared < 1e-6 or eyes[0] <= 0:  # a profile's eyes meet or change sides
        return False
    middle = (landmarks[_LEFT_EYE] + landmarks[_RIGHT_EYE]) / 2
    offset = float((landmarks[_NOSE] - middle) @ eyes) / distance_squared
    return abs(offset) <= MOST_YAW
