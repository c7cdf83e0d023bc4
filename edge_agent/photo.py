"""What the agent would make of one picture: its faces, and their scores."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from contract.emotions import EMOTIONS
from edge_agent.contrast import readable
from edge_agent.faces import Face, FaceFinder, by_size, crop, is_front, is_readable
from edge_agent.ports import EmotionClassifier

_SCORED, _UNSCORED = (255, 196, 0), (160, 160, 160)


@dataclass(frozen=True, eq=False)
class SeenFace:
    """scores: shares (7,) in the order of EMOTIONS, sum 1; None for a face too small, or too far cut off, to read."""

    face: Face
    front: bool
    scores: NDArray[np.float32] | None

    @property
    def strongest(self) -> str | None:
        """The emotion with the highest score."""
        return None if self.scores is None else EMOTIONS[int(self.scores.argmax())]


def look_at(picture: NDArray[np.uint8], finder: FaceFinder, classifier: EmotionClassifier) -> list[SeenFace]:
    """The faces of ``picture`` (height, width, 3) uint8 RGB, largest first."""
    image = readable(picture)
    faces = by_size(finder.find(image))
    read = [is_readable(image.shape, face.box) for face in faces]
    rows = iter(
        classifier.scores([crop(image, face.box) for face, ok in zip(faces, read, strict=True) if ok])
    )
    return [
        SeenFace(face, is_front(face.landmarks), next(rows) if ok else None)
        for face, ok in zip(faces, read, strict=True)
    ]


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
