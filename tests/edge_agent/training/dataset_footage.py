"""Made-up films of made-up faces: blotches that differ from shot to shot, where a fake finder expects them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_agent.faces import Face

WIDTH, HEIGHT, RATE = 160, 120, 10
FACE = (40, 20, 120, 100)
"""Where each frame has its one face: left, top, right, bottom."""


class OneFace:
    """A FaceFinder that sees a face at ``FACE`` in every frame that is not black, and counts its looks."""

    def __init__(self, probability: float = 0.999) -> None:
        self.looks = 0
        self._probability = probability

    def find(self, image: NDArray[np.uint8]) -> list[Face]:
        self.looks += 1
        if image.max() < 32:
            return []
        left, top, _, _ = FACE
        points = [(25, 30), (55, 30), (40, 45), (28, 60), (52, 60)]
        landmarks = np.array([(left + x, top + y) for x, y in points], np.float32)
        return [Face(np.array(FACE, np.float32), self._probability, landmarks)]


def shot(
    seed: int, seconds: float = 2.0, *, changes: bool = True, light: float = 1.0
) -> list[NDArray[np.uint8]]:
    """Frames (120, 160, 3) of one face before one wall, both by ``seed``; the face changes as time goes, or not."""
    draw = np.random.default_rng(seed)
    wall = draw.integers(40, 200, 3).astype(np.float32)
    before, after = draw.integers(0, 256, (2, 12, 12)).astype(np.float32)
    frames = []
    for number in range(round(seconds * RATE)):
        share = number / (seconds * RATE) if changes else 0.0
        blotches = (1 - share) * before + share * after
        frame = np.tile(wall, (HEIGHT, WIDTH, 1))
        left, top, right, bottom = FACE
        face = cv2.resize(blotches, (right - left, bottom - top), interpolation=cv2.INTER_CUBIC)
        frame[top:bottom, left:right] = np.clip(face, 0, 255)[:, :, None]
        frames.append((frame * light).astype(np.uint8))
    return frames


def black(seconds: float = 1.0) -> list[NDArray[np.uint8]]:
    """Frames with nobody in them."""
    return [np.zeros((HEIGHT, WIDTH, 3), np.uint8)] * round(seconds * RATE)


def write_film(path: Path, *shots: Sequence[NDArray[np.uint8]], rate: float = RATE) -> Path:
    """The ``shots`` one after the other as a film, MPEG-4; returns ``path``."""
    height, width = shots[0][0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), rate, (width, height))
    assert writer.isOpened()
    for frames in shots:
        for frame in frames:
            writer.write(frame)
    writer.release()
    return path
