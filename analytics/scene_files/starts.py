"""Where the cut begins in a file: which timecode its first frame has, and where it lies on a timeline."""

from __future__ import annotations

from itertools import pairwise

from analytics.scene_files.model import Found, Note
from analytics.scene_files.source import Asked, Source
from contract.errors import TimecodeError
from contract.film_time import FrameRate, format_timecode, parse_timecode

_LEADER_MINUTE = 58
"""Programmes begin on the hour; slate, bars and countdown lie in the two minutes before it."""
_LONGEST_LEADER_S = 600
"""What begins earlier than so much before the cut does has timecode of its own, not the cut's."""
_STRAYS, _STRAY_S = 10, 1800
"""At most one shot in so many is a stray, and no film has a gap of so many seconds in its picture."""


def first_label(
    source: Source, found: Found, asked: Asked, rate: FrameRate, notes: list[Note]
) -> tuple[int, str | None]:
    """The timecode of the cut's first frame, in frames from 00:00:00:00, for a file that speaks in timecode."""
    spans = (*found.shots, *found.markers)
    if asked.start_timecode is not None:
        first = label_frame(source, asked.start_timecode, rate, "the cut's start timecode")
        if spans:
            _check_leader(source, _earliest(found, rate), first, rate)
        return first, asked.start_timecode
    if not spans:
        return 0, None
    earliest, latest = _earliest(found, rate), max(span.start for span in spans)
    begins = format_timecode(earliest, rate)
    hour, minute = int(begins[:2]), int(begins[3:5])
    if minute >= _LEADER_MINUTE and format_timecode(latest, rate)[:2] != begins[:2]:
        raise source.error(
            f"its times begin at {begins}, as with a leader before the hour, and nobody has said where the cut's "
            f"first frame lies: give its timecode, for example --start {_on_the_hour(hour + 1, rate)}"
        )
    if not hour:
        return 0, None
    start = _on_the_hour(hour, rate)
    notes.append(
        Note(
            f"its times begin at {begins}: the cut's first frame is taken as {start}; if it is another, give --start"
        )
    )
    return parse_timecode(start, rate), start


def _earliest(found: Found, rate: FrameRate) -> int:
    """Where the file's times begin, but for a few shots far before all others: their times are mistakes."""
    if not found.shots:
        return min(span.start for span in found.markers)
    shots = sorted(found.shots, key=lambda span: span.start)
    begins = shots[0].start
    for stray, following in pairwise(shots[: len(shots) // _STRAYS + 1]):
        if following.start - (stray.end or stray.start) > _STRAY_S * rate.counted:
            begins = following.start
    return begins


def _check_leader(source: Source, begins: int, first: int, rate: FrameRate) -> None:
    """Raises SceneListError for times that cannot be counted from where the cut begins."""
    if begins < first - _LONGEST_LEADER_S * rate.counted:
        label = format_timecode(begins, rate)
        raise source.error(
            f"its times begin at {label}, long before the cut does at {format_timecode(first, rate)}: give --start "
            f"{label} if that is the cut's first frame, or export the cut's own timeline"
        )


def _on_the_hour(hour: int, rate: FrameRate) -> str:
    return f"{hour:02}:00:00{';' if rate.drop_frame else ':'}00"


def first_of_timeline(
    source: Source, found: Found, asked: Asked, rate: FrameRate, notes: list[Note]
) -> tuple[int, int, str | None]:
    """(the cut's first label, frames from the timeline's first frame to add, the cut's start timecode)."""
    begins = None
    if found.start is not None:
        try:
            begins = format_timecode(found.start, rate)
        except TimecodeError as error:
            notes.append(Note(f"the timeline's start timecode is none ({error}): passed over"))
    if asked.start_timecode is None:
        return found.start or 0 if begins else 0, 0, begins
    first = label_frame(source, asked.start_timecode, rate, "the cut's start timecode")
    if begins is None or found.start is None or found.start == first:
        return first, 0, asked.start_timecode
    if not found.start:  # nobody has set the timeline's timecode
        notes.append(
            Note(
                f"the timeline begins at {begins}: its first frame is taken as the cut's, {asked.start_timecode}"
            )
        )
        return first, 0, asked.start_timecode
    _check_leader(source, found.start, first, rate)
    notes.append(
        Note(
            f"the timeline begins at {begins}, the cut at {asked.start_timecode}: scenes lie where timecode puts them"
        )
    )
    return first, found.start - first, asked.start_timecode


def label_frame(source: Source, timecode: str, rate: FrameRate, what: str) -> int:
    """A timecode that the person gave, in frames from 00:00:00:00. Raises SceneListError where it is none."""
    try:
        return parse_timecode(timecode, rate)
    except TimecodeError as error:
        raise source.error(f"{what} {timecode!r} is no timecode: {error}") from error
