"""DaVinci Resolve's marker EDL, as a timeline's Import > Timeline Markers from EDL takes it.

    001  001      V     C        01:00:05:00 01:00:05:01 01:00:05:00 01:00:05:01
    NOTE |C:ResolveColorBlue |M:NAME |D:FRAMES

An event is one frame long and has two spaces at its end, whatever the marker's own length, which ``|D:`` gives. Resolve
takes a line that begins with a digit for the next event, keeps one marker a frame, and counts events in three digits.
"""

from __future__ import annotations

from analytics.exports.cleaning import without_bars
from analytics.exports.colours import MARKER_COLOURS
from analytics.exports.errors import ExportError
from analytics.exports.markers import MarkerList, one_a_frame

MOST_EVENTS = 999


def resolve_edl(listed: MarkerList) -> bytes:
    """The list as Resolve writes and reads it. Raises ExportError for more markers or frames than an EDL can number."""
    placed = one_a_frame(listed.markers)
    if len(placed) > MOST_EVENTS:
        raise ExportError(
            f"a marker EDL holds {MOST_EVENTS} markers and there are {len(placed)}: "
            "export fewer peaks (--most-peaks), or take --format fcp7xml"
        )
    if listed.rate.counted > 100:
        raise ExportError(
            f"an EDL's timecode has two digits for frames, too few at {listed.rate} frames a second: "
            "take --format otio, fcpxml or csv"
        )
    lines = [
        f"TITLE: {without_bars(listed.title)}",
        f"FCM: {'DROP FRAME' if listed.rate.drop_frame else 'NON-DROP FRAME'}",
        "",
    ]
    for number, marker in enumerate(placed, start=1):
        first, next_frame = listed.timecode(marker.frame), listed.timecode(marker.frame + 1)
        colour = MARKER_COLOURS[marker.kind].resolve
        lines += [
            f"{number:03}  001      V     C        {first} {next_frame} {first} {next_frame}  ",
            f"{_note(marker.note)} |C:ResolveColor{colour} |M:{without_bars(marker.name)} |D:{marker.frames}",
            "",
        ]
    return "\n".join(lines).encode()


def _note(text: str) -> str:
    note = without_bars(text)
    # isdecimal, not isdigit: what Resolve takes for an event number may also be written in other scripts' figures.
    return f"Note: {note}" if note[:1].isdecimal() else note
