"""A camera, read in a thread of its own that keeps only the newest picture."""

from __future__ import annotations

import threading
import time

import cv2

from edge_agent.errors import SourceError
from edge_agent.opencv import Capture, open_quietly, to_rgb
from edge_agent.sources import Frame

PATIENCE_S = 5.0
"""Cameras warm up and stall for a second or two; one that gives nothing for this long is gone."""
_RETRY_S = 0.02


class CameraSource:
    """Frames as they are needed: who is slow misses pictures, and never sees an old one."""

    def __init__(self, capture: Capture, name: str, *, patience_s: float = PATIENCE_S) -> None:
        """Read from an open ``capture``; ``name`` is for messages. ``close`` releases it."""
        self._capture = capture
        self._name = name
        self._patience_s = patience_s
        self._fresh = threading.Condition()
        self._newest: Frame | None = None
        self._failures = 0
        self._closed = False
        self._thread = threading.Thread(target=self._keep_newest, name="camera", daemon=True)
        self._thread.start()

    @classmethod
    def open(cls, index: int) -> CameraSource:
        """Camera number ``index``. Raises SourceError when there is none or it gives no picture."""
        capture = open_quietly(index)
        if not capture.isOpened():
            capture.release()
            raise SourceError(
                f"camera {index} cannot be opened: is it plugged in, and not in use by another program? "
                "Try --source camera:1, or a video file"
            )
        source = cls(capture, f"camera {index}")
        try:
            source._wait()  # the first picture, so that a dead camera is told before a session starts
        except SourceError:
            source.close()
            raise
        return source

    @property
    def skipped(self) -> int:
        """Reads that gave no picture, so far."""
        return self._failures

    def grab(self) -> Frame | None:
        """A picture not given before, as soon as there is one; None after ``close``.

        Raises SourceError when the camera has stopped giving any.
        """
        frame = self._wait()
        if frame is not None:
            with self._fresh:
                if self._newest is frame:
                    self._newest = None
        return frame

    def close(self) -> None:
        """Stop the thread and release the camera."""
        with self._fresh:
            self._closed = True
            self._fresh.notify_all()
        self._thread.join(self._patience_s)
        self._capture.release()

    def _wait(self) -> Frame | None:
        with self._fresh:
            came = self._fresh.wait_for(lambda: self._newest is not None or self._closed, self._patience_s)
            if not came:
                raise SourceError(
                    f"{self._name} gave no picture for {self._patience_s:g} seconds: was it unplugged, or "
                    "taken by another program? Plug it in again, or close that program"
                )
            return None if self._closed else self._newest

    def _keep_newest(self) -> None:
        while not self._closed:
            try:
                there, picture = self._capture.read()
            except cv2.error:
                there, picture = False, None
            captured_ns = time.monotonic_ns()
            if not there or picture is None:
                self._failures += 1
                time.sleep(_RETRY_S)
                continue
            frame = Frame(to_rgb(picture), captured_ns)
            with self._fresh:
                self._newest = frame
                self._fresh.notify_all()
