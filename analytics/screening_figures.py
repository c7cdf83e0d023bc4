"""Figures of a whole screening: the course of valence, and what is held against chance.

Adapter between the temporary tables of a publish and the pure modules ``arc``, ``moments`` and ``synchrony``. What is
held against chance costs seconds a screening, so it is made of settled screenings alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.arc import smoothed, story_arc
from analytics.audience import Audience
from analytics.audience_figures import SIGNS, Truths
from analytics.errors import PublishStoppedError
from analytics.laid_in import temporary
from analytics.moments import find_moments, move_present
from analytics.reacting import KINDS, Scores, reacting
from analytics.shift_null import in_windows
from analytics.synchrony import synchrony
from analytics.withheld import Withheld
from contract.emotions import EMOTIONS

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

    def add(self, connection: duckdb.DuckDBPyConnection, audience: Audience, withheld: Withheld) -> None:
        """The figures of one audience."""
        shown = audience.shown
        self._course(audience, withheld)
        if shown.screening in self.kept and not _withheld_before(connection, shown.screening):
            self._as_before(connection, shown.number, shown.screening)
        elif shown.settled:
            self._against_chance(audience)

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

    def _course(self, audience: Audience, withheld: Withheld) -> None:
        """Valence of the published seconds, smoothed."""
        t_ms, by_second = audience.seconds.t_ms, audience.by_second
        published = (by_second.viewers >= audience.shown.k) & ~withheld.whole
        chosen = np.flatnonzero(published & (t_ms < 1000 * LONGEST_S))
        if not len(chosen):
            return
        place = t_ms[chosen] // 1000 - t_ms[chosen[0]] // 1000
        values, weights = np.zeros(place[-1] + 1), np.zeros(place[-1] + 1)
        values[place] = by_second.valence[chosen]
        weights[place] = by_second.viewers[chosen]
        course = smoothed(values, weights)[place]
        number, times = audience.shown.number, t_ms[chosen].tolist()
        self.arcs += [(number, t_ms, arc) for t_ms, arc in zip(times, course.tolist(), strict=True)]

    def _against_chance(self, audience: Audience) -> None:
        number, k = audience.shown.number, audience.shown.k
        found = _scores(audience)
        if found is None:
            return
        first, scores = found
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


def _scores(audience: Audience) -> tuple[int, Scores] | None:
    """The first second, and the scores of those who were there from then on.

    From the first to the last second in which k viewers were scored, whether published or withheld.
    """
    seconds = audience.seconds
    place = seconds.t_ms // 1000
    covered = np.flatnonzero((audience.by_second.viewers >= audience.shown.k) & (place < LONGEST_S))
    if not len(covered):
        return None
    chosen = slice(covered[0], covered[-1] + 1)
    place = place[chosen] - place[covered[0]]
    viewers = seconds.there[:, chosen].any(1)

    def grid(values: NDArray[Any], known: Truths) -> NDArray[np.float64]:
        whole = np.full((int(viewers.sum()), int(place[-1]) + 1), np.nan)
        whole[:, place] = np.where(known, values, np.nan)[viewers, chosen]
        return whole

    scores = {emotion: seconds.percent(emotion) for emotion in EMOTIONS}
    return int(seconds.t_ms[covered[0]]) // 1000, Scores(
        **{name: grid(scores[name], seconds.scored) for name in ("happy", "fear", "surprise", "sad")},
        valence=grid(np.sum([sign * scores[name] for name, sign in SIGNS.items()], 0), seconds.scored),
        front=grid(seconds.percent("front"), seconds.there),
    )
