"""A camera that is open only while it is wanted: its light goes off whenever nothing is measured."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Literal

from edge_agent.errors import SourceError
from edge_agent.lasted import lasted
from edge_agent.sources import Frame, FrameSource

RETRY_S = 2.0
"""Between attempts to open a camera that is not there, or was taken away."""
GIVE_UP_S = 600.0
"""Where nobody can be asked: a cable is found and another program closed by then."""
AWAY = (
    "for {} there was no camera, so nobody was looked at; is its cable loose, or did another program take it?"
)

CameraState = Literal["closed", "opening", "open", "missing"]


class Absence:
    """How long a camera was away while it was wanted, told as a LentCamera's ``changed``.

    A line for its going and one for its return.
    """

    def __init__(self, say: Callable[[str], None], *, now_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._say = say
        self._now_ns = now_ns
        self._since_ns: int | None = None
        self._before_ns = 0

    def __call__(self, state: CameraState, why: str) -> None:
        """Say so where that is news."""
        if state == "missing" and self._since_ns is None:
            self._since_ns = self._now_ns()
            self._say(f"{why}; the session goes on once it gives pictures again")
        elif state in {"open", "closed"} and self._since_ns is not None:
            self._before_ns, self._since_ns = self._total_ns(), None
            if state == "open":
                self._say("the camera is back")

    def warning(self) -> str | None:
        """For the end of a session, with how long it was in all; None where there was none."""
        seconds = self._total_ns() / 1e9
        return AWAY.format(lasted(seconds)) if seconds > 0 else None

    def _total_ns(self) -> int:
        since_ns = self._since_ns
        return self._before_ns + (0 if since_ns is None else self._now_ns() - since_ns)


class LentCamera:
    """A FrameSource. ``lend`` and ``close`` may be called from any thread, ``grab`` from one."""

    def __init__(
        self,
        open_source: Callable[[], FrameSource],
        *,
        seen: Callable[[Frame], None] = lambda _: None,
        changed: Callable[[CameraState, str], None] = lambda _state, _why: None,
        source: FrameSource | None = None,
        stop: threading.Event | None = None,
        give_up_s: float = float("inf"),
        retry_s: float = RETRY_S,
    ) -> None:
        """``open_source`` may raise SourceError; footage begins again at its end.

        ``seen`` gets every frame before ``grab`` gives it; ``changed`` the state, and one line for ``missing``.
        ``source``: what is open already. ``stop`` ends it as ``close`` does. ``give_up_s``: how long a camera may be
        missing before ``grab`` raises SourceError.
        """
        self._open_source = open_source
        self._seen = seen
        self._changed = changed
        self._retry_s = retry_s
        self._give_up_s = give_up_s
        self._stop = stop or threading.Event()
        self._source = source
        self._missing_since_s: float | None = None
        self._skipped = 0
        self._lent = False
        self._closed = False
        self._told = threading.Condition()

    @property
    def skipped(self) -> int:
        """Of all times that it was open."""
        return self._skipped + (self._source.skipped if self._source else 0)

    def lend(self, wanted: bool) -> None:
        """Whether frames are wanted; ``grab`` lets go of the camera when it next looks."""
        with self._told:
            self._lent = wanted
            self._told.notify_all()

    def grab(self) -> Frame | None:
        """The next frame, once frames are wanted and there is a camera; None after ``close``."""
        while self._wait_until_lent():
            frame = self._next()
            if frame is not None:
                self._seen(frame)
                return frame
        return None

    def close(self) -> None:
        """No more frames; whoever is in ``grab`` lets go of the camera."""
        with self._told:
            self._closed = True
            self._told.notify_all()

    def release(self) -> None:
        """Let go of the camera now, by whoever called ``grab``; one that is missing is no longer waited for."""
        if self._let_go() or self._missing_since_s is not None:
            self._missing_since_s = None
            self._changed("closed", "")

    def _let_go(self) -> bool:
        """Whether there was one."""
        if self._source is None:
            return False
        self._skipped += self._source.skipped
        self._source.close()
        self._source = None
        return True

    def _wait_until_lent(self) -> bool:
        while not self._lent or self._over:
            self.release()
            with self._told:
                self._told.wait_for(lambda: self._lent or self._over)
                if self._over:
                    return False
        return True

    @property
    def _over(self) -> bool:
        return self._closed or self._stop.is_set()

    def _next(self) -> Frame | None:
        """A frame; None when there is none yet."""
        try:
            if self._source is None:
                self._changed("opening", "")
                self._source = self._open_source()
                self._changed("open", "")
            frame = self._source.grab()
        except SourceError as error:
            self._miss(error)
            return None
        self._missing_since_s = None
        if frame is None:  # footage is over
            self.release()
        return frame

    def _miss(self, error: SourceError) -> None:
        """Let go of the camera, and wait a little."""
        self._let_go()
        now_s = time.monotonic()
        self._missing_since_s = now_s if self._missing_since_s is None else self._missing_since_s
        if now_s - self._missing_since_s >= self._give_up_s:
            raise error
        self._changed("missing", str(error))
        with self._told:
            self._told.wait_for(lambda: self._over or not self._lent, self._retry_s)
