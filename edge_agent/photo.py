"""What the agent would make of one picture: its faces, and their scores."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_agent.contrast import readable
from edge_agent.faces import FaceFinder, by_size
from edge_agent.ports import EmotionClassifier
from edge_agent.seen_face import SeenFace, read_faces

_SCORED, _UNSCORED = (255, 196, 0), (160, 160, 160)


def look_at(picture: NDArray[np.uint8], finder: FaceFinder, classifier: EmotionClassifier) -> list[SeenFace]:
    """The faces of ``picture`` (height, width, 3) uint8 RGB, largest first."""
    image = readable(picture)
    return read_faces(image, by_size(finder.find(image)), classifier)


def drawn(picture: NDArray[np.uint8], seen: list[SeenFace]) -> NDArray[np.uint8]:
    """A copy of ``picture`` with each face boxed, numbered from 1, and the strongest emotion named."""
    image = picture.copy()
    thick = max(1, round(max(image.shape[:2]) / 400))
    for number, one in enumerate(seen, start=1):
        colour = _UNSCORED if one.scores is None else _SCORED
        left, top, right, bottom = (round(float(edge)) for edge in one.face.box)
        cv2.rectangle(image, (left, top), (right, bottom), colour, thick)
        label = f"{number}" if one.scores is None else f"{number} {one.strongest} {one.scores.max():.0%}"
        size = 0.5 * thick
        (width, height), _ = cv2.getTextSize(label, cv2.FONT_HERSHEY_SIMPLEX, size, thick)
        base = max(
            height + 2 * thick, top - 2 * thick
        )  # inside the picture, also of a face at its upper edge
        cv2.rectangle(
            image, (left, base - height - 2 * thick), (left + width, base + 2 * thick), colour, cv2.FILLED
        )
        cv2.putText(image, label, (left, base), cv2.FONT_HERSHEY_SIMPLEX, size, (0, 0, 0), thick, cv2.LINE_AA)
    return image
