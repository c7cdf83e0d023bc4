"""Clips of the shared footage, changed as bad cameras change them, and written as videos."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_agent.pacing import AsFastAsItGoes
from edge_agent.video_file import FileSource

Picture = NDArray[np.uint8]
"""(height, width, 3) uint8 RGB."""
MALE, FEMALE = "head-pose-face-detection-male.gif", "head-pose-face-detection-female.gif"


def frames_of(path: Path) -> list[Picture]:
    """Every picture of a video."""
    source = FileSource(path, AsFastAsItGoes())
    pictures = []
    while (frame := source.grab()) is not None:
        pictures.append(frame.image)
    source.close()
    return pictures


def resized(picture: Picture, width: int, height: int) -> Picture:
    how = cv2.INTER_AREA if width < picture.shape[1] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (width, height), interpolation=how), np.uint8)


def turned(picture: Picture, quarter_turns: int) -> Picture:
    """Counter-clockwise."""
    return np.ascontiguousarray(np.rot90(picture, quarter_turns))


def infra_red(picture: Picture, contrast: float, seed: int = 0) -> Picture:
    """Grey, dim, with ``contrast`` of what it had, and noisy."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float64)
    noise = np.random.default_rng(seed).normal(0, 2, grey.shape)
    dim = np.clip(70 + (grey - grey.mean()) * contrast + noise, 0, 255).astype(np.uint8)
    return np.repeat(dim[:, :, None], 3, axis=2)


def write_video(
    path: Path, pictures: Sequence[Picture], rate_hz: float = 12.5, *, grey: bool = False
) -> Path:
    """An MPEG-4 file; ``grey`` writes one channel, as Motion JPEG in an AVI."""
    height, width = pictures[0].shape[:2]
    codec = "MJPG" if grey else "mp4v"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), rate_hz, (width, height), not grey)
    assert writer.isOpened()
    for picture in pictures:
        writer.write(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY if grey else cv2.COLOR_RGB2BGR))
    writer.release()
    return path
