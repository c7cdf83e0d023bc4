"""Avid Media Composer's marker list: Tools > Markers, its menu, Import Markers.

One marker a line, fields parted by tabs: user, timecode, track, colour, comment, and the 1 that Media Composer writes
after it. A marker has no name of its own and no length here: its note says both.
"""

from __future__ import annotations

from analytics.exports.cleaning import one_line
from analytics.exports.colours import MARKER_COLOURS
from analytics.exports.markers import MarkerList, one_a_frame

USER, TRACK = "Houselights", "V1"


def avid(listed: MarkerList) -> bytes:
    """The list, a line a marker; Media Composer keeps one marker a frame and track."""
    lines = []
    for marker in one_a_frame(listed.markers):
        colour = MARKER_COLOURS[marker.kind].avid
        lines.append(
            "\t".join((USER, listed.timecode(marker.frame), TRACK, colour, one_line(marker.note), "1"))
        )
    return "".join(f"{line}\n" for line in lines).encode()
