"""What is seen of a face: where it is, does it face the screen, and its scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contract.emotions import EMOTIONS
from edge_agent.faces import Face, crop, is_front, is_readable
from edge_agent.ports import EmotionClassifier


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


def read_faces(
    image: NDArray[np.uint8], faces: Sequence[Face], classifier: EmotionClassifier
) -> list[SeenFace]:
    """Each of the ``faces`` of ``image`` (height, width, 3) uint8 RGB, the readable ones scored together."""
    read = [is_readable(image.shape, face.box) for face in faces]
    rows = iter(
        classifier.scores([crop(image, face.box) for face, ok in zip(faces, read, strict=True) if ok])
    )
    return [
        SeenFace(face, is_front(face.landmarks), next(rows) if ok else None)
        for face, ok in zip(faces, read, strict=True)
    ]
