"""Subtitles of a cut from a file, SubRip (.srt) or WebVTT (.vtt): what stands in it tells which. Pure.

The library reads over what it does not understand; here such a line is named instead, for a subtitle that is missing
would put another under a laugh.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

from analytics.catalogue import Subtitle
from analytics.errors import SubtitleError
from analytics.scene_files.libraries import library
from analytics.scene_files.text import decode, lines_of

_EXAMPLE = "00:01:02,500 --> 00:01:05,000"
_ARROW = re.compile(r"-->|\d\s*-+\s*>\s*\d")
_TIMING = re.compile(
    r"\s*(?:\d{1,4}:)?[0-5]?\d:[0-5]\d[.,]\d{1,3}\s*-->\s*(?:\d{1,4}:)?[0-5]?\d:[0-5]\d[.,]\d{1,3}(?:\s.*)?$"
)


def read_subtitles(path: Path) -> list[Subtitle]:
    """In film order; marks such as italics are taken off, and what has no text is left out.

    Raises SubtitleError, naming the line, for what is no subtitle file or has times that cannot be.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SubtitleError(f"cannot read {path}: {error.strerror or error}") from error
    decoded = decode(data)
    if decoded is None:
        raise SubtitleError(f"{path} is no text: export the subtitles as SubRip (.srt) or WebVTT (.vtt)")
    lines = lines_of(decoded[0])
    timed = _timed_lines(path, lines)
    kind = "vtt" if next((line for line in lines if line.strip()), "").startswith("WEBVTT") else "srt"
    pysubs2 = library("pysubs2", "reading subtitles")
    try:
        found = pysubs2.SSAFile.from_string("\n".join(line.rstrip() for line in lines), format_=kind)
    except (pysubs2.Pysubs2Error, ValueError) as error:
        raise SubtitleError(f"{path} cannot be read as {kind}: {error}") from error
    if len(found) != len(timed):
        raise SubtitleError(
            f"{path}: {len(timed)} lines of times, but {len(found)} subtitles: look for text with --> in it"
        )
    # The library keeps the order of the file, so each subtitle knows its line.
    subtitles = [_subtitle(path, line, event, kind) for line, event in zip(timed, found, strict=True)]
    spoken = [subtitle for subtitle in subtitles if subtitle is not None]
    if not spoken:
        raise SubtitleError(f"{path} has no subtitle with a text")
    return sorted(spoken, key=lambda one: (one.start_ms, one.end_ms))


def _timed_lines(path: Path, lines: list[str]) -> list[int]:
    """Numbers, from 1, of the lines that say when."""
    found = [number for number, line in enumerate(lines, start=1) if _ARROW.search(line)]
    for number in found:
        if not _TIMING.match(lines[number - 1]):
            raise SubtitleError(
                f"{path}, line {number}: expected times such as {_EXAMPLE}, got {lines[number - 1].strip()!r}"
            )
    if not found:
        raise SubtitleError(
            f"{path} has no line with times such as {_EXAMPLE}: export the subtitles as SubRip (.srt) or WebVTT (.vtt)"
        )
    return found


def _subtitle(path: Path, line: int, event: Any, kind: str) -> Subtitle | None:
    if event.end <= event.start:
        raise SubtitleError(
            f"{path}, line {line}: the subtitle ends at {event.end} ms, not after its start at {event.start} ms"
        )
    text = event.plaintext
    if kind == "vtt":
        # A blank line ends a cue: the library would read remarks and the next cue's name as spoken.
        text = html.unescape(text.split("\n\n")[0])
    text = " ".join(text.split())
    return Subtitle(event.start, event.end, text) if text else None
