"""The published table of comparisons: which are taken over, which are computed, and what that needs.

A pool is made of cells that are published themselves: a screening counts in a scene where k of its viewers or more were
scored, so that no subtraction of a pool and a screening, or of two pools, leaves fewer than k viewers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import msgspec
import numpy as np
from numpy.typing import NDArray

from analytics.audiences import Audience, Pair, pairs
from analytics.catalogue import Scene
from analytics.comparison import Difference, compare, over_scenes
from analytics.laid_in import Read, temporary
from analytics.pairing import pair_scenes
from analytics.viewer_figures import MEASURES, ViewerFigures

COLUMNS = [
    ("film", "VARCHAR"),
    ("kind", "VARCHAR"),
    ("first", "VARCHAR"),
    ("second", "VARCHAR"),
    ("first_cut", "VARCHAR"),
    ("second_cut", "VARCHAR"),
    ("first_scene", "INTEGER"),
    ("second_scene", "INTEGER"),
    ("name", "VARCHAR"),
    ("measure", "VARCHAR"),
    ("first_value", "DOUBLE"),
    ("second_value", "DOUBLE"),
    ("difference", "DOUBLE"),
    ("low", "DOUBLE"),
    ("high", "DOUBLE"),
    ("p", "DOUBLE"),
    ("first_viewers", "INTEGER"),
    ("second_viewers", "INTEGER"),
]
_Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What this publish does with its comparisons."""

    digests: Mapping[str, str]
    """Of every comparison that is published: what it is made of."""
    taken_over: frozenset[str]
    computed: Sequence[Pair]

    def needed(self) -> frozenset[str]:
        """Screenings whose viewers' figures are needed."""
        return frozenset(one for pair in self.computed for audience in pair for one in audience.screenings)


def plan(
    catalogue: Read,
    fingerprints: Mapping[str, str],
    settled: Container[str],
    before: Mapping[str, str],
) -> Plan:
    """``fingerprints``: of the screenings that somebody came to; ``before``: digests of the last publish."""
    wanted = pairs(catalogue.screenings, catalogue.comparisons, settled)
    digests = {_key(pair): _digest(pair, catalogue, fingerprints) for pair in wanted}
    same = frozenset(key for key, digest in digests.items() if before.get(key) == digest)
    return Plan(digests, same, [pair for pair in wanted if _key(pair) not in same])


def lay_in_compared(
    connection: duckdb.DuckDBPyConnection,
    chosen: Plan,
    catalogue: Read,
    figures: Mapping[str, ViewerFigures],
    go_on: Callable[[], None],
) -> None:
    """Makes the temporary table ``compared``; ``earlier`` is attached where something is taken over.

    ``go_on`` is called before each comparison; what it raises ends them.
    """
    least = {one.id: one.k for one in catalogue.screenings}
    rows: list[_Row] = []
    made: dict[tuple[tuple[str, ...], tuple[str, ...]], list[_Row]] = {}
    for pair in chosen.computed:
        # A cut that was shown once has the audience of that screening.
        members = (pair[0].screenings, pair[1].screenings)
        if members not in made:
            go_on()
            made[members] = list(_figures_of(pair, catalogue, figures, least))
        first, second = pair
        head = (first.film, first.kind, first.name, second.name, first.cut, second.cut)
        rows += [(*head, *row) for row in made[members]]
    temporary(connection, "compared", COLUMNS, rows)
    if chosen.taken_over:
        keys = [tuple(msgspec.json.decode(key, type=list[str])) for key in sorted(chosen.taken_over)]
        names = ("film", "kind", "first_cut", "first", "second_cut", "second")
        temporary(connection, "compared_before", [(name, "VARCHAR") for name in names], keys)
        connection.execute(
            f"INSERT INTO compared BY NAME FROM earlier.comparison SEMI JOIN compared_before USING ({', '.join(names)})"
        )


def _key(pair: Pair) -> str:
    first, second = pair
    parts = [first.film, first.kind, first.cut, first.name, second.cut, second.name]
    return msgspec.json.encode(parts).decode()


