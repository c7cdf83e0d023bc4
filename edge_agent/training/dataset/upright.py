"""Does a film stand upright? A camera held sideways says so in the file, or does not."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_agent.faces import Face, FaceFinder

_SURE = 0.995
"""Probability above which a face stands upright: of 29 frames of two people near the camera MTCNN gives every upright
face 0.999 or more, a turned one never more than 0.991."""
_MOST_KEPT = 12  # frames, spread over the film
_SIDE_PX = 640  # of the kept frames: a sure face is large enough in them


class UprightCheck:
    """Keeps a few small frames, and looks at them turned when they show no sure face as they are."""

    def __init__(self, finder: FaceFinder) -> None:
        self._finder = finder
        self._kept: list[tuple[NDArray[np.uint8], bool]] = []
        self._every = 1
        self._looks = 0

    def look(self, image: NDArray[np.uint8], faces: list[Face]) -> None:
        """A frame (height, width, 3) uint8 RGB, and the faces found in it."""
        if self._looks % self._every == 0:
            if len(self._kept) == _MOST_KEPT:
                self._kept = self._kept[::2]
                self._every *= 2
            if self._looks % self._every == 0:
                self._kept.append((_small(image), _sure(faces)))
        self._looks += 1

    def turn_needed(self) -> int:
        """0, 90, 180 or 270 degrees counter-clockwise.

        A turn is needed when no kept frame has a sure face as it is, and at least two, or every one, have with that
        turn; the turn that most of them have it with.
        """
        if any(sure for _, sure in self._kept):
            return 0
        votes = {
            90 * quarters: sum(
                _sure(self._finder.find(np.ascontiguousarray(np.rot90(image, quarters))))
                for image, _ in self._kept
            )
            for quarters in (1, 2, 3)
        }
        turn = max(votes, key=lambda degrees: votes[degrees])
        return turn if votes[turn] >= min(2, max(1, len(self._kept))) else 0


def _small(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    scale = _SIDE_PX / max(height, width)
    if scale >= 1:
        return image
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _sure(faces: list[Face]) -> bool:
    return any(face.probability >= _SURE for face in faces)
