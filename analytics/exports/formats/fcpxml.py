"""Final Cut Pro's FCPXML: File > Import > XML. Resolve reads it too.

A project with one gap as long as the cut, which carries the markers. Times are exact fractions of a second, multiples
of a frame's length; the gap's own time begins at the cut's start timecode. A marker is one frame long there, as Final
Cut Pro itself writes it: how long a stretch lasts stands in the note.
"""

from __future__ import annotations

from fractions import Fraction

from analytics.exports.cleaning import xml
from analytics.exports.markers import MarkerList, one_a_frame
from contract.film_time import FrameRate

VERSION = "1.9"
"""Final Cut Pro 10.5 (2020) and later, and DaVinci Resolve 17 and later."""


def fcpxml(listed: MarkerList) -> bytes:
    """The project with its markers."""
    rate, title = listed.rate, xml(listed.title)
    start, duration = _time(listed.start_frame, rate), _time(listed.frames, rate)
    counting = "DF" if rate.drop_frame else "NDF"
    markers = [
        f'              <marker start="{_time(listed.start_frame + marker.frame, rate)}" '
        f'duration="{_time(1, rate)}" value="{xml(marker.name)}" note="{xml(marker.note)}"/>'
        for marker in one_a_frame(listed.markers)
    ]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<!DOCTYPE fcpxml>",
        f'<fcpxml version="{VERSION}">',
        "  <resources>",
        f'    <format id="r1" frameDuration="{_time(1, rate)}" width="1920" height="1080"/>',
        "  </resources>",
        "  <library>",
        '    <event name="Houselights">',
        f'      <project name="{title}">',
        f'        <sequence format="r1" duration="{duration}" tcStart="{start}" tcFormat="{counting}">',
        "          <spine>",
        f'            <gap name="Gap" offset="{start}" start="{start}" duration="{duration}">',
        *markers,
        "            </gap>",
        "          </spine>",
        "        </sequence>",
        "      </project>",
        "    </event>",
        "  </library>",
        "</fcpxml>",
        "",
    ]
    return "\n".join(lines).encode()


def _time(frames: int, rate: FrameRate) -> str:
    """Frames as a fraction of a second whose denominator is the rate's own, as Final Cut Pro writes it."""
    unit: Fraction = 1 / rate.fraction
    return f"{frames * unit.numerator}/{unit.denominator}s" if frames else "0s"
