"""Figures of a screening that SQL cannot make: who counts, the course of valence, and what is held against chance.

Adapter between the temporary tables of a publish and the pure modules ``usable``, ``arc``, ``moments`` and
``synchrony``. What is held against chance costs seconds a screening, so it is made of settled screenings alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.arc import smoothed, story_arc
from analytics.errors import PublishStoppedError
from analytics.laid_in import temporary
from analytics.moments import find_moments, move_present
from analytics.reacting import KINDS, Scores, reacting
from analytics.shift_null import in_windows
from analytics.synchrony import synchrony
from analytics.usable import unusable

LEVEL = 0.05
"""How often a film without any shared reaction may show a moment of any kind."""
TOGETHER_S = 2
"""Faces answer a film up to two seconds later, each in its own time: within a window they have answered together."""
LONGEST_S = 24 * 3600
"""Of a film: what reaches beyond a day is a device's mistake, and no room is made for it."""
_WHOLE = ("start_ms", "end_ms", "peak_ms", "showing", "viewers", "joined", "audience", "displeased")
_OF_SCREENING = (
    ("synchrony", "DOUBLE"),
    ("synchrony_chance", "DOUBLE"),
    ("synchrony_p", "DOUBLE"),
    ("synchrony_viewers", "INTEGER"),
    ("arc", "VARCHAR"),
    ("arc_p", "DOUBLE"),
)
_SCORES = ("happy", "fear", "surprise", "sad", "valence", "front")


