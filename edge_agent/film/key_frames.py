"""The frames that stand for a shot: one to show, a few to compare its colours by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

MOST = 64
"""Frames of one shot that are kept at a time; of a longer shot every second, fourth, … one."""
EVERY = 8
"""Frames from one that is kept to the next, at first: the shortest shot that PySceneDetect finds has 15."""
COMPARED = 3
"""Key frames of a shot, as a shot whose camera moves looks like more than one thing (Rasheed and Shah 2005)."""

_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class KeyFrames(Generic[_Kept]):
    """What was kept of a shot's middle, and of its first, second and third third."""

    middle: _Kept
    spread: tuple[_Kept, ...]


class FrameKeeper(Generic[_Kept]):
    """Keeps few frames of the running shot, whose end is not known yet, however long it lasts."""

    def __init__(self) -> None:
        self._kept: list[tuple[int, _Kept]] = []
        self._every = EVERY

    def offer(self, frame: int, keep: Callable[[], _Kept]) -> None:
        """The next frame; ``keep`` is called where it is to be kept."""
        if self._kept and frame - self._kept[-1][0] < self._every:
            return
        self._kept.append((frame, keep()))
        if len(self._kept) > MOST:
            self._kept = self._kept[::2]
            self._every *= 2

    def end_shot(self, first: int, end: int) -> KeyFrames[_Kept] | None:
        """The key frames of the shot [first, end), in frames; what lies after it is kept for the next one.

        None where no frame of it was kept.
        """
        of_shot = [one for one in self._kept if first <= one[0] < end]
        self._kept = [one for one in self._kept if one[0] >= end]
        self._every = EVERY
        if not of_shot:
            return None

        def nearest(part: float) -> _Kept:
            wanted = first + part * (end - first)
            return min(of_shot, key=lambda one: abs(one[0] - wanted))[1]

        return KeyFrames(nearest(0.5), tuple(nearest((2 * n + 1) / (2 * COMPARED)) for n in range(COMPARED)))
