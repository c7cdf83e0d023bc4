"""A video, GIF or picture of viewers, with its own time stamps, paced by a clock that is handed in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2

from edge_agent.errors import SourceError
from edge_agent.opencv import open_quietly, to_rgb
from edge_agent.pacing import Pacing
from edge_agent.sources import Frame

_NS_PER_MS = 1_000_000
_DEFAULT_FRAME_MS = 40.0  # 25 frames a second, for files that do not say
_MOST_FRAMES = 10_000_000  # files without an index claim absurd numbers of frames
_BLIND_TRIES = 8  # reads past a failure when the file does not say how many frames it has
_MOST_TRIES = 1000  # damage of 40 seconds at 25 frames a second; each failed read costs microseconds


class FileSource:
    """The frames of a file, ``rounds`` times over. A damaged frame is skipped and counted."""

    def __init__(
        self,
        path: Path,
        pacing: Pacing,
        *,
        rounds: int = 1,
        on_round: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Open ``path``; ``on_round`` is told the instant each round starts (``FileClock.begin_round``).

        Raises SourceError when there is no picture in it.
        """
        self._path = path
        self._pacing = pacing
        self._rounds_left = rounds
        self._on_round = on_round
        self._skipped = 0
        _check(path)
        self._film: _Film | None = _Film(path)
        self._first = self._film.read()
        if self._first is None:
            self.close()
            raise SourceError(
                f"{path} holds no picture that can be decoded; try another file, or convert it to MP4"
            )
        self._start_ns: int | None = None

    @property
    def skipped(self) -> int:
        """Frames that could not be decoded, in all rounds so far."""
        return self._skipped + (self._film.skipped if self._film else 0)

    def grab(self) -> Frame | None:
        """The next frame, when its time has come; None after the last round."""
        if self._film is None:
            return None
        read = self._first or self._film.read()
        self._first = None
        if read is None:
            read = self._next_round()
            if read is None:
                return None
        if self._start_ns is None:
            self._start_ns = self._pacing.now_ns()
            self._on_round(self._start_ns)
        picture, film_ms = read
        due_ns = self._start_ns + round(film_ms * _NS_PER_MS)
        self._pacing.wait_until(due_ns)
        return Frame(to_rgb(picture), due_ns)

    def close(self) -> None:
        """Close the file."""
        if self._film is not None:
            self._skipped += self._film.skipped
            self._film.release()
            self._film = None

    def _next_round(self) -> tuple[cv2.typing.MatLike, float] | None:
        film, start_ns = self._film, self._start_ns
        assert film is not None and start_ns is not None  # noqa: S101, PT018 - it gave a frame before
        end_ns = start_ns + round(film.length_ms * _NS_PER_MS)
        self.close()
        self._rounds_left -= 1
        if self._rounds_left <= 0:
            return None
        self._film = _Film(self._path)
        read = self._film.read()
        if read is None:
            self.close()
            raise SourceError(f"{self._path} could be read once and not again; was it changed or removed?")
        self._start_ns = end_ns
        self._on_round(end_ns)
        return read


class _Film:
    """One reading of a file from its start."""

    def __init__(self, path: Path) -> None:
        self._capture = open_quietly(str(path))
        if not self._capture.isOpened():
            self._capture.release()
            raise SourceError(f"{path} is no video that can be read; try another file, or convert it to MP4")
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self._frame_ms = 1000 / rate if 0 < rate < 1000 else _DEFAULT_FRAME_MS
        claimed = self._capture.get(cv2.CAP_PROP_FRAME_COUNT)
        self._claimed = int(claimed) if 0 < claimed < _MOST_FRAMES else None
        self._read = 0
        self._last_ms = -self._frame_ms
        self._ended = False
        self.skipped = 0

    @property
    def length_ms(self) -> float:
        """Until the end of the last frame that was read."""
        return self._last_ms + self._frame_ms

    def read(self) -> tuple[cv2.typing.MatLike, float] | None:
        """The next picture (BGR) and its time in ms, always later than the one before; None at the end."""
        failed = 0
        while not self._ended:
            there, picture = self._capture.read()
            if there:
                self.skipped += failed
                self._read += 1
                self._last_ms = self._time_ms()
                return picture, self._last_ms
            failed += 1
            self._ended = failed > self._tries()
        if self._claimed is not None:
            # Counts of frames are estimates in some formats: a few that never were are not called damaged.
            missing = self._claimed - self._read - self.skipped
            self.skipped += missing if missing > 2 + self._claimed // 50 else 0
            self._claimed = None
        return None

    def release(self) -> None:
        self._capture.release()

    def _tries(self) -> int:
        """Failed reads in a row that may still be damage rather than the end."""
        if self._claimed is None:
            return _BLIND_TRIES
        return min(max(0, self._claimed - self._read - self.skipped), _MOST_TRIES)

    def _time_ms(self) -> float:
        stamp_ms = self._capture.get(cv2.CAP_PROP_POS_MSEC)
        # Some formats have no time stamps, and damaged ones jump back.
        return stamp_ms if stamp_ms > self._last_ms else self._last_ms + self._frame_ms


def _check(path: Path) -> None:
    """Say what is wrong with the file before OpenCV says only that something is."""
    try:
        if path.is_dir():
            raise SourceError(f"{path} is a folder; give one video file")
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read ({error.strerror}); check the path, or try --source camera:0"
        ) from error
    if size == 0:
        raise SourceError(f"{path} is empty; try another file")
