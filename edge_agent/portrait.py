"""A clip of one real face to show the agent at work without a camera.

The face is Eileen Collins's portrait (NASA, public domain), which scikit-image ships as ``astronaut``. The clip
moves a camera over it (pan, zoom) and dims the light; the expression stays the portrait's own smile.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from edge_agent.errors import SourceError

_FRAMES_PER_SECOND = 8
_WIDTH, _HEIGHT = 480, 360
_CENTRE = (224.0, 120.0)
"""Of her face, x and y in pixels of the 512x512 portrait."""


def write_portrait_clip(path: Path, seconds: int) -> None:
    """Write an MP4 of ``seconds`` at 480x360. Raises SourceError when scikit-image or the codec is missing."""
    try:
        from skimage.data import astronaut
    except ImportError as error:
        raise SourceError("the demo's portrait comes with scikit-image; install houselights[all]") from error
    portrait = cv2.cvtColor(np.asarray(astronaut()), cv2.COLOR_RGB2BGR)
    writer = cv2.VideoWriter(
        str(path), cv2.VideoWriter.fourcc(*"mp4v"), _FRAMES_PER_SECOND, (_WIDTH, _HEIGHT)
    )
    if not writer.isOpened():
        raise SourceError(f"cannot write {path}; is the folder writable, and was OpenCV built with MPEG-4?")
    for frame in range(seconds * _FRAMES_PER_SECOND):
        time_s = frame / _FRAMES_PER_SECOND
        zoom = 1.15 + 0.25 * np.sin(time_s / 7)
        centre_x = _CENTRE[0] + 40 * np.sin(time_s / 5)
        centre_y = _CENTRE[1] + 30 + 20 * np.sin(time_s / 3)
        affine = np.array(
            [[zoom, 0, _WIDTH / 2 - zoom * centre_x], [0, zoom, _HEIGHT / 2 - zoom * centre_y]],
            dtype=np.float64,
        )
        picture = cv2.warpAffine(portrait, affine, (_WIDTH, _HEIGHT), borderMode=cv2.BORDER_REPLICATE)
        light = 0.85 + 0.15 * np.sin(time_s / 4)
        writer.write(cv2.convertScaleAbs(picture, alpha=light))
    writer.release()
