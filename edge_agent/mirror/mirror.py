"""What the mirror shows: the camera's picture and its faces as the agent would read them, or a picture's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import BinaryIO

import msgspec
import numpy as np
from numpy.typing import NDArray

from edge_agent.lent_camera import CameraState, LentCamera
from edge_agent.light import light
from edge_agent.mirror.messages import ShownFace, Told
from edge_agent.photo import look_at
from edge_agent.seen_face import SeenFace
from edge_agent.sources import Frame, FrameSource
from edge_agent.still import decode_still
from edge_agent.view.eyes import Eyes
from edge_agent.view.preview import preview
from edge_agent.viewers import Viewers

CAMERA_PX, PICTURE_PX = 640, 1280
"""Width that is shown; four bytes a pixel, fifteen times a second, are 14 MB/s from this program to the browser."""
PREVIEW_EVERY_NS = 66_000_000
LIGHT_EVERY_NS = 500_000_000


class Mirror:
    """``run`` it in a thread; the other methods may be called from any."""

    def __init__(self, eyes: Eyes, open_source: Callable[[], FrameSource], *, rate_hz: float) -> None:
        """``rate_hz``: looks a second. ``open_source`` may raise SourceError; it is then tried again."""
        self._eyes = eyes
        self._look_every_ns = round(1e9 / rate_hz)
        self._upright = eyes.new_upright()
        self._viewers = Viewers(eyes.new_finder(), eyes.classifier, self._upright)
        self._camera = LentCamera(open_source, seen=self._see, changed=self._camera_changed)
        self._changed: Callable[[], None] = lambda: None
        self._models = threading.Lock()
        """They look at one picture at a time."""
        self._state = threading.RLock()
        self._told = Told()
        self._picture: NDArray[np.uint8] | None = None
        self._face: NDArray[np.float32] | None = None
        """The first face's box, in the camera's picture as it came."""
        self._preview_ns = self._light_ns = 0
        self._attended = False
        self._visible = True

    def when_changed(self, changed: Callable[[], None]) -> None:
        """Call ``changed``, from any thread, when ``take`` has something new."""
        self._changed = changed

    def take(self) -> tuple[Told, bytes | None]:
        """All that the page shows; with the picture, as ``preview`` writes it, if it was not taken yet."""
        with self._state:
            told, picture, self._picture = self._told, self._picture, None
        width_px = CAMERA_PX if told.showing == "camera" else PICTURE_PX
        return told, None if picture is None else preview(picture, width_px)

    def attend(self, there: bool) -> None:
        """Whether a page is there; without one the camera is closed."""
        with self._state:
            self._attended = there
            self._visible = True
            self._settle()

    def visible(self, on: bool) -> None:
        """Whether the page is in view; while it is not, the camera is closed."""
        with self._state:
            self._visible = on
            self._settle()

    def camera(self, on: bool) -> None:
        """Turn the camera on, in place of a picture if need be, or off: what it showed last then stays."""
        with self._state:
            if on:
                self._tell(on=True, showing="camera", light=None, faces=(), looked=False)
            else:
                self._tell(on=False)
            self._settle()

    def show(self, file: BinaryIO) -> None:
        """Show the picture in ``file``, and what is seen in it, in the camera's place; it is turned off.

        Raises SourceError, and changes nothing, for what is no picture.
        """
        picture = decode_still(file, "this file")
        with self._state:
            self._tell(showing="picture", on=False, faces=(), looked=False, turned=False)
            self._settle()
            self._picture = picture
        self._changed()
        with self._models:
            seen = look_at(picture, self._eyes.finder, self._eyes.classifier)
        with self._state:
            if self._told.showing == "picture":
                self._tell(faces=_shown(picture, enumerate(seen)), looked=True)

    def run(self) -> None:
        """Look at what the camera gives, until ``close``."""
        looked_ns = -self._look_every_ns
        try:
            while (frame := self._camera.grab()) is not None:
                if frame.captured_ns - looked_ns >= self._look_every_ns:
                    looked_ns = frame.captured_ns
                    self._look(frame)
        finally:
            self._camera.release()

    def close(self) -> None:
        """End ``run``, and let go of the camera."""
        self._camera.close()

    def _look(self, frame: Frame) -> None:
        with self._models:
            image, seen = self._viewers.see(frame.image, frame.captured_ns // 1_000_000)
        seated = self._viewers.seated
        faces = _shown(image, ((seated.get(track), one) for track, one in seen))
        # Where a face is in the picture as it came is known only while the picture stands upright.
        self._face = seen[0][1].face.box if seen and not self._upright.turns else None
        with self._state:
            if self._told.showing == "camera":
                self._tell(faces=faces, looked=True, turned=bool(self._upright.turns))

    def _see(self, frame: Frame) -> None:
        """Every frame while the camera is open."""
        if frame.captured_ns - self._light_ns >= LIGHT_EVERY_NS:
            self._light_ns = frame.captured_ns
            self._tell(light=light(frame.image, self._face))
        if frame.captured_ns - self._preview_ns >= PREVIEW_EVERY_NS:
            self._preview_ns = frame.captured_ns
            with self._state:
                if self._told.showing == "camera":
                    self._picture = self._upright.turned(frame.image)
            self._changed()

    def _camera_changed(self, camera: CameraState, why: str) -> None:
        self._tell(camera=camera, trouble=why)

    def _settle(self) -> None:
        told = self._told
        self._camera.lend(self._attended and self._visible and told.on and told.showing == "camera")

    def _tell(self, **changes: object) -> None:
        with self._state:
            told = msgspec.structs.replace(self._told, **changes)
            if told == self._told:
                return
            self._told = told
        self._changed()


def _shown(image: NDArray[np.uint8], seen: Iterable[tuple[int | None, SeenFace]]) -> tuple[ShownFace, ...]:
    """By number, counted from 0 in ``seen``; who has none comes last."""
    height, width = image.shape[:2]
    faces = []
    for number, one in sorted(seen, key=lambda pair: (pair[0] is None, pair[0] or 0)):
        left, top, right, bottom = (float(edge) for edge in one.face.box)
        faces.append(
            ShownFace(
                box=(left / width, top / height, right / width, bottom / height),
                number=None if number is None else number + 1,
                front=one.front,
                scores=None
                if one.scores is None
                else tuple(round(100 * float(share)) for share in one.scores),
            )
        )
    return tuple(faces)
