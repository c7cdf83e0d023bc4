"""A sampled picture becomes sightings of viewers: turned upright, faces found, seated, the readable ones scored."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from edge_agent.boxes import Box
from edge_agent.contrast import readable
from edge_agent.faces import SMALLEST_READABLE_PX, Face, FaceFinder, crop_side
from edge_agent.ports import EmotionClassifier
from edge_agent.seats import Seats
from edge_agent.seen_face import SeenFace, read_faces
from edge_agent.upright import Upright
from edge_agent.windows import Sighting

TOO_SMALL = (
    "faces were found but are only about {px} px; at least {least} are needed to read them, so nothing was scored: "
    "come nearer or zoom, or use a camera with more pixels"
)
SOME_TOO_SMALL = (
    "{unread} of {viewers} viewers were never scored: a face must be at least {least} px and lie in the picture; "
    "come nearer or zoom"
)
CUT_OFF = "faces were found but none lay far enough in the picture to be read; point the camera at the faces"
TURNED = "the picture {lies}, so it was turned before it was looked at; turn the camera by {degrees}° to spare that"
_LIES = {
    1: ("lay on its side", "90"),
    2: ("stood on its head", "180"),
    3: ("lay on its side", "90"),
}
_PLACES = 1000.0
"""Seats are kept in thousandths of the picture's longer side: a camera that changes its size moves nobody."""


class Viewers:
    """Who is there, over a session."""

    def __init__(
        self, finder: FaceFinder, classifier: EmotionClassifier, upright: Upright | None = None
    ) -> None:
        """Without ``upright`` pictures are taken as they come."""
        self._finder = finder
        self._classifier = classifier
        self._upright = upright
        self._seats = Seats()
        self._largest_px = 0.0
        self._scored: set[int] = set()

    @property
    def seated(self) -> Mapping[int, int]:
        """Viewer number of each track that has a seat."""
        return self._seats.viewers

    @property
    def waiting(self) -> frozenset[int]:
        """Tracks that may still get a seat."""
        return self._seats.waiting

    def look(self, picture: NDArray[np.uint8], at_ms: int) -> list[Sighting]:
        """The faces of ``picture`` (height, width, 3) uint8 RGB, taken at ``at_ms`` of the device's time."""
        _, seen = self.see(picture, at_ms)
        return [Sighting(track, one.front, one.scores) for track, one in seen]

    def see(
        self, picture: NDArray[np.uint8], at_ms: int
    ) -> tuple[NDArray[np.uint8], list[tuple[int, SeenFace]]]:
        """As ``look``, with where each face is: the picture as it was read, and its faces with their tracks."""
        image, faces = self._find(picture)
        places = [_place(face.box, image) for face in faces]
        tracks = self._seats.update(at_ms, places, [face.probability for face in faces])
        followed = [(track, face) for track, face in zip(tracks, faces, strict=True) if track is not None]
        seen = [
            (track, one)
            for (track, _), one in zip(
                followed,
                read_faces(image, [face for _, face in followed], self._classifier),
                strict=True,
            )
        ]
        self._scored.update(track for track, one in seen if one.scores is not None)
        self._largest_px = max([self._largest_px, *(crop_side(one.face.box) for _, one in seen)])
        return image, seen

    def warnings(self) -> list[str]:
        """What a person should know of how the viewers were seen, a line each."""
        lines = []
        if self._upright is not None and self._upright.turns:
            lies, degrees = _LIES[self._upright.turns]
            lines.append(TURNED.format(lies=lies, degrees=degrees))
        unread = sum(track not in self._scored for track in self.seated)
        if unread and unread < len(self.seated):
            lines.append(
                SOME_TOO_SMALL.format(unread=unread, viewers=len(self.seated), least=SMALLEST_READABLE_PX)
            )
        elif unread and self._largest_px < SMALLEST_READABLE_PX:
            lines.append(TOO_SMALL.format(px=round(self._largest_px), least=SMALLEST_READABLE_PX))
        elif unread:
            lines.append(CUT_OFF)
        return lines

    def _find(self, picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], list[Face]]:
        """The picture as it can be read, and its faces."""
        image = readable(picture)
        if self._upright is None:
            return image, self._finder.find(image)
        upright = self._upright.turned(image)
        faces = self._finder.find(upright)
        if self._upright.learn(image, faces):
            upright = self._upright.turned(image)
            faces = self._finder.find(upright)
        return upright, faces


def _place(box: Box, image: NDArray[np.uint8]) -> Box:
    place: Box = box * np.float32(_PLACES / max(image.shape[:2]))
    return place
