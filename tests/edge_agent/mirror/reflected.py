"""A mirror without camera and networks: its parts by script."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image

from edge_agent.mirror.messages import Told
from edge_agent.mirror.mirror import Mirror
from edge_agent.view.eyes import Eyes
from tests.edge_agent.view.scripted import WAIT_S, Camera, Cameras, Happy, OneFace


class Running:
    """A mirror in its thread, and what it told last; ``pictures`` are their widths and heights."""

    def __init__(self, cameras: Cameras) -> None:
        self.cameras = cameras
        self.mirror = Mirror(Eyes(Happy(), OneFace(), OneFace), lambda: Camera(cameras), rate_hz=20)
        self.pictures: list[tuple[int, int]] = []
        self._news = threading.Condition()
        self.mirror.when_changed(self._changed)
        self.thread = threading.Thread(target=self.mirror.run, daemon=True)
        self.thread.start()

    def wait_for(self, so: Callable[[Told], bool]) -> Told:
        with self._news:
            assert self._news.wait_for(lambda: so(self._take()), WAIT_S), self._take()
        return self._take()

    def _take(self) -> Told:
        told, picture = self.mirror.take()
        if picture is not None:
            width, height = np.frombuffer(picture[:4], "<u2")
            self.pictures.append((int(width), int(height)))
        return told

    def _changed(self) -> None:
        with self._news:
            self._news.notify_all()


@contextmanager
def mirroring() -> Iterator[Running]:
    """Closed at the end, with its camera."""
    running = Running(Cameras())
    try:
        yield running
    finally:
        running.mirror.close()
        running.thread.join(WAIT_S)
    assert not running.thread.is_alive()
    assert running.cameras.open == 0


def picture_file(width: int = 200, height: int = 150) -> io.BytesIO:
    """Of a grey wall, as PNG."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), (120, 130, 140)).save(file, "PNG")
    file.seek(0)
    return file
