"""Film time: exact frame rates, timecode in and out, integer milliseconds, half-open windows.

A frame number counts real frames from timecode 00:00:00:00. A moment is an integer of milliseconds from the
same zero (or, in messages, from the first frame of the cut). Windows are half-open: [start, end).

Drop-frame timecode drops no frames. It skips *labels* (two a minute at 29.97, four at 59.94, save in every
tenth minute) so that the label stays beside the clock on the wall (SMPTE ST 12-1).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from contract.errors import TimecodeError

SLOWEST, FASTEST = Fraction(1), Fraction(120)
"""Frames per second; past 500 two frames would share a millisecond and no round trip would hold."""

_NTSC_NAMES = {
    "23.976": Fraction(24000, 1001),
    "23.98": Fraction(24000, 1001),
    "29.97": Fraction(30000, 1001),
    "47.95": Fraction(48000, 1001),
    "59.94": Fraction(60000, 1001),
    "119.88": Fraction(120000, 1001),
}
"""What people write and what they mean: 23.976 is 24000/1001, never 2997/125."""

_DROP_RATES = (Fraction(30000, 1001), Fraction(60000, 1001))
_RATE = re.compile(r"(\d{1,9})/(\d{1,9})|(\d{1,3}(?:\.\d{1,6})?)", re.ASCII)
_TIMECODE = re.compile(r"(\d{2}):([0-5]\d):([0-5]\d)([:;])(\d{2,3})", re.ASCII)


@dataclass(frozen=True)
class FrameRate:
    """Frames per second as an exact fraction, and whether its timecode is drop-frame."""

    fraction: Fraction
    drop_frame: bool = False

    def __post_init__(self) -> None:
        if not SLOWEST <= self.fraction <= FASTEST:
            raise TimecodeError(
                f"a frame rate lies between {SLOWEST} and {FASTEST} frames a second, got {self.fraction}"
            )
        if self.drop_frame and self.fraction not in _DROP_RATES:
            raise TimecodeError(f"drop-frame exists at 30000/1001 and 60000/1001 only, got {self.fraction}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``25``, ``24000/1001``, ``23.976``, ``29.97``, or a drop-frame rate such as ``29.97df``.

        Raises TimecodeError for anything else.
        """
        plain = text.strip().lower()
        drop_frame = plain.endswith("df")
        plain = plain.removesuffix("df").strip()
        found = _RATE.fullmatch(plain)
        if found is None or (found[2] is not None and int(found[2]) == 0):
            raise TimecodeError(
                f"expected a frame rate such as 25, 24000/1001, 23.976 or 29.97df, got {text!r}"
            )
        fraction = _NTSC_NAMES.get(plain) or Fraction(plain)
        return cls(fraction, drop_frame)

    @property
    def counted(self) -> int:
        """Frame labels in a second of timecode: 30 at 29.97."""
        return math.ceil(self.fraction)

    @property
    def dropped_labels(self) -> int:
        """Labels skipped at the start of a minute that is no tenth one: 2 at 29.97 drop-frame, 4 at 59.94."""
        return self.counted // 15 if self.drop_frame else 0

    def __str__(self) -> str:
        """The canonical text, which ``parse`` reads back: ``25``, ``24000/1001``, ``30000/1001df``."""
        return f"{self.fraction}{'df' if self.drop_frame else ''}"


def parse_timecode(text: str, rate: FrameRate) -> int:
    """The number of the frame labelled ``text``, counted from 00:00:00:00.

    The label is HH:MM:SS:FF, or HH:MM:SS;FF in drop-frame. The separator must agree with
    ``rate``: drop-frame time read as if it were not is seconds off after an hour.
    Raises TimecodeError for text that is no timecode, for a frame past the rate and for a dropped label.
    """
    form = "HH:MM:SS;FF" if rate.drop_frame else "HH:MM:SS:FF"
    found = _TIMECODE.fullmatch(text.strip())
    if found is None:
        raise TimecodeError(f"expected a timecode {form}, got {text!r}")
    hours, minutes, seconds, frames = (int(found[group]) for group in (1, 2, 3, 5))
    if hours > 23:
        raise TimecodeError(f"expected a timecode below 24 hours, got {text!r}")
    if (found[4] == ";") != rate.drop_frame:
        other = "drop-frame" if found[4] == ";" else "not drop-frame"
        raise TimecodeError(f"expected a timecode {form} at {rate}, got {text!r}, which is {other}")
    if frames >= rate.counted:
        raise TimecodeError(f"expected frames 00 to {rate.counted - 1:02} at {rate}, got {text!r}")
    minute = hours * 60 + minutes
    if minute % 10 and seconds == 0 and frames < rate.dropped_labels:
        raise TimecodeError(
            f"{text!r} is a label that drop-frame skips: the next one ends in ;{rate.dropped_labels:02}"
        )
    skipped = rate.dropped_labels * (minute - minute // 10)
    return (minute * 60 + seconds) * rate.counted + frames - skipped


def format_timecode(frame: int, rate: FrameRate) -> str:
    """The label of ``frame``, counted from 00:00:00:00; a semicolon before the frames marks drop-frame.

    Raises TimecodeError before 0, and from 24 hours on: timecode has no label there.
    """
    label = frame
    if rate.drop_frame:
        per_minute = 60 * rate.counted - rate.dropped_labels
        per_ten = 10 * per_minute + rate.dropped_labels
        tens, rest = divmod(frame, per_ten)
        # The first minute of ten skips nothing, so it is longer by what the others skip.
        minutes = 0 if rest < 60 * rate.counted else 1 + (rest - 60 * rate.counted) // per_minute
        label += rate.dropped_labels * (9 * tens + minutes)
    seconds, frames = divmod(label, rate.counted)
    if frame < 0 or seconds >= 24 * 3600:
        raise TimecodeError(f"expected a frame of 00:00:00:00 to 23:59:59 at {rate}, got frame {frame}")
    separator = ";" if rate.drop_frame else ":"
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{separator}{frames:02}"


def frame_to_ms(frame: int, rate: FrameRate) -> int:
    """When ``frame`` begins, milliseconds, rounded to the nearest (halves up)."""
    return math.floor(frame * 1000 / rate.fraction + Fraction(1, 2))


def ms_to_frame(ms: int, rate: FrameRate) -> int:
    """The frame on the screen at ``ms``: the last one whose ``frame_to_ms`` is not after it.

    So ``ms_to_frame(frame_to_ms(n, rate), rate) == n``, for every n.
    """
    # Frame n begins at or before ms once n * 1000 / rate + 1/2 < ms + 1.
    return math.ceil((ms + Fraction(1, 2)) * rate.fraction / 1000) - 1


def window_start(ms: int, window_ms: int) -> int:
    """Start of the window [start, start + window_ms) that holds ``ms``; windows are aligned to 0."""
    return ms - ms % window_ms


def windows(start_ms: int, end_ms: int, window_ms: int) -> Iterator[tuple[int, int]]:
    """Aligned windows (start, end), milliseconds, that overlap [start_ms, end_ms), in film order."""
    if end_ms > start_ms:
        for start in range(window_start(start_ms, window_ms), end_ms, window_ms):
            yield start, start + window_ms
