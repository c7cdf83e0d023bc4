"""Faces by MTCNN, with the weights that come in facenet-pytorch's wheel."""

from __future__ import annotations

import numpy as np
import torch
from facenet_pytorch import MTCNN
from numpy.typing import NDArray

from edge_agent.faces import Face

SMALLEST_FACE_PX = 20
"""MTCNN's own smallest: with it, four people who sit across a room are found in a picture 270 pixels high."""
SMALLEST_FACE_SHARE = 1 / 18
"""Of the picture's shorter side: 40 pixels at 720, at about half the cost of 20."""


class MtcnnFinder:
    """Full detection, picture by picture."""

    def __init__(self, min_face_px: int | None = None) -> None:
        """``min_face_px``: smallest face that is searched for; chosen by the picture's size when None."""
        self._min_face_px = min_face_px
        self._mtcnn = MTCNN(keep_all=True).eval()

    def find(self, image: NDArray[np.uint8]) -> list[Face]:
        """Every face, with a probability of at least 0.7 (MTCNN's own last threshold)."""
        shorter = min(image.shape[:2])
        smallest = self._min_face_px or max(SMALLEST_FACE_PX, round(shorter * SMALLEST_FACE_SHARE))
        if shorter < smallest + 1:  # facenet-pytorch raises when not one scale of its pyramid is left
            return []
        self._mtcnn.min_face_size = smallest
        with torch.inference_mode():
            boxes, probabilities, landmarks = self._mtcnn.detect(image, landmarks=True)
        if boxes is None:
            return []
        return [
            Face(np.asarray(box, np.float32), float(probability), np.asarray(points, np.float32))
            for box, probability, points in zip(boxes, probabilities, landmarks, strict=True)
        ]
