"""From each viewer's windows to the cells of an audience: temporary tables beside the store, some screenings at a time.

1. The windows of a portion are read: ``sql/publish/viewer_window.sql``.
2. Screening by screening they become figures: ``analytics.audience``, then ``withheld`` and what is drawn at random.
3. What is to be published is laid into the temporary tables that STEPS declare.

Of a screening that is taken over only each viewer's own figures are made, where a comparison needs them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TypeVar

import duckdb
import numpy as np

from analytics.audience import Audience, Shown, audience
from analytics.cell_rows import Rows, cell_rows, lay_in_rows
from analytics.laid_in import Read
from analytics.screening_figures import Figures
from analytics.serving import SQL_DIR
from analytics.viewer_figures import ViewerFigures, viewer_figures
from analytics.viewer_seconds import Columns
from analytics.withheld import Withheld, withhold

STEPS = ("wilson", "student", "usable_viewer", "second_cell", "scene_cell")
"""What is there before anything is computed: macros, and tables to be filled."""
AT_ONCE = 1_000_000
"""Windows to compute at a time: about 300 MB of memory. A screening with more is computed alone."""

Made = TypeVar("Made")


def compute(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Read,
    taken_over: Container[str],
    needed: Container[str],
    drawn: Figures,
    at_once: int = AT_ONCE,
) -> dict[str, ViewerFigures]:
    """The cells of all screenings that are not taken over; each viewer's figures of those needed, by screening.

    The catalogue is laid in, and the table ``seat`` is made. ``drawn`` takes what is held against chance. ``at_once``:
    windows to compute at a time. Raises PublishStoppedError when ``drawn`` is told to stop.
    """
    for step in STEPS:
        run_step(connection, step)
    names = [one.id for one in catalogue.screenings]
    again = [number for number, name in enumerate(names) if name in needed and name in taken_over]
    figures = viewers_alone(connection, again, at_once)
    computed = [number for number, name in enumerate(names) if name not in taken_over]
    rows: list[Rows] = []
    for one, withheld, of_one in _each(connection, computed, at_once, _cells):
        drawn.go_on()
        rows.append(of_one)
        drawn.add(connection, one, withheld)
        of_viewers = viewer_figures(one.by_scene) if one.shown.screening in needed else None
        if of_viewers is not None:
            figures[one.shown.number] = of_viewers
    lay_in_rows(connection, rows)
    drawn.lay_in(connection)
    return {names[number]: of_one for number, of_one in figures.items()}


def viewers_alone(
    connection: duckdb.DuckDBPyConnection,
    numbers: Sequence[int],
    at_once: int = AT_ONCE,
    *,
    judged: bool = True,
) -> dict[int, ViewerFigures]:
    """Each viewer's figures of some screenings, by number; it leaves nothing behind that would be published.

    None of a screening without scenes or viewers. ``judged``: of usable viewers alone, as everywhere.
    """
    if not numbers:
        return {}

    def alone(shown: Shown, windows: Columns) -> tuple[int, ViewerFigures | None]:
        return shown.number, viewer_figures(audience(shown, windows, judged=judged).by_scene)

    found = _each(connection, numbers, at_once, alone)
    return {number: of_one for number, of_one in found if of_one is not None}


def run_step(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Runs ``sql/publish/<name>.sql``."""
    for statement in statements(name):
        connection.execute(statement)


@cache
def statements(name: str) -> list[str]:
    """Those of ``sql/publish/<name>.sql``."""
    text = (SQL_DIR / "publish" / f"{name}.sql").read_text(encoding="utf-8")
    return [statement.query for statement in duckdb.extract_statements(text)]


def _cells(shown: Shown, windows: Columns) -> tuple[Audience, Withheld, Rows]:
    one = audience(shown, windows)
    withheld = withhold(one)
    return one, withheld, cell_rows(one, withheld)


def _each(
    connection: duckdb.DuckDBPyConnection,
    numbers: Sequence[int],
    at_once: int,
    make: Callable[[Shown, Columns], Made],
) -> Iterator[Made]:
    """What ``make`` makes of each of these screenings that anybody came to; the table ``viewer`` is theirs.

    On as many threads as the database has, while the next windows are read: NumPy lets others run beside it.
    """
    shown = _shown(connection)
    ((threads,),) = connection.execute("SELECT current_setting('threads')").fetchall()
    with ThreadPoolExecutor(threads) as pool:
        ahead: deque[Future[Made]] = deque()
        for number, windows in _windows(connection, numbers, at_once):
            ahead.append(pool.submit(make, shown[number], windows))
            while len(ahead) > 2 * threads:  # what is not computed yet takes room
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _windows(
    connection: duckdb.DuckDBPyConnection, numbers: Sequence[int], at_once: int
) -> Iterator[tuple[int, Columns]]:
    """By screening, in the order in which they lie in the store."""
    connection.execute(f"SET VARIABLE at_once = {at_once}")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE at_hand AS SELECT unnest(?::INTEGER[]) AS number", [list(numbers)]
    )
    run_step(connection, "viewer")
    portions = connection.execute(
        "SELECT portion, min(first_row), max(last_row) FROM viewer GROUP BY portion ORDER BY portion"
    ).fetchall()
    (query,) = statements("viewer_window")
    for portion in portions:
        for name, value in zip(("portion", "first_row", "last_row"), portion, strict=True):
            connection.execute(f"SET VARIABLE {name} = {value}")
        windows = {
            name: np.asarray(column) for name, column in connection.execute(query).fetchnumpy().items()
        }
        for number in np.unique(windows["number"]):
            mine = windows["number"] == number
            yield int(number), {name: column[mine] for name, column in windows.items()}


def _shown(connection: duckdb.DuckDBPyConnection) -> dict[int, Shown]:
    """By number."""
    found = connection.execute(
        """
        SELECT number, screening, k, settled, list([start_ms, end_ms] ORDER BY scene) FILTER (scene IS NOT NULL)
        FROM catalogue_screening
        LEFT JOIN catalogue_scene USING (film, cut)
        GROUP BY ALL
        """
    ).fetchall()
    return {
        number: Shown(number, screening, k, settled, np.array(scenes or [], np.int64).reshape(-1, 2))
        for number, screening, k, settled, scenes in found
    }