def judge_viewers(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes ``verdict``: the viewers of ``viewer_covered`` who do not count, and why."""
    rows = connection.execute(
        "SELECT viewer_id, sampled, scored, covered, seen FROM viewer_covered"
    ).fetchall()
    judged = ((viewer, unusable(*measured)) for viewer, *measured in rows)
    temporary(
        connection,
        "verdict",
        [("viewer_id", "INTEGER"), ("reason", "VARCHAR")],
        [(viewer, reason) for viewer, reason in judged if reason],
    )


@dataclass(slots=True)
class Figures:
    """Rows gathered from portion to portion, then laid in as temporary tables."""

    kept: frozenset[str] = frozenset()
    """Screenings of whose sessions nothing changed: what was held against chance is in the file attached as
    ``earlier``, though their scenes or subtitles may be others."""
    stopped: Callable[[], bool] = lambda: False
    """Asked again and again, for what is drawn at random takes seconds."""
    arcs: list[tuple[Any, ...]] = field(default_factory=list)
    moments: list[tuple[Any, ...]] = field(default_factory=list)
    screenings: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, connection: duckdb.DuckDBPyConnection) -> None:
        """The figures of the portion at hand; its cells are made."""
        screenings = connection.execute(
            """
            SELECT number, screening, k, settled
            FROM catalogue_screening
            SEMI JOIN (FROM viewer WHERE portion = getvariable('portion')) USING (number)
            ORDER BY number
            """
        ).fetchall()
        for number, screening, k, settled in screenings:
            self._course(connection, number, k)
            if screening in self.kept and not _withheld_before(connection, screening):
                self._as_before(connection, number, screening)
            elif settled:
                self._against_chance(connection, number, k)

    def go_on(self) -> None:
        """Raises PublishStoppedError when told to stop."""
        if self.stopped():
            raise PublishStoppedError("told to stop while publishing: the next publish gives the figures")

    def lay_in(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Makes ``second_arc``, ``moment_found`` and ``screening_found``."""
        number = ("number", "INTEGER")
        temporary(connection, "second_arc", [number, ("t_ms", "INTEGER"), ("arc", "DOUBLE")], self.arcs)
        temporary(
            connection,
            "moment_found",
            [
                number,
                ("kind", "VARCHAR"),
                ("strength", "DOUBLE"),
                *((name, "INTEGER") for name in _WHOLE),
            ],
            self.moments,
        )
        temporary(
            connection,
            "screening_found",
            [number, *_OF_SCREENING],
            self.screenings,
        )

    def _as_before(self, connection: duckdb.DuckDBPyConnection, number: int, screening: str) -> None:
        for rows, columns, table in (
            (self.moments, ("kind", "strength", *_WHOLE), "moment"),
            (self.screenings, tuple(name for name, _ in _OF_SCREENING), "screening_summary"),
        ):
            found = connection.execute(
                f"SELECT {', '.join(columns)} FROM earlier.{table} WHERE screening = $screening",  # noqa: S608  # our own words
                {"screening": screening},
            ).fetchall()
            rows += [(number, *row) for row in found]

    def _course(self, connection: duckdb.DuckDBPyConnection, number: int, k: int) -> None:
        """Valence of the published seconds, smoothed."""
        found = connection.execute(
            """
            SELECT t_ms // 1000 AS second, t_ms, valence, viewers
            FROM second_cell
            WHERE number = $number AND viewers >= $k AND t_ms // 1000 < $longest
            ORDER BY t_ms
            """,
            {"number": number, "k": k, "longest": LONGEST_S},
        ).fetchnumpy()
        seconds = np.asarray(found["second"], np.int64)
        if not len(seconds):
            return
        first, last = int(seconds[0]), int(seconds[-1])
        values, weights = np.zeros(last - first + 1), np.zeros(last - first + 1)
        values[seconds - first] = np.asarray(found["valence"], np.float64)
        weights[seconds - first] = np.asarray(found["viewers"], np.float64)
        course = smoothed(values, weights)[seconds - first]
        times = np.asarray(found["t_ms"]).tolist()
        self.arcs += [(number, t_ms, arc) for t_ms, arc in zip(times, course.tolist(), strict=True)]

    def _against_chance(self, connection: duckdb.DuckDBPyConnection, number: int, k: int) -> None:
        covered = _covered(connection, number, k)
        if covered is None:
            return
        first, last = covered
        scores = _scores(connection, number, first, last)
        present, moved = None, None
        for kind in reacting(scores):
            self.go_on()
            if kind.present is not present:  # most kinds share one
                present, moved = kind.present, move_present(kind.present)
            for one in find_moments(
                *(kind.sides, kind.present),
                least_viewers=k,
                level=LEVEL / len(KINDS),
                moved_present=moved,
            ):
                seconds = (first + one.start, first + one.end, first + one.peak)
                self.moments.append(
                    (
                        *(number, kind.kind, one.strength),
                        *(1000 * second for second in seconds),
                        *(one.showing, one.viewers, one.joined, one.audience),
                        one.sides[1] if len(one.sides) > 1 else None,
                    )
                )
        self.go_on()
        together = synchrony(in_windows(scores.valence, TOGETHER_S), least_viewers=k)
        self.go_on()
        arc = story_arc(scores.valence, least_viewers=k)
        self.screenings.append(
            (
                number,
                *(
                    (together.value, together.chance, together.p, together.viewers)
                    if together
                    else (None,) * 4
                ),
                *((arc.shape, arc.p) if arc else (None, None)),
            )
        )


def _withheld_before(connection: duckdb.DuckDBPyConnection, screening: str) -> bool:
    """Whether moments may be missing in the earlier file that other scenes would let through."""
    found = connection.execute(
        "SELECT 1 FROM earlier.left_out WHERE screening = $screening AND what = 'moment'",
        {"screening": screening},
    ).fetchall()
    return bool(found)


def _covered(connection: duckdb.DuckDBPyConnection, number: int, k: int) -> tuple[int, int] | None:
    """First and last second that k viewers were scored in, whether published or withheld."""
    found = connection.execute(
        """
        SELECT min(second), max(second)
        FROM (
            SELECT t_ms // 1000 AS second
            FROM viewer_second
            WHERE number = $number AND n > 0 AND t_ms // 1000 < $longest
            GROUP BY ALL
            HAVING count(*) >= $k
        )
        """,
        {"number": number, "k": k, "longest": LONGEST_S},
    ).fetchone()
    return None if found is None or found[0] is None else (int(found[0]), int(found[1]))


def _scores(connection: duckdb.DuckDBPyConnection, number: int, first: int, last: int) -> Scores:
    """Of the screening's usable viewers, from second ``first`` to ``last``; viewers in the order of their ids."""
    found = connection.execute(
        """
        SELECT
            viewer_id,
            t_ms // 1000 - $first AS second,
            coalesce(happy, 'nan') AS happy,
            coalesce(fear, 'nan') AS fear,
            coalesce(surprise, 'nan') AS surprise,
            coalesce(sad, 'nan') AS sad,
            coalesce(happy - angry - disgust - fear - sad, 'nan') AS valence,
            coalesce(front, 'nan') AS front
        FROM viewer_second
        WHERE number = $number AND t_ms // 1000 BETWEEN $first AND $last
        """,
        {"number": number, "first": first, "last": last},
    ).fetchnumpy()
    ids, viewers = np.unique(np.asarray(found["viewer_id"]), return_inverse=True)
    seconds = np.asarray(found["second"], np.int64)
    shape = (len(ids), last - first + 1)
    return Scores(*(_grid(shape, viewers, seconds, np.asarray(found[name])) for name in _SCORES))


def _grid(
    shape: tuple[int, int], viewers: NDArray[np.int64], seconds: NDArray[np.int64], values: NDArray[Any]
) -> NDArray[np.float64]:
    grid = np.full(shape, np.nan)
    grid[viewers, seconds] = values
    return grid
