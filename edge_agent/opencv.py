"""OpenCV's video input made quiet: what goes wrong is said once, in an error of this package."""

from __future__ import annotations

import os
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # AV_LOG_QUIET; read when the first video is opened

_TO_RGB = {1: cv2.COLOR_GRAY2RGB, 3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGB}


class Capture(Protocol):
    """The part of ``cv2.VideoCapture`` that the sources use."""

    def read(self) -> tuple[bool, cv2.typing.MatLike | None]:
        """Whether there was a picture, and the picture: (height, width, 3) uint8, BGR."""
        ...

    def release(self) -> None:
        """Let go of the device or file."""
        ...


def open_quietly(what: int | str) -> cv2.VideoCapture:
    """The capture of a camera number or a file, opened or not."""
    level = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        return cv2.VideoCapture(what)
    finally:
        cv2.utils.logging.setLogLevel(level)


def to_rgb(picture: cv2.typing.MatLike) -> NDArray[np.uint8]:
    """What a capture gave as (height, width, 3) uint8 RGB.

    That is mostly (height, width, 3) uint8 BGR; infra-red cameras may give one channel, with or without an axis of its
    own, and 16 bits, of which they use some; such a picture is scaled by its brightest pixel.
    """
    if picture.dtype != np.uint8:
        picture = cv2.convertScaleAbs(picture, alpha=255 / max(1.0, float(picture.max())))
    channels = picture.shape[2] if picture.ndim == 3 else 1
    return np.asarray(cv2.cvtColor(picture, _TO_RGB[channels]), dtype=np.uint8)
