"""What changed from one cut to the next, as a person writes it down: CSV with ``from`` and ``offset``.

    from,offset
    00:10:00:00,out          from here on, the old cut is taken out …
    00:10:12:00,-12          … until here, and what follows lies 12 seconds earlier
    01:02:00:00,-8.5         3.5 seconds were put in: from here on, all lies 8.5 seconds earlier

Times are the old cut's: timecodes, or seconds from its first frame. An offset is seconds or a timecode, with a sign.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from analytics.carry import Move
from analytics.errors import SceneListError
from analytics.scene_list import film_ms
from contract.film_time import FrameRate, parse_timecode

_HEADER = "from,offset"


def read_offsets(path: Path, rate: FrameRate, start_timecode: str) -> list[Move]:
    """The moves of a file, in its order. Raises SceneListError, naming the line, for what is none."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SceneListError(f"{path} is not UTF-8 text: save it as CSV UTF-8") from error
    except OSError as error:
        raise SceneListError(f"cannot read {path}: {error.strerror or error}") from error
    lines = [line for line in text.splitlines() if line.strip()]
    delimiter = max(",;\t", key=(lines or [""])[0].count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    first_frame = parse_timecode(start_timecode, rate)
    moves: list[Move] = []
    headed = False
    for cells in rows:
        where = f"{path}, line {rows.line_num}"
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if not headed:
            if [cell.lower() for cell in cells[:2]] != _HEADER.split(","):
                raise SceneListError(f"{where}: expected the header {_HEADER}, got {','.join(cells)!r}")
            headed = True
            continue
        if len(cells) < 2 or not all(cells[:2]):
            raise SceneListError(
                f"{where}: expected a time and an offset, got {','.join(cells)!r}: for example 00:10:12:00,-12"
            )
        moves.append(Move(film_ms(where, cells[0], rate, first_frame), _offset(where, cells[1], rate)))
    if not moves:
        raise SceneListError(
            f"{path} holds no offsets: write the header {_HEADER} and a line such as 612,-12"
        )
    return moves


def _offset(where: str, text: str, rate: FrameRate) -> int | None:
    if text.lower() == "out":
        return None
    size = film_ms(where, text.lstrip("+-−"), rate, 0)
    return -size if text[0] in "-−" else size
