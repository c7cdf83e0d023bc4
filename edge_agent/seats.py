"""Who sits where: faces become viewers by their place in the picture, and by nothing that knows them again.

A face that is found in a few sampled frames takes a seat, so that flickers make no viewers. A seat is never
given away: a viewer who looks down for a minute comes back to it. That errs to too few viewers, never to one
viewer counted twice, which would weaken the promise that no published number stands for fewer than k people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from edge_agent.boxes import Box, iou
from edge_agent.faces import log_odds

CONFIRM_FRAMES = 3
"""Sampled frames with the face before it is a viewer."""
LEAST_MEAN_LOG_ODDS = 2.75
"""And the detector's mean log odds in all that it was found in, as of a probability of 0.94: a true face across a room
has 3.9 and more after three frames, the pattern of a shirt that MTCNN takes for a face never more than 2.5."""
_MOST_LOG_ODDS = 5.0  # one frame alone proves nothing
WAIT_FRAMES = 60
"""Frames with the face found after which it is hardly a viewer's, and its earlier ones need not be kept for it."""
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


@dataclass
class _Track:
    """A face followed from frame to frame; ``viewer`` once it has a seat."""

    number: int
    box: Box
    seen_ms: int
    hits: int = 1
    log_odds: float = 0.0
    """Of all hits together."""
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
        return frozenset(
            track.number for track in self._tracks if track.viewer is None and track.hits < WAIT_FRAMES
        )

    def update(
        self, at_ms: int, boxes: Sequence[Box], probabilities: Sequence[float] | None = None
    ) -> list[int | None]:
        """The track of each of one sampled frame's ``boxes`` (4,), in a unit that stays the same.

        ``probabilities``: the detector's, that each is a face; without them all are sure.

        ``at_ms`` is the device's time, not the film's: people also move while the film stands. At most one
        box a track; None for a second box on a face that already has a track. Look at ``viewers`` after this.
        """
        evidence = [min(log_odds(each), _MOST_LOG_ODDS) for each in probabilities or [1.0] * len(boxes)]
        tracks: list[int | None] = [None] * len(boxes)
        taken: set[int] = set()
        for _distance, position, track in sorted(self._near(at_ms, boxes), key=lambda pair: pair[0]):
            if tracks[position] is None and track.number not in taken:
                tracks[position] = track.number
                taken.add(track.number)
                track.box, track.seen_ms, track.missed = boxes[position], at_ms, 0
                track.hits += 1
                track.log_odds += evidence[position]
        matched = [box for box, number in zip(boxes, tracks, strict=True) if number is not None]
        for position, box in enumerate(boxes):
            if tracks[position] is None and all(iou(box, other) < _SAME_FACE_IOU for other in matched):
                tracks[position] = self._begin(at_ms, box, evidence[position])
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

    def _begin(self, at_ms: int, box: Box, evidence: float) -> int:
        number = self._numbered
        self._tracks.append(_Track(number, box, at_ms, log_odds=evidence))
        self._numbered += 1
        return number

    def _settle(self, seen: set[int]) -> None:
        """Give seats to who was seen often enough, and forget who was not."""
        for track in self._tracks:
            if track.number not in seen:
                track.missed += 1
            confirmed = track.hits >= CONFIRM_FRAMES and track.log_odds >= LEAST_MEAN_LOG_ODDS * track.hits
            if track.viewer is None and confirmed and len(self._viewers) < _MOST_SEATS:
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
