"""Timecodes as editing programs write them, and whether they count drop-frame.

``01:00:10:12``, ``01:00:10;12`` (drop-frame), ``01;00;10;12`` (Premiere's drop-frame), ``1:00:10.12``.
Source: SMPTE ST 12-1 for the count; the separators are each program's own habit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analytics.scene_files.model import Note
from analytics.scene_files.source import Asked, Source
from contract.errors import TimecodeError
from contract.film_time import FrameRate, parse_timecode

TIMECODE = r"\d{1,2}[:;.,]\d{2}[:;.,]\d{2}[:;.,]\d{2,3}"
_WHOLE = re.compile(TIMECODE)
_SEPARATOR = re.compile(r"[:;.,]")
_SLIPS = 10
"""Where fewer than one timecode in so many is written as drop-frame, it is a slip of somebody's hand."""
_MISTAKES = 50
"""Where more than one timecode in so many has a frame that the rate lacks, it is the rate that is wrong."""


@dataclass(frozen=True, slots=True)
class Label:
    """A timecode where it stands."""

    text: str
    line: int


def is_label(text: str) -> bool:
    """Whether the text is a timecode, whatever its separators."""
    return _WHOLE.fullmatch(text.strip()) is not None


def frame_of(text: str, rate: FrameRate) -> int:
    """Frames from 00:00:00:00, whatever the separators: ``check_labels`` has looked at them all before.

    Raises TimecodeError for a frame past the rate, a skipped label, and what is no timecode.
    """
    if not is_label(text):
        raise TimecodeError(f"expected a timecode HH:MM:SS:FF, got {text.strip()[:30]!r}")
    hours, minutes, seconds, frames = _SEPARATOR.split(text.strip())
    return parse_timecode(f"{hours:0>2}:{minutes}:{seconds}{';' if rate.drop_frame else ':'}{frames}", rate)


def needed_rate(source: Source, asked: Asked, what: str) -> FrameRate:
    """The rate of a format that states none itself. Raises SceneListError where nobody has said it."""
    if asked.rate is None:
        raise source.error(f"{what} does not state its frame rate: give it, for example --rate 25")
    return asked.rate


def check_labels(
    source: Source,
    labels: Iterable[Label],
    rate: FrameRate,
    said: tuple[bool, int] | None = None,
    *,
    strict: bool = False,
) -> list[Note]:
    """Raises SceneListError where a file's timecodes as a whole are not of this rate.

    They may count past its frames, or drop-frame where it does not, or the other way: read wrongly, those are
    3.6 seconds off after an hour, and nothing else would show it. ``said`` is what an ``FCM:`` line says, and its
    line number. ``strict``: colons alone mean "not drop-frame"; in an EDL they do not, because many programs leave
    that to the FCM line.
    """
    whole = [label for label in labels if is_label(label.text)]
    drop = [label for label in whole if _SEPARATOR.findall(label.text)[-1] == ";"]
    notes: list[Note] = []
    if drop and len(drop) * _SLIPS <= len(whole):
        notes.append(Note(f"{drop[0].text} is drop-frame, unlike the others: read as they are", drop[0].line))
        drop = []
    if rate.drop_frame:
        notes += _check_drop(source, whole, drop, rate, said, strict=strict)
    elif drop:
        raise source.error(
            f"{drop[0].text} is drop-frame timecode, but the rate is {rate}: give --rate 29.97df or 59.94df",
            drop[0].line,
        )
    elif said is not None and said[0]:
        raise source.error(
            f"it says FCM: DROP FRAME, but the rate is {rate}: give --rate 29.97df or 59.94df, or correct the line",
            said[1],
        )
    past = [label for label in whole if int(_SEPARATOR.split(label.text.strip())[-1]) >= rate.counted]
    if len(past) > 1 and len(past) * _MISTAKES > len(whole):
        raise source.error(
            f"{past[0].text} and {len(past) - 1} other timecodes count past the frames of a second at {rate}: give "
            "the cut's rate, for example --rate 25",
            past[0].line,
        )
    return notes


def _check_drop(
    source: Source,
    whole: Sequence[Label],
    drop: Sequence[Label],
    rate: FrameRate,
    said: tuple[bool, int] | None,
    *,
    strict: bool,
) -> list[Note]:
    """For a rate that drops: whether the file does."""
    contradicted = said is not None and not said[0]
    if drop:
        why = f"it says NON-DROP FRAME, but {drop[0].text} is drop-frame, and so is the rate: read as {rate}"
        return [Note(why, said[1])] if said is not None and contradicted else []
    wrong = said[1] if said is not None and contradicted else whole[0].line if strict and whole else None
    if wrong is not None:
        raise source.error(
            f"its timecode is not drop-frame, but the rate is {rate}: give --rate {str(rate).removesuffix('df')}",
            wrong,
        )
    return []
