"""A film's shots, each with a picture and its colours, in one reading of the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import islice, pairwise
from pathlib import Path

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from contract.errors import TimecodeError
from contract.film_time import FrameRate, frame_to_ms
from edge_agent.errors import FilmError
from edge_agent.film.file import FilmFile
from edge_agent.film.key_frames import FrameKeeper, KeyFrames
from edge_agent.film.shots import ShotDetector

PICTURE_PX = 320
"""The longer side of what is looked at and of a shot's picture; about 15 kB as JPEG."""
HISTOGRAM_BINS = (8, 4, 4)
"""Hue, saturation, value: hue tells scenes apart best (Rasheed and Shah 2005, 16 bins of 8, 4 and 4)."""
_JPEG_QUALITY = 80
_BEGINNING = 240
"""Frames that tell how a film counts them: ten seconds."""
_USUAL = tuple(
    rate for whole in (24, 25, 30, 48, 50, 60) for rate in (Fraction(whole), Fraction(whole * 1000, 1001))
)
_OFF_GRID = 0.2
"""Of a frame: so far from its place a frame of a steady film may stand. Matroska rounds to whole milliseconds."""
_MANY = 0.02
"""Share of the frames off their place above which a film's rate is called varying."""
_MOST_APART = 0.25
"""Share of the frames that may stand more than one place after the one before: lost ones."""


@dataclass(frozen=True, slots=True)
class FoundShot:
    """[start_ms, end_ms) from the film's first frame."""

    start_ms: int
    end_ms: int
    picture: bytes
    """JPEG of a frame near its middle."""
    colours: NDArray[np.float32]
    """(key frames, bins): histograms over hue, saturation and value, each of sum 1."""


@dataclass(frozen=True, slots=True)
class Clock:
    """How a film counts its frames."""

    rate: Fraction
    """Frames a second; on average where it varies."""
    varies: bool
    """Whether frames last differently long; times are right all the same."""
    start_timecode: str | None
    """Of the first frame, where the file says."""


@dataclass(frozen=True, slots=True)
class FilmShots:
    """A film that was read to its end."""

    clock: Clock
    shots: tuple[FoundShot, ...]
    duration_ms: int
    stated_ms: int | None
    """How long it lasts, as the file claims."""
    frames: int
    damaged: int
    """Frames or stretches that could not be decoded."""


@dataclass(frozen=True, slots=True)
class _Look:
    picture: bytes
    colours: NDArray[np.float32]


def film_clock(path: Path) -> Clock:
    """How a film counts its frames, as far as its beginning tells. Raises FilmError as ``find_shots`` does."""
    with FilmFile(path) as film:
        times = [at for _, at, _ in islice(film.frames(), _BEGINNING)]
        return _clock(path, times, film.rates, film.start_timecode)


def _clock(
    path: Path, times: Sequence[Fraction], stated: Sequence[Fraction], start_timecode: str | None
) -> Clock:
    if len(times) < 2:
        what = "one picture only" if times else "no picture that can be decoded"
        raise FilmError(f"{path} holds {what}: give a film, or convert it to MP4")
    steady = steady_rate(times, stated)
    return Clock(steady or (len(times) - 1) / times[-1], steady is None, start_timecode)


