"""Who sits where: faces become viewers by their place in the picture, and by nothing that knows them again.

A face that is found in a few sampled frames takes a seat, so that flickers make no viewers. A seat is never
given away: a viewer who looks down for a minute comes back to it. That errs to too few viewers, never to one
viewer counted twice, which would weaken the promise that no published number stands for fewer than k people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CONFIRM_FRAMES = 3
"""Sampled frames with the face before it is a viewer."""
FORGET_FRAMES = 3
"""Sampled frames in a row without it after which a face that is no viewer yet is forgotten."""
PATIENCE_MS = 5_000
"""A viewer lost for no longer may have moved by REACH, later only within PLACE."""
REACH = 1.5
PLACE = 0.75
"""Distances of box centres, in mean face sizes; shoulders keep neighbours two or more apart."""
_MOST_SIZE_RATIO = 2.0
_SAME_FACE_IOU = 0.3
_MOST_SEATS = 1000  # the contract numbers them 0 to 999

Box = NDArray[np.float32]


@dataclass
class _Track:
    """A face followed from frame to frame; ``viewer`` once it has a seat."""

    number: int
    box: Box
    seen_ms: int
    hits: int = 1
    missed: int = 0
    viewer: int | None = None


class Seats:
    """Follows faces. Tracks are numbered as they come, and the confirmed ones are viewers from 0 up."""

    def __init__(self) -> None:
        self._tracks: list[_Track] = []
        self._numbered = 0
        self._viewers: dict[int, int] = {}

    @property
    def viewers(self) -> Mapping[int, int]:
        """Viewer number of each track that has a seat."""
        return self._viewers

    @property
    def waiting(self) -> frozenset[int]:
        """Tracks that may still get a seat."""
        return frozenset(track.number for track in self._tracks if track.viewer is None)

    def update(self, at_ms: int, boxes: Sequence[Box]) -> list[int | None]:
        """The track of each of one sampled frame's ``boxes`` (4,), xmin ymin xmax ymax, pixels.

        ``at_ms`` is the device's time, not the film's: people also move while the film stands. At most one
        box a track; None for a second box on a face that already has a track. Look at ``viewers`` after this.
        """
        tracks: list[int | None] = [None] * len(boxes)
        taken: set[int] = set()
        for _distance, position, track in sorted(self._near(at_ms, boxes), key=lambda pair: pair[0]):
            if tracks[position] is None and track.number not in taken:
                tracks[position] = track.number
                taken.add(track.number)
                track.box, track.seen_ms, track.missed = boxes[position], at_ms, 0
                track.hits += 1
        matched = [box for box, number in zip(boxes, tracks, strict=True) if number is not None]
        for position, box in enumerate(boxes):
            if tracks[position] is None and all(_iou(box, other) < _SAME_FACE_IOU for other in matched):
                tracks[position] = self._begin(at_ms, box)
                taken.add(self._numbered - 1)
                matched.append(box)
        self._settle(taken)
        return tracks

    def _near(self, at_ms: int, boxes: Sequence[Box]) -> Iterator[tuple[float, int, _Track]]:
        for track in self._tracks:
            limit = REACH if at_ms - track.seen_ms <= PATIENCE_MS else PLACE
            for position, box in enumerate(boxes):
                distance = _distance(track.box, box)
                if distance <= limit:
                    yield distance, position, track

    def _begin(self, at_ms: int, box: Box) -> int:
        number = self._numbered
        self._tracks.append(_Track(number, box, at_ms))
        self._numbered += 1
        return number

    def _settle(self, seen: set[int]) -> None:
        """Give seats to who was seen often enough, and forget who was not."""
        for track in self._tracks:
            if track.number not in seen:
                track.missed += 1
            if track.viewer is None and track.hits >= CONFIRM_FRAMES and len(self._viewers) < _MOST_SEATS:
                track.viewer = len(self._viewers)
                self._viewers[track.number] = track.viewer
        self._tracks = [
            track for track in self._tracks if track.viewer is not None or track.missed < FORGET_FRAMES
        ]


def _distance(one: Box, other: Box) -> float:
    """Between centres, in mean face sizes; infinite when one face is far larger than the other."""
    size, other_size = _size(one), _size(other)
    if max(size, other_size) > _MOST_SIZE_RATIO * min(size, other_size):
        return float("inf")
    apart = (one[:2] + one[2:] - other[:2] - other[2:]) / 2
    return float(np.hypot(apart[0], apart[1])) * 2 / (size + other_size)


def _size(box: Box) -> float:
    return max(1.0, float(box[2] - box[0] + box[3] - box[1]) / 2)


def _iou(one: Box, other: Box) -> float:
    """Shared area over the area of both together."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = float(width * height)
    areas = float((one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1]))
    return shared / (areas - shared)
