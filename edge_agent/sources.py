"""Where pictures of the viewers come from. Adapters: ``camera``, ``video_file``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_CAMERA = re.compile(r"camera:(\d{1,3})")


def camera_number(source: str) -> int | None:
    """N of ``camera:N``; None when ``source`` is a file."""
    match = _CAMERA.fullmatch(source)
    return int(match[1]) if match else None


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture of the viewers.

    image: (height, width, 3) uint8, RGB. captured_ns: when it was taken, on a monotonic clock that has no
    date; a file that is played faster than life stamps its frames as if it were not.
    """

    image: NDArray[np.uint8]
    captured_ns: int


class FrameSource(Protocol):
    """Gives frames one after the other; ``captured_ns`` never goes back."""

    @property
    def skipped(self) -> int:
        """Frames that were there but could not be decoded, so far."""
        ...

    def grab(self) -> Frame | None:
        """The next frame, after a wait if need be; None when there are no more. Raises SourceError."""
        ...

    def close(self) -> None:
        """Let go of the device or file; a second call does nothing."""
        ...