def find_shots(path: Path, progress: Callable[[float, float | None], None] = lambda *_: None) -> FilmShots:
    """The shots of a film. Raises FilmError where it is none, or has fewer than two frames.

    ``progress`` is told seconds of film read, and of how many if the file says.
    """
    detector, keeper = ShotDetector(), FrameKeeper[_Look]()
    starts, key_frames = [0], list[KeyFrames[_Look]]()
    times: list[Fraction] = []
    length = Fraction(0)
    picture: NDArray[np.uint8] | None = None
    with FilmFile(path) as film:
        rates, timecode, aspect, length_s = film.rates, film.start_timecode, film.pixel_aspect, film.length_s
        for frame, at, lasts in film.frames():
            picture, length = _small(frame, aspect), lasts
            keeper.offer(len(times), partial(_look, picture))
            times.append(at)
            for start in detector.look(picture, round(at * 1000)):
                key_frames.append(_keys(keeper, starts[-1], start, picture))
                starts.append(start)
            progress(float(at), length_s)
        damaged = film.damaged
    clock = _clock(path, times, rates, timecode)
    assert picture is not None  # noqa: S101  # there are two
    key_frames.append(_keys(keeper, starts[-1], len(times), picture))
    times.append(times[-1] + (length if clock.varies and length else 1 / clock.rate))
    in_ms = _milliseconds(times, None if clock.varies else clock.rate)
    edges = [*(in_ms[start] for start in starts), in_ms[-1]]
    shots = tuple(
        FoundShot(start, end, keys.middle.picture, np.stack([one.colours for one in keys.spread]))
        for (start, end), keys in zip(pairwise(edges), key_frames, strict=True)
    )
    stated_ms = round(length_s * 1000) if length_s else None
    return FilmShots(clock, shots, in_ms[-1], stated_ms, len(times) - 1, damaged)


def _keys(keeper: FrameKeeper[_Look], first: int, end: int, latest: NDArray[np.uint8]) -> KeyFrames[_Look]:
    found = keeper.end_shot(first, end)
    if found is None:  # a last shot of two or three frames: the film's last frame stands for it
        look = _look(latest)
        found = KeyFrames(look, (look,) * 3)
    return found


def _small(frame: VideoFrame, pixel_aspect: Fraction) -> NDArray[np.uint8]:
    """(height, width, 3) uint8 RGB, square pixels, upright, the longer side PICTURE_PX."""
    width, height = frame.width * float(pixel_aspect), float(frame.height)
    scale = PICTURE_PX / max(width, height)
    size = max(2, round(width * scale)), max(2, round(height * scale))
    picture = frame.to_ndarray(format="rgb24", width=size[0], height=size[1], interpolation="AREA")
    turns = round(frame.rotation / 90) % 4  # a phone's film lies on its side and says so
    return np.ascontiguousarray(np.rot90(picture, turns), dtype=np.uint8)


def _look(picture: NDArray[np.uint8]) -> _Look:
    hsv = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
    counts = cv2.calcHist([hsv], [0, 1, 2], None, list(HISTOGRAM_BINS), [0, 180, 0, 256, 0, 256]).ravel()
    colours = (counts / counts.sum()).astype(np.float32)
    _, jpeg = cv2.imencode(
        ".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    )
    return _Look(jpeg.tobytes(), colours)


def steady_rate(times: Sequence[Fraction], stated: Sequence[Fraction]) -> Fraction | None:
    """The rate at which the frames stand, of those stated and the usual ones; None where it varies.

    times: of at least two frames, seconds from the first. Frames that were lost leave places empty and move none.
    """
    average = (len(times) - 1) / times[-1]
    usual = sorted(_USUAL, key=lambda rate: abs(rate - average))[:2]
    return next((rate for rate in (*stated, *usual) if _stands_at(times, rate)), None)


def _stands_at(times: Sequence[Fraction], rate: Fraction) -> bool:
    places = [float(at * rate) for at in times]
    off = sum(abs(place - round(place)) > _OFF_GRID for place in places)
    # Where every other place is empty, it is another rate.
    apart = sum(round(after) - round(before) != 1 for before, after in pairwise(places))
    return off <= _MANY * len(times) and apart <= _MOST_APART * len(times)


def _milliseconds(times: Sequence[Fraction], steady: Fraction | None) -> list[int]:
    """Frames of a steady film stand at whole frames, whatever the file's clock rounds to."""
    try:
        rate = FrameRate(steady) if steady else None
    except TimecodeError:  # a film of a frame each two seconds
        rate = None
    if rate is None:
        return [round(at * 1000) for at in times]
    return [frame_to_ms(round(at * rate.fraction), rate) for at in times]
