"""OpenCV's video input made quiet: what goes wrong is said once, in an error of this package."""

from __future__ import annotations

import os
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # AV_LOG_QUIET; read when the first video is opened


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
    """(height, width, 3) uint8 BGR as RGB."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)
