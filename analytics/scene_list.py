"""A list of scenes from a spreadsheet: CSV with name, start and end in timecodes or seconds."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from analytics.catalogue import Scene
from analytics.errors import SceneListError
from contract.errors import TimecodeError
from contract.film_time import FrameRate, frame_to_ms, parse_timecode

LAST_SECOND = 24 * 3600
"""A film longer than a day is a mistake."""
_SECONDS = re.compile(r"\d+([.,]\d+)?")
_EXAMPLE = "name,start,end"


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    name: str
    start_ms: int
    end_ms: int | None


def read_scene_csv(path: str | Path, rate: FrameRate, start_timecode: str = "00:00:00:00") -> list[Scene]:
    """The scenes of a file with the columns name, start and, if wanted, end: half-open, in film order.

    Times are timecodes of the cut, whose first frame is ``start_timecode``, or seconds from that frame. Where
    an end is empty the scene lasts until the next one starts. Commas, semicolons or tabs; blank lines,
    spaces, Windows line ends, a byte-order mark and further columns do no harm. Raises SceneListError, naming
    the line, for what cannot be a list of scenes.
    """
    path = Path(path)
    return parse_scene_csv(path, _text(path), rate, start_timecode)


def parse_scene_csv(
    path: Path,
    text: str,
    rate: FrameRate,
    start_timecode: str = "00:00:00:00",
    last_end_ms: int | None = None,
) -> list[Scene]:
    """The scenes of a text with these columns; see ``read_scene_csv``.

    ``path`` is for messages. ``last_end_ms`` ends the last scene where its own end is empty.
    """
    try:
        first_frame = parse_timecode(start_timecode, rate)
    except TimecodeError as error:
        raise SceneListError(
            f"the cut's start timecode {start_timecode!r} is no timecode: {error}"
        ) from error
    rows = [_row(path, line, cells, rate, first_frame) for line, cells in _cells(path, text)]
    if not rows:
        raise SceneListError(
            f"{path}: no scenes below the header; add a line such as Opening,00:00:00:00,00:00:42:00"
        )
    return _scenes(path, rows, last_end_ms)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SceneListError(f"{path} is not UTF-8 text: save it as CSV UTF-8") from error
    except OSError as error:
        raise SceneListError(f"cannot read {path}: {error.strerror or error}") from error


def _cells(path: Path, text: str) -> list[tuple[int, dict[str, str]]]:
    """(line number, column → text) of every line that is not blank, header taken off."""
    lines = text.splitlines()
    header_line = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=header_line.count)
    reader = csv.reader(
        text.splitlines(keepends=True), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    header: list[str] | None = None
    found: list[tuple[int, dict[str, str]]] = []
    try:
        for raw in reader:
            cells = [cell.strip() for cell in raw]
            if not any(cells):
                continue
            if header is None:
                header = [cell.lower() for cell in cells]
                for column in ("name", "start"):
                    if header.count(column) != 1:
                        raise SceneListError(
                            f"{path}, line {reader.line_num}: expected a header with one column {column!r}, "
                            "got "
                            f"{header_line.strip()!r}; make the first line {_EXAMPLE}"
                        )
                continue
            if len(cells) > len(header) and any(cells[len(header) :]):
                raise SceneListError(
                    f"{path}, line {reader.line_num}: {len(cells)} cells under {len(header)} columns; put "
                    "quotation "
                    f"marks around a cell that holds {delimiter!r}"
                )
            found.append((reader.line_num, dict(zip(header, cells, strict=False))))
    except csv.Error as error:
        raise SceneListError(
            f"{path}, line {reader.line_num}: not CSV: {error}; save it as CSV UTF-8"
        ) from error
    if header is None:
        raise SceneListError(f"{path} is empty; make the first line {_EXAMPLE}")
    return found


def _row(path: Path, line: int, cells: dict[str, str], rate: FrameRate, first_frame: int) -> _Row:
    where = f"{path}, line {line}"
    name, start, end = cells.get("name", ""), cells.get("start", ""), cells.get("end", "")
    if not name:
        raise SceneListError(f"{where}: a scene without a name; fill in the column name")
    if not start:
        raise SceneListError(
            f"{where}: {name!r} has no start; give a timecode such as 00:01:02:00 or seconds such as 62"
        )
    return _Row(
        line,
        name,
        film_ms(where, start, rate, first_frame),
        film_ms(where, end, rate, first_frame) if end else None,
    )


def film_ms(where: str, text: str, rate: FrameRate, first_frame: int) -> int:
    """Milliseconds from the cut's first frame: of a timecode, or of seconds such as ``62.5``.

    ``first_frame``: of the cut, counted from 00:00:00:00. ``where`` begins the message of a SceneListError.
    """
    if _SECONDS.fullmatch(text):
        try:
            seconds = Decimal(text.replace(",", "."))
        except InvalidOperation as error:  # more digits than Decimal takes
            raise SceneListError(f"{where}: {text[:20]!r} is not a number of seconds") from error
        if seconds > LAST_SECOND:
            raise SceneListError(
                f"{where}: {text} s is more than a day; give seconds, not milliseconds or frames"
            )
        return int((seconds * 1000).to_integral_value())
    try:
        frame = parse_timecode(text, rate) - first_frame
    except TimecodeError as error:
        raise SceneListError(
            f"{where}: {text!r} is neither a timecode at {rate} frames a second nor seconds ({error}); "
            "write 00:01:02:00 or 62.5"
        ) from error
    if frame < 0:
        raise SceneListError(
            f"{where}: {text} lies before the cut's first frame; correct it, or the cut's start timecode"
        )
    return frame_to_ms(frame, rate)


def _scenes(path: Path, rows: list[_Row], last_end_ms: int | None) -> list[Scene]:
    """Ends filled in, and refused where they cannot be."""
    scenes: list[Scene] = []
    first_line: dict[str, int] = {}
    for index, row in enumerate(rows):
        where = f"{path}, line {row.line}"
        following = rows[index + 1] if index + 1 < len(rows) else None
        if row.name in first_line:
            raise SceneListError(
                f"{where}: {row.name!r} is already on line {first_line[row.name]}; rename one of them"
            )
        first_line[row.name] = row.line
        if following is not None and following.start_ms < row.start_ms:
            raise SceneListError(
                f"{path}, line {following.line}: {following.name!r} starts before {row.name!r} on line "
                f"{row.line} does; "
                "list scenes in film order"
            )
        end_ms = row.end_ms
        if end_ms is None:
            end_ms = following.start_ms if following is not None else last_end_ms
            if end_ms is None:
                raise SceneListError(f"{where}: the last scene, {row.name!r}, has no end; give it one")
        if end_ms <= row.start_ms:
            raise SceneListError(
                f"{where}: {row.name!r} ends at {end_ms / 1000:g} s, not after its start at "
                f"{row.start_ms / 1000:g} s; "
                "swap or correct its times"
            )
        if following is not None and end_ms > following.start_ms:
            raise SceneListError(
                f"{where}: {row.name!r} ends at {end_ms / 1000:g} s, after {following.name!r} on line "
                f"{following.line} "
                f"starts at {following.start_ms / 1000:g} s; let no scenes overlap"
            )
        scenes.append(Scene(row.name, row.start_ms, end_ms))
    return scenes
