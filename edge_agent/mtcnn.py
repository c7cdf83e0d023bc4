"""Faces by MTCNN, with the weights that come in facenet-pytorch's wheel.

Its three networks look one after the other: P-Net over the whole picture at every scale, R-Net and O-Net at what it
proposes. ``search`` runs all three; ``refine`` runs the last two on places that are known already, at a thirtieth of
the cost.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import torch
from facenet_pytorch import MTCNN
from numpy.typing import NDArray

from edge_agent.boxes import Box, square_cut, squared
from edge_agent.faces import Face
from edge_agent.room import SMALLEST_PX, smallest_face_px

_ENLARGED = 1.1
"""Of a known box, before R-Net: a face that moved by 0.45 of its size is then found again in 70 to 95% of cases, by
O-Net alone in 0 to 17% (docs/decisions/0007)."""
_R_NET_PX, _O_NET_PX = 24, 48


class MtcnnFinder:
    """Full detection picture by picture (``find``), and its parts: a ``face_tracker.FaceDetector``."""

    def __init__(self, min_face_px: int | None = None) -> None:
        """``min_face_px``: smallest face that ``find`` looks for; chosen by the picture's size when None."""
        self._min_face_px = min_face_px
        # PyTorch's max pooling is only vectorised with the channels last: a search takes a third less.
        self._mtcnn = MTCNN(keep_all=True).eval().to(memory_format=torch.channels_last)

    def find(self, image: NDArray[np.uint8]) -> list[Face]:
        """Every face of ``image`` (height, width, 3) uint8 RGB, with a probability of at least 0.7."""
        return self.search(image, self._min_face_px or smallest_face_px("sofa", min(image.shape[:2])))

    def search(self, image: NDArray[np.uint8], smallest_px: int) -> list[Face]:
        """Every face of at least ``smallest_px``, with a probability of at least 0.7 (MTCNN's own last threshold).

        A large picture is searched in a shrunken copy, in which the smallest face still has SMALLEST_PX, and
        what is found there is refined in ``image`` itself.
        """
        shrink = SMALLEST_PX / smallest_px
        if shrink >= 1:
            return self._detect(image, smallest_px)
        size = [max(1, round(side * shrink)) for side in image.shape[1::-1]]
        small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        found = self.refine(
            image, [face.box / np.float32(shrink) for face in self._detect(small, SMALLEST_PX)]
        )
        return [face for face in found if face.probability >= self._mtcnn.thresholds[2]]

    def refine(self, image: NDArray[np.uint8], boxes: Sequence[Box]) -> list[Face]:
        """The face at or beside each of ``boxes`` (4,), in their order; its probability says if there is one."""
        if not boxes:
            return []
        with torch.inference_mode():
            squares = squared(np.stack(boxes), _ENLARGED)
            shift, _ = self._mtcnn.rnet(_cuts(image, squares, _R_NET_PX))
            squares = squared(_moved(squares, shift.numpy()))
            shift, points, shares = self._mtcnn.onet(_cuts(image, squares, _O_NET_PX))
        side = (squares[:, 2] - squares[:, 0])[:, None, None]
        landmarks = squares[:, None, :2] + side * points.numpy().reshape(-1, 2, 5).transpose(0, 2, 1)
        refined = _moved(squares, shift.numpy())
        return [
            Face(box, float(probability), marks)
            for box, probability, marks in zip(refined, shares[:, 1], landmarks, strict=True)
        ]

    def _detect(self, image: NDArray[np.uint8], smallest_px: int) -> list[Face]:
        if min(image.shape[:2]) <= smallest_px:  # facenet-pytorch raises when its pyramid has not one scale
            return []
        self._mtcnn.min_face_size = smallest_px
        with torch.inference_mode():
            boxes, probabilities, landmarks = self._mtcnn.detect(image, landmarks=True)
        if boxes is None:
            return []
        return [
            Face(np.asarray(box, np.float32), float(probability), np.asarray(points, np.float32))
            for box, probability, points in zip(boxes, probabilities, landmarks, strict=True)
        ]


def _cuts(image: NDArray[np.uint8], squares: Box, side: int) -> torch.Tensor:
    """What a network sees of each square: (n, 3, side, side) float32, about -1 to 1."""
    cuts = np.empty((len(squares), side, side, 3), np.uint8)
    for cut, square in zip(cuts, squares, strict=True):
        piece = square_cut(image, square)
        how = cv2.INTER_AREA if len(piece) > side else cv2.INTER_LINEAR
        cv2.resize(piece, (side, side), dst=cut, interpolation=how)
    return (torch.from_numpy(cuts).permute(0, 3, 1, 2).float() - 127.5) / 128


def _moved(squares: Box, shift: NDArray[np.float32]) -> Box:
    """``squares`` (n, 4) with each corner moved by ``shift`` (n, 4), in their sides."""
    side = squares[:, 2:] - squares[:, :2]
    return (squares + np.tile(side, (1, 2)) * shift).astype(np.float32)
