"""Faces at a fraction of full detection's cost: search the picture now and then, in between look where faces were.

For every picture, in order:

1. look again at every known face, a little beyond its box: there, unsure or lost;
2. search the whole picture when it is time, when a face was just lost or became unsure, or when the picture shows
   another place (scene cut, moved camera); a search that left somebody missing, or found nobody, is repeated after
   1, 2, 4, … pictures, up to the usual interval;
3. of boxes that cover one another keep the surest.

How small a face a search looks for is learned: half the smallest face known, and every few searches as small as the
room may hold. Pure: the networks stand behind ``FaceDetector``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from edge_agent.boxes import Box, distinct, longer_side, overlap
from edge_agent.faces import Face
from edge_agent.picture_change import PictureChange
from edge_agent.room import Room, smallest_face_px

SEARCH_SECONDS = 2.0
"""Between searches while all is well: a newcomer waits at most so long, or twice as long before a settled audience."""
_SETTLED = 5
"""Searches in a row that told nothing new: then every second one is left out."""
_NEWCOMER_SHARE = 0.5
"""Of the smallest known face: the usual search finds who sits up to twice as far away."""
_DEEP_EVERY = 8
"""Searches: the first of so many looks for the smallest faces that the room may hold."""
_KEEP_INTERVALS = 3
"""Between searches, for which the place of a lost face is looked at."""

_STILL_THERE = 0.5
"""Probability from which a known face is there; viewers across a room fall below 0.7 for moments."""
_SURE = 0.7
"""MTCNN's own threshold, for those who come back; below it a search is due."""
_NEWCOMER = 0.9
"""Of a face that was not known before: at 0.95 one of the classroom's four is never found."""
_SAME_FACE = 0.5
"""Overlap, of the smaller box."""


class FaceDetector(Protocol):
    """Finds faces in a whole picture, or at places known before. Adapter: ``mtcnn``."""

    def search(self, image: NDArray[np.uint8], smallest_px: int) -> list[Face]:
        """Every face of ``image`` (height, width, 3) uint8 RGB that is at least ``smallest_px`` large."""
        ...

    def refine(self, image: NDArray[np.uint8], boxes: Sequence[Box]) -> list[Face]:
        """The face at each of ``boxes`` (4,), in their order; its probability says whether there is one."""
        ...


@dataclass(eq=False)
class _Known:
    """lost_for: pictures since the face was last there."""

    face: Face
    lost_for: int = 0


class TrackingFinder:
    """A ``faces.FaceFinder`` for pictures that follow one another."""

    def __init__(self, detector: FaceDetector, *, room: Room = "auto", rate_hz: float = 4.0) -> None:
        """``rate_hz``: pictures a second that ``find`` will be given."""
        self._detector = detector
        self._room = room
        self._interval = max(1, round(SEARCH_SECONDS * rate_hz))
        self._change = PictureChange()
        self._shape: tuple[int, ...] = ()
        self._known: list[_Known] = []
        self._searches = 0
        self._until_search = 0
        self._backoff = 1
        self._told_nothing = 0

    def find(self, image: NDArray[np.uint8]) -> list[Face]:
        """Every face that is there now."""
        if image.shape != self._shape:
            self._shape, self._known = image.shape, []
        another_place = self._change.elsewhere(image)
        needed = self._look_again(image)
        self._until_search -= 1
        if another_place or needed:
            self._until_search, self._backoff, self._told_nothing = 0, 1, 0
        if self._until_search <= 0:
            self._search(image)
            if another_place:
                self._known = [known for known in self._known if not known.lost_for]
            self._plan()
        return [known.face for known in self._known if not known.lost_for]

    def _look_again(self, image: NDArray[np.uint8]) -> bool:
        """Refine the known faces; whether one has just been lost or become unsure."""
        needed = False
        faces = self._detector.refine(image, [known.face.box for known in self._known])
        for known, face in zip(self._known, faces, strict=True):
            if face.probability >= (_SURE if known.lost_for else _STILL_THERE):
                needed |= face.probability < _SURE <= known.face.probability
                known.face, known.lost_for = face, 0
            else:
                known.lost_for += 1
                needed |= known.lost_for == 1
        self._known = [known for known in self._known if known.lost_for <= _KEEP_INTERVALS * self._interval]
        self._keep_distinct()
        return needed

    def _search(self, image: NDArray[np.uint8]) -> None:
        """Add newcomers, and give lost faces their new place."""
        self._told_nothing += 1
        for face in self._detector.search(image, self._smallest_px(min(image.shape[:2]))):
            near = [known for known in self._known if overlap(known.face.box, face.box) > _SAME_FACE]
            if any(not known.lost_for and known.face.probability >= _SURE for known in near):
                continue  # refined in this very picture
            if not near and face.probability < _NEWCOMER:
                continue
            self._told_nothing = 0
            self._known = [known for known in self._known if known not in near] + [_Known(face)]
        self._searches += 1
        self._keep_distinct()

    def _smallest_px(self, shorter_side_px: int) -> int:
        """What this search looks for."""
        smallest = smallest_face_px(self._room, shorter_side_px)
        if self._searches % _DEEP_EVERY == 0:
            return smallest
        if self._known:
            return max(
                smallest, round(_NEWCOMER_SHARE * min(longer_side(known.face.box) for known in self._known))
            )
        return smallest_face_px("sofa", shorter_side_px) if self._room == "auto" else smallest

    def _plan(self) -> None:
        """When the next search is due."""
        if not self._known or any(known.lost_for for known in self._known):
            self._until_search = self._backoff
            self._backoff = min(2 * self._backoff, self._interval)
        else:
            settled = self._told_nothing >= _SETTLED
            self._until_search, self._backoff = self._interval * (2 if settled else 1), 1

    def _keep_distinct(self) -> None:
        best_first = sorted(self._known, key=lambda known: (known.lost_for, -known.face.probability))
        boxes = [known.face.box for known in best_first]
        self._known = [best_first[position] for position in distinct(boxes, _SAME_FACE)]
