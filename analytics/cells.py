"""From each viewer's windows to the cells of an audience: temporary tables beside the store, some screenings at a time.

``sql/publish/*.sql`` in the order of STEPS_TO_VIEWERS and STEPS_TO_CELLS; then seconds are withheld, and what is drawn
at random comes last. Of a screening that is taken over only each viewer's own figures are made, where a comparison
needs them.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from functools import cache

import duckdb

from analytics.intervals import Interval, scene_intervals
from analytics.laid_in import Read, temporary
from analytics.screening_figures import Figures, judge_viewers
from analytics.serving import SQL_DIR
from analytics.viewer_figures import ViewerFigures, viewer_figures
from analytics.withheld import withhold

STEPS_TO_VIEWERS = ("viewer_second", "viewer_covered")
"""Temporary tables of some screenings: one row a viewer and something. Who counts is decided after them."""
STEPS_TO_CELLS = (
    "usable_viewer",
    "viewer_own",
    "second_cell",
    "second_scene",
    "viewer_scene",
    "scene_cell",
    "scene_step_cell",
)
"""The same of usable viewers, then one row an audience and something."""
STEPS_OF_AUDIENCES = frozenset({"second_cell", "scene_cell", "scene_step_cell"})
"""Those of STEPS_TO_CELLS that are kept from portion to portion to be published."""
KEPT_OF_VIEWERS = ("scored_viewer", "usable_viewer", "unusable_viewer")
"""Temporary tables of viewers that are kept, too."""
AT_ONCE = 1_000_000
"""Windows to compute at a time: about 300 MB of memory. A screening with more is computed alone."""


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
    for step in ("wilson", "student"):
        run_step(connection, step)
    names = [one.id for one in catalogue.screenings]
    wanted = {number for number, name in enumerate(names) if name in needed}
    again = [number for number in sorted(wanted) if names[number] in taken_over]
    figures = viewers_alone(connection, again, at_once)
    computed = [number for number, name in enumerate(names) if name not in taken_over]
    figures |= _cells(connection, computed, wanted, drawn, at_once)
    return {names[number]: of_one for number, of_one in figures.items()}


def viewers_alone(
    connection: duckdb.DuckDBPyConnection,
    numbers: Sequence[int],
    at_once: int = AT_ONCE,
    *,
    judged: bool = True,
) -> dict[int, ViewerFigures]:
    """Each viewer's figures of some screenings, by number; it leaves nothing behind that would be published.

    ``judged``: of usable viewers alone, as everywhere.
    """
    figures: dict[int, ViewerFigures] = {}
    if numbers:
        for _ in _portions(connection, numbers, at_once, judged=judged):
            for step in STEPS_TO_CELLS:
                if step not in STEPS_OF_AUDIENCES:
                    run_step(connection, step)
            figures |= viewer_figures(connection)
        for table in KEPT_OF_VIEWERS:
            connection.execute(f"DROP TABLE {table}")
    return figures


def run_step(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Runs ``sql/publish/<name>.sql``."""
    for statement in statements(name):
        connection.execute(statement)


@cache
def statements(name: str) -> list[str]:
    """Those of ``sql/publish/<name>.sql``."""
    text = (SQL_DIR / "publish" / f"{name}.sql").read_text(encoding="utf-8")
    return [statement.query for statement in duckdb.extract_statements(text)]


def _cells(
    connection: duckdb.DuckDBPyConnection,
    numbers: Sequence[int],
    needed: Container[int],
    drawn: Figures,
    at_once: int,
) -> dict[int, ViewerFigures]:
    of_viewers: dict[int, ViewerFigures] = {}
    intervals: list[Interval] = []
    for _ in _portions(connection, numbers, at_once):
        for step in STEPS_TO_CELLS:
            drawn.go_on()
            run_step(connection, step)
        withhold(connection)
        intervals += scene_intervals(connection)
        drawn.add(connection)
        found = viewer_figures(connection)
        of_viewers |= {number: of_one for number, of_one in found.items() if number in needed}
    drawn.lay_in(connection)
    temporary(
        connection,
        "scene_interval",
        [
            ("number", "INTEGER"),
            ("scene", "INTEGER"),
            ("measure", "VARCHAR"),
            ("low", "DOUBLE"),
            ("high", "DOUBLE"),
        ],
        intervals,
    )
    return of_viewers


def _portions(
    connection: duckdb.DuckDBPyConnection, numbers: Sequence[int], at_once: int, *, judged: bool = True
) -> Iterator[int]:
    """One portion of these screenings after the other, its viewers judged; an empty one where there is nothing."""
    connection.execute(f"SET VARIABLE at_once = {at_once}")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE at_hand AS SELECT unnest(?::INTEGER[]) AS number", [list(numbers)]
    )
    run_step(connection, "viewer")
    found = connection.execute(
        "SELECT portion, min(first_row), max(last_row) FROM viewer GROUP BY portion ORDER BY portion"
    ).fetchall()
    for portion in found or [(0, 0, 0)]:
        for name, value in zip(("portion", "first_row", "last_row"), portion, strict=True):
            connection.execute(f"SET VARIABLE {name} = {value}")
        for step in STEPS_TO_VIEWERS:
            run_step(connection, step)
        if judged:
            judge_viewers(connection)
        else:
            temporary(connection, "verdict", [("viewer_id", "INTEGER"), ("reason", "VARCHAR")], [])
        yield portion[0]