def _digest(pair: Pair, catalogue: Read, fingerprints: Mapping[str, str]) -> str:
    parts = []
    for audience in pair:
        scenes = catalogue.scenes[audience.film, audience.cut]
        names = [scene.name for scene in scenes]
        parts.append([names, [[one, fingerprints[one]] for one in audience.screenings]])
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def _figures_of(
    pair: Pair, catalogue: Read, figures: Mapping[str, ViewerFigures], least: Mapping[str, int]
) -> Iterable[_Row]:
    """From first_scene on: the whole film, whose scenes have no number, then scene by scene."""
    lists = [catalogue.scenes[audience.film, audience.cut] for audience in pair]
    paired = pair_scenes(lists[0], lists[1])
    first, second = (
        _audience(audience, len(scenes), figures, least) for audience, scenes in zip(pair, lists, strict=True)
    )
    # Of scenes that both cuts have, only those that enough of both audiences saw; what one cut alone has counts, too.
    known = [
        (one, other)
        for one, other in paired
        if (one is None or first.viewers(one)) and (other is None or second.viewers(other))
    ]
    shown = [(one, other) for one, other in known if one is not None and other is not None]
    if not shown:
        return
    first_all = [one for one, _ in known if one is not None]
    second_all = [other for _, other in known if other is not None]
    columns = [
        _columns(first, lists[0], first_all, [one for one, _ in shown]),
        _columns(second, lists[1], second_all, [other for _, other in shown]),
    ]
    values = [np.nanmean(side, 0) for side in columns]
    places: list[tuple[object, ...]] = [
        (None, None, None),
        *((one + 1, other + 1, lists[0][one].name) for one, other in shown),
    ]
    viewers = [
        (first.at_all(first_all), second.at_all(second_all)),
        *((first.viewers(one), second.viewers(other)) for one, other in shown),
    ]
    for at, tested in enumerate(compare(*columns)):
        place, measure = divmod(at, len(MEASURES))
        figures_of = float(values[0][at]), float(values[1][at])
        difference = figures_of[1] - figures_of[0]
        yield (*places[place], MEASURES[measure], *figures_of, difference, *_tested(tested), *viewers[place])


def _columns(
    audience: _Seen, scenes: Sequence[Scene], everything: Sequence[int], shown: Sequence[int]
) -> NDArray[np.float64]:
    """(viewers, places · MEASURES): the film as a whole, by the lengths of its scenes, then the scenes shown."""
    lengths = np.array([scenes[place].end_ms - scenes[place].start_ms for place in everything], float)
    whole = over_scenes(audience.values[:, everything, :], lengths)
    return np.concatenate([whole, audience.values[:, shown, :].reshape(len(whole), -1)], axis=1)


def _tested(found: Difference | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if found is None else (found.low, found.high, found.p)


@dataclass(frozen=True, slots=True)
class _Seen:
    """An audience of one cut; in each scene only viewers of screenings that have k there."""

    values: NDArray[np.float64]
    """(viewers, scenes, MEASURES); NaN where there is none."""
    scored: NDArray[np.bool_]
    """(viewers, scenes)"""

    def viewers(self, scene: int) -> int:
        """How many were scored there."""
        return int(np.count_nonzero(self.scored[:, scene]))

    def at_all(self, scenes: Sequence[int]) -> int:
        """How many were scored in any of them."""
        return int(np.count_nonzero(self.scored[:, scenes].any(1)))


def _audience(
    audience: Audience, scenes: int, figures: Mapping[str, ViewerFigures], least: Mapping[str, int]
) -> _Seen:
    values, scored = [np.empty((0, scenes, len(MEASURES)))], [np.empty((0, scenes), bool)]
    for screening in audience.screenings:
        if screening not in figures:  # nobody was seen in any scene
            continue
        of_one = figures[screening]
        published = of_one.scored.sum(0) >= least[screening]
        values.append(np.where(published[None, :, None], of_one.values, np.nan))
        scored.append(of_one.scored & published)
    return _Seen(np.concatenate(values), np.concatenate(scored))
