"""Fountain, the plain-text form of a script: its scene headings, with the numbers they carry.

    INT. KITCHEN - NIGHT #12A#

    Anna waits.

    .THE WRONG HOUSE #13#

A heading stands after a blank line and begins with INT, EXT, EST, INT./EXT or I/E, or with a single full stop.
Remarks in [[brackets]] and /* what is cut out */ are not of the script.

Source: fountain.io, "Syntax", sections Scene Headings, Scene Numbers, Notes and Boneyard.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analytics.scene_files.model import clean_name
from analytics.scene_files.text import lines_of

_HEADING = re.compile(r"(?:(?:INT|EXT|EST)(?:\.?/(?:INT|EXT))?|I\.?/E)[. ]|\.(?=[^.\s])", re.IGNORECASE)
_NUMBER = re.compile(r"#([A-Za-z0-9.-]+)#\s*$")
_LEFT_OUT = (("/*", "*/"), ("[[", "]]"))


@dataclass(frozen=True, slots=True)
class ScriptScene:
    """A scene of a script; ``number`` is empty where it carries none."""

    number: str
    heading: str
    line: int


def has_headings(text: str) -> bool:
    """Whether a text reads like a script: with a heading, and not by a forced one alone."""
    return any(not scene.heading.startswith(".") for scene in _scenes(text, forced=False))


def read_fountain(text: str) -> list[ScriptScene]:
    """The scenes in the order of the script."""
    return _scenes(text, forced=True)


def _scenes(text: str, *, forced: bool) -> list[ScriptScene]:
    for opening, closing in _LEFT_OUT:
        text = _without(text, opening, closing)
    found: list[ScriptScene] = []
    blank = True
    for number, line in enumerate(lines_of(text), start=1):
        heading = line.strip()
        if blank and _HEADING.match(heading) and (forced or not heading.startswith(".")):
            tag = _NUMBER.search(heading)
            plain = heading[: tag.start()] if tag else heading
            found.append(ScriptScene(tag[1] if tag else "", clean_name(plain.removeprefix(".")), number))
        blank = not heading
    return found


def _without(text: str, opening: str, closing: str) -> str:
    """The text without what stands between the marks; line breaks stay, so that lines keep their numbers."""
    kept: list[str] = []
    at = 0
    while (begin := text.find(opening, at)) >= 0 and (end := text.find(closing, begin)) >= 0:
        kept += [text[at:begin], re.sub(r"[^\r\n]", "", text[begin:end])]
        at = end + len(closing)
    return "".join([*kept, text[at:]])
