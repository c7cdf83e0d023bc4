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
from analytics.comparison import Difference, compare
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
    """From first_scene on."""
    lists = [catalogue.scenes[audience.film, audience.cut] for audience in pair]
    paired = [
        (one, other)
        for one, other in pair_scenes(lists[0], lists[1])
        if one is not None and other is not None
    ]
    if not paired:
        return
    sides = [
        _audience(audience, [places[side] for places in paired], figures, least)
        for side, audience in enumerate(pair)
    ]
    (first, first_viewers), (second, second_viewers) = sides
    shown = [place for place in range(len(paired)) if first_viewers[place] > 0 and second_viewers[place] > 0]
    if not shown:
        return
    found = compare(_columns(first, shown), _columns(second, shown))
    for index, place in enumerate(shown):
        one, other = paired[place]
        for number, measure in enumerate(MEASURES):
            values = float(np.nanmean(first[:, place, number])), float(np.nanmean(second[:, place, number]))
            yield (
                one + 1,
                other + 1,
                lists[0][one].name,
                measure,
                *values,
                values[1] - values[0],
                *_tested(found[index * len(MEASURES) + number]),
                int(first_viewers[place]),
                int(second_viewers[place]),
            )


def _columns(values: NDArray[np.float64], shown: Sequence[int]) -> NDArray[np.float64]:
    return values[:, shown, :].reshape(len(values), -1)


def _tested(found: Difference | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if found is None else (found.low, found.high, found.p)


def _audience(
    audience: Audience,
    scenes: Sequence[int],
    figures: Mapping[str, ViewerFigures],
    least: Mapping[str, int],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """(viewers, scenes, measures), NaN where there is none, and how many viewers were scored in each scene."""
    parts, counts = [np.empty((0, len(scenes), len(MEASURES)))], np.zeros(len(scenes), np.int64)
    for screening in audience.screenings:
        if screening not in figures:  # nobody was seen in any scene
            continue
        of_one = figures[screening]
        scored = of_one.scored[:, scenes].sum(0)
        published = scored >= least[screening]
        parts.append(np.where(published[None, :, None], of_one.values[:, scenes, :], np.nan))
        counts += np.where(published, scored, 0)
    return np.concatenate(parts), counts
