r"""Avid Media Composer's exported markers: a line a marker, with tabs and without a header.

    Editor\t01:00:10:05\tV1\tred\t12 KITCHEN\t1
    Editor\t01:02:30:00\tV1\tgreen\t13 STREET, second line\t48\t\tgreen

User, timecode, track, colour, comment and, from Media Composer 7 on, the length in frames; later ones repeat the
colour after an empty cell. A comment may run over several lines. Drop-frame timecode has a semicolon.

Source: the Markers window's own "Export Markers…" in text form.
"""

from __future__ import annotations

import re

from analytics.scene_files.labels import Label, check_labels, frame_of, is_label, needed_rate
from analytics.scene_files.model import Found, Note, Span, Unit, clean_name
from analytics.scene_files.source import Asked, Source
from contract.errors import TimecodeError

_TRACK = re.compile(r"(V|A|D|TC|EC|FX|SC)[\w.]*", re.IGNORECASE)
_LONGEST_FRAMES = 9  # digits


def is_marker(line: str) -> bool:
    """Whether a line is a marker: a timecode in the first or second cell, then a track."""
    cells = line.split("\t")
    at = _time_cell(cells)
    return at is not None and len(cells) > at + 2 and _TRACK.fullmatch(cells[at + 1].strip()) is not None


def read_avid_markers(source: Source, asked: Asked) -> Found:
    """The markers, in frames from timecode 00:00:00:00. Raises SceneListError for the wrong kind of rate."""
    rate = needed_rate(source, asked, "a list of Avid's markers")
    rows, notes = _rows(source.lines)
    notes += check_labels(source, [label for label, _, _ in rows], rate, strict=True)
    markers = []
    for number, (label, comment, frames) in enumerate(rows, start=1):
        try:
            start = frame_of(label.text, rate)
        except TimecodeError as error:
            notes.append(Note(f"{error}: left out", label.line))
            continue
        name = clean_name(comment) or f"Marker {number}"
        markers.append(Span(name, start, start + frames if frames > 1 else None, label.line))
    return Found("Avid markers", Unit.LABEL, markers=tuple(markers), notes=tuple(notes))


def _rows(lines: list[str]) -> tuple[list[tuple[Label, str, int]], list[Note]]:
    """(timecode, comment, frames) of each marker; a line without a timecode goes on with the comment above."""
    rows: list[tuple[Label, str, int]] = []
    notes: list[Note] = []
    for number, line in enumerate(lines, start=1):
        cells = line.split("\t")
        at = _time_cell(cells)
        if not line.strip():
            continue
        if at is not None:
            rows.append((Label(cells[at].strip(), number), *_comment(cells[at + 3 :])))
        elif rows and len(cells) <= 4:
            label, comment, frames = rows[-1]
            more, longer = _comment(cells)
            rows[-1] = (label, f"{comment} {more}", max(frames, longer))
        else:
            notes.append(Note("no marker: its second cell is no timecode; left out", number))
    return rows, notes


def _comment(cells: list[str]) -> tuple[str, int]:
    frames = cells[1].strip() if len(cells) > 1 else ""
    whole = frames.isascii() and frames.isdigit() and len(frames) <= _LONGEST_FRAMES
    return (cells[0] if cells else "", int(frames) if whole else 1)


def _time_cell(cells: list[str]) -> int | None:
    return next((index for index, cell in enumerate(cells[:2]) if is_label(cell)), None)
