"""Where the shots of a film begin, by PySceneDetect, frame by frame as the film is read."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scenedetect import AdaptiveDetector, FrameTimecode

LOOKED_AT_PX = 256
"""Width of the copy that is compared, as PySceneDetect's own scene manager does."""
_ANY_RATE = 25.0  # time codes carry frame numbers here; film time comes with the frames


@dataclass(frozen=True)
class Shot:
    """[start_ms, end_ms) of film time."""

    start_ms: int
    end_ms: int


class ShotDetector:
    """Looks at every frame once, so that a film is decoded once for its shots and what else is wanted of it.

    A film begins in a shot (PySceneDetect's ``start_in_scene``): one without a cut has one shot. A cut is seen where a
    frame differs from the one before far more than the frames around it do; a fade or a slow dissolve is not one.
    """

    def __init__(self) -> None:
        self._detector = AdaptiveDetector()
        self._stamps_ms: list[int] = []
        self._first_frames = [0]
        self._size: tuple[int, int] | None = None

    def look(self, image: NDArray[np.uint8], film_ms: int) -> list[int]:
        """The next frame (height, width, 3) uint8 RGB, and its time.

        Returns the numbers, from 0, of frames that are now known to begin a shot: a few frames late.
        """
        if self._size is None:
            height, width = image.shape[:2]
            scale = min(1.0, LOOKED_AT_PX / width)
            self._size = max(1, round(width * scale)), max(1, round(height * scale))
        small = cv2.cvtColor(cv2.resize(image, self._size), cv2.COLOR_RGB2BGR)
        timecode = FrameTimecode(len(self._stamps_ms), fps=_ANY_RATE)
        self._stamps_ms.append(film_ms)
        found = [cut.frame_num for cut in self._detector.process_frame(timecode, small)]
        self._first_frames += found
        return found

    def shots(self, end_ms: int) -> list[Shot]:
        """The shots of all frames so far, without gaps, the last one until ``end_ms``."""
        starts = (
            [self._stamps_ms[frame] for frame in sorted(set(self._first_frames))] if self._stamps_ms else []
        )
        return [Shot(start, end) for start, end in zip(starts, [*starts[1:], end_ms], strict=True)]
