"""Footage of one viewer at 640x480, made from the head-pose clips."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_agent.pacing import AsFastAsItGoes
from edge_agent.video_file import FileSource

HEAD_POSE = ("head-pose-face-detection-female.gif", "head-pose-face-detection-male.gif")
WIDTH, HEIGHT = 640, 480
_CLIP_HZ = 12.5
_FILM_HZ = 8
_NOISE = 2.0
"""Standard deviation of the noise that is added, in grey levels: a webcam's in a lit room. Without it, a picture
that comes round again would be the same to the last bit, and cheap for reasons that no camera gives."""


def clip_pictures(path: Path) -> list[NDArray[np.uint8]]:
    """Every frame of a file, (height, width, 3) uint8 RGB."""
    source = FileSource(path, AsFastAsItGoes())
    pictures = []
    while (frame := source.grab()) is not None:
        pictures.append(frame.image)
    return pictures


def viewer_pictures(path: Path, rate_hz: float, seed: int = 0) -> Iterator[NDArray[np.uint8]]:
    """A head-pose clip to and fro without end, ``rate_hz`` pictures a second, (480, 640, 3) uint8 RGB.

    Of the clip's 480x270 the middle 360x270 is enlarged: the viewer as a laptop's camera shows one.
    """
    clip = clip_pictures(path)
    height, width = clip[0].shape[:2]
    left = (width - height * WIDTH // HEIGHT) // 2
    large = [
        cv2.resize(picture[:, left : width - left], (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
        for picture in clip
    ]
    generator = np.random.default_rng(seed)
    noises = generator.normal(0, _NOISE, (16, HEIGHT, WIDTH, 3)).astype(np.int8)
    period = 2 * len(large) - 2
    for index in count():
        place = int(index * _CLIP_HZ / rate_hz) % period
        picture = large[min(place, period - place)]
        noise = np.roll(noises[index % len(noises)], index // len(noises) * 7, axis=1)
        yield cv2.add(picture, noise, dtype=cv2.CV_8U).astype(np.uint8, copy=False)


def write_film(clip: Path, path: Path, minutes: float) -> None:
    """An MP4 of ``minutes`` of that viewer, eight frames a second. Raises RuntimeError without a codec."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), _FILM_HZ, (WIDTH, HEIGHT))
    if not writer.isOpened():
        raise RuntimeError(f"cannot write {path}: OpenCV was built without MPEG-4")
    pictures = viewer_pictures(clip, _FILM_HZ)
    for _ in range(round(minutes * 60 * _FILM_HZ)):
        writer.write(cv2.cvtColor(next(pictures), cv2.COLOR_RGB2BGR))
    writer.release()
