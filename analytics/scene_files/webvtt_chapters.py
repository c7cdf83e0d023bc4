"""WebVTT chapters, as web players and authoring tools write them.

    WEBVTT

    1
    00:00:00.000 --> 00:01:30.500
    12 KITCHEN

    NOTE a remark

    00:01:30.500 --> 00:04:00.000 align:start
    13 STREET

The text of a cue is the scene's name, or else its identifier. Times are milliseconds from the film's first frame.
Source: W3C, WebVTT: The Web Video Text Tracks Format, sections 4 and 6; read by line, so that notes can name them.
"""

from __future__ import annotations

import html
import re
from statistics import median

from analytics.scene_files.model import Found, Note, Span, Unit, clean_name
from analytics.scene_files.source import Asked, Source

_TIME = r"(?:(\d{1,4}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
_CUE = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?$")
_TAG = re.compile(r"<[^>]*>")
_BLOCKS = ("NOTE", "STYLE", "REGION")
_SHORT_MS, _MANY = 6000, 20
"""More than so many cues of half under so many milliseconds are lines of dialogue."""


def read_webvtt(source: Source, asked: Asked) -> Found:  # noqa: ARG001  # a reader's signature
    """The chapters, in milliseconds of the film."""
    chapters: list[Span] = []
    notes: list[Note] = []
    for first, block in _blocks(source.lines):
        timing = next((index for index, line in enumerate(block) if "-->" in line), None)
        if timing is None or block[0].startswith(_BLOCKS):
            continue
        found = _CUE.match(block[timing])
        number = first + timing
        if found is None:
            notes.append(Note("a cue's times cannot be read: left out", number))
            continue
        start, end = _ms(found.groups()[:4]), _ms(found.groups()[4:])
        if end <= start:
            notes.append(Note("a cue that ends before it begins: left out", number))
            continue
        text = html.unescape(_TAG.sub("", " ".join(block[timing + 1 :])))
        name = clean_name(text) or (clean_name(block[0]) if timing else "") or f"Chapter {len(chapters) + 1}"
        chapters.append(Span(name, start, end, number))
    lengths = [span.end - span.start for span in chapters if span.end is not None]
    if len(lengths) > _MANY and median(lengths) < _SHORT_MS:
        notes.append(Note("these look like subtitles, not chapters: each cue became a scene"))
    return Found("WebVTT", Unit.MS, markers=tuple(chapters), notes=tuple(notes))


def _blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """(number of its first line, lines) of each block between blank lines."""
    found: list[tuple[int, list[str]]] = []
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            block.append(line)
        elif block:
            found.append((number - len(block), block))
            block = []
    return found


def _ms(groups: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = (int(group or 0) for group in groups)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest
