"""Final Cut Pro 7 XML (xmeml): Premiere Pro's way in, File > Import. Resolve and others read it too.

An empty sequence at the cut's rate, start and length, which carries the markers. ``in`` and ``out`` are frames from its
first one; ``out`` is the frame after the marker, or −1 for a marker of one frame. The format has whole rates and the
same slowed by 1000/1001, no others.
"""

from __future__ import annotations

from fractions import Fraction

from analytics.exports.cleaning import xml
from analytics.exports.colours import MARKER_COLOURS
from analytics.exports.errors import ExportError
from analytics.exports.markers import MarkerList, Placed, one_a_frame
from contract.film_time import FrameRate

NTSC = Fraction(1000, 1001)


def fcp7xml(listed: MarkerList) -> bytes:
    """The sequence with its markers. Raises ExportError for a rate that the format cannot say."""
    timebase, ntsc = _timebase(listed.rate)
    rate = f"<rate><timebase>{timebase}</timebase><ntsc>{'TRUE' if ntsc else 'FALSE'}</ntsc></rate>"
    start = listed.timecode(0)
    if listed.rate.drop_frame:
        start = start.replace(":", ";")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<!DOCTYPE xmeml>",
        '<xmeml version="4">',
        '  <sequence id="sequence-1">',
        f"    <name>{xml(listed.title)}</name>",
        f"    <duration>{listed.frames}</duration>",
        f"    {rate}",
        "    <timecode>",
        f"      {rate}",
        f"      <string>{start}</string>",
        f"      <frame>{listed.start_frame}</frame>",
        f"      <displayformat>{'DF' if listed.rate.drop_frame else 'NDF'}</displayformat>",
        "    </timecode>",
        "    <media>",
        "      <video>",
        "        <format>",
        f"          <samplecharacteristics>{rate}<width>1920</width><height>1080</height></samplecharacteristics>",
        "        </format>",
        "        <track/>",
        "      </video>",
        "    </media>",
    ]
    for marker in one_a_frame(listed.markers):
        lines += _marker(marker)
    lines += ["  </sequence>", "</xmeml>", ""]
    return "\n".join(lines).encode()


def _marker(marker: Placed) -> list[str]:
    colour = MARKER_COLOURS[marker.kind]
    red, green, blue = colour.fcp7
    lines = [
        "    <marker>",
        f"      <comment>{xml(marker.note)}</comment>",
        f"      <name>{xml(marker.name)}</name>",
        f"      <in>{marker.frame}</in>",
        f"      <out>{marker.frame + marker.frames if marker.frames > 1 else -1}</out>",
        f"      <color><alpha>0</alpha><red>{red}</red><green>{green}</green><blue>{blue}</blue></color>",
    ]
    if colour.premiere is not None:
        lines.append(f"      <pproColor>{colour.premiere}</pproColor>")
    return [*lines, "    </marker>"]


def _timebase(rate: FrameRate) -> tuple[int, bool]:
    if rate.fraction.denominator == 1:
        return rate.fraction.numerator, False
    whole = rate.fraction / NTSC
    if whole.denominator == 1:
        return whole.numerator, True
    raise ExportError(
        f"Final Cut Pro 7 XML knows whole frame rates and those times 1000/1001, not {rate}: "
        "take --format otio, fcpxml or csv"
    )
