r"""Premiere Pro's exported markers: tab-separated, called .csv, often UTF-16.

    Marker Name\tDescription\tIn\tOut\tDuration\tMarker Type
    12 KITCHEN\tfirst version\t00:00:10:05\t00:00:10:05\t00:00:00:00\tComment
    13 STREET\t\t00:02:30:00\t00:02:32:00\t00:00:02:00\tComment

Drop-frame timecode is written 00;00;10;05. The header is English in English versions alone.
Source: Premiere's own File > Export > Markers.
"""

from __future__ import annotations

from analytics.scene_files.labels import Label, check_labels, frame_of, needed_rate
from analytics.scene_files.model import Found, Note, Span, Unit, clean_name
from analytics.scene_files.source import Asked, Source
from contract.errors import TimecodeError
from contract.film_time import FrameRate


def is_header(line: str) -> bool:
    """Whether a line is the header of such a list."""
    return {"marker name", "in"} <= {cell.strip().lower() for cell in line.split("\t")}


def read_premiere_markers(source: Source, asked: Asked) -> Found:
    """The markers, in frames from timecode 00:00:00:00. Raises SceneListError for the wrong kind of rate."""
    rate = needed_rate(source, asked, "a list of Premiere's markers")
    header: list[str] = []
    rows: list[tuple[int, dict[str, str]]] = []
    for number, line in enumerate(source.lines, start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not header and any(cells):
            header = [cell.lower() for cell in cells]
        elif any(cells):
            rows.append((number, dict(zip(header, cells, strict=False))))
    notes = check_labels(
        source, [Label(cells.get("in", ""), number) for number, cells in rows], rate, strict=True
    )
    markers = []
    for count, (number, row) in enumerate(rows, start=1):
        try:
            start = frame_of(row.get("in", ""), rate)
        except TimecodeError as error:
            notes.append(Note(f"{error}: left out", number))
            continue
        frames = _frames(row.get("duration", ""), rate)
        name = clean_name(row["marker name"]) or clean_name(row.get("description", "")) or f"Marker {count}"
        markers.append(Span(name, start, start + frames if frames > 1 else None, number))
    return Found("Premiere markers", Unit.LABEL, markers=tuple(markers), notes=tuple(notes))


def _frames(duration: str, rate: FrameRate) -> int:
    try:
        return frame_of(duration, rate)
    except TimecodeError:
        return 0
