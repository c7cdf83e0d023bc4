"""Bootstrap intervals of scenes, drawn over the viewers' own means in the temporary table ``viewer_scene``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.statistics import bootstrap_mean
from contract.emotions import EMOTIONS

MEASURES = (*EMOTIONS, "valence")
AT_ONCE = 32
"""Scenes that share a draw: 4 MB of resampled means."""

Interval = tuple[int, int, str, float, float]
"""Number of the screening, scene, measure, low, high."""


def scene_intervals(connection: duckdb.DuckDBPyConnection) -> Iterator[Interval]:
    """95% intervals of each measure of each scene that two viewers or more were scored in."""
    yield from _intervals(connection, MEASURES, "scored")
    # Over viewers without a score too: who turns away has none.
    yield from _intervals(connection, ("attention",), "true")


def _intervals(
    connection: duckdb.DuckDBPyConnection, measures: Sequence[str], chosen: str
) -> Iterator[Interval]:
    # In an order that is the same each time: the draw picks viewers by their place.
    found = connection.execute(
        f"""
        SELECT number, scene, {", ".join(measures)}
        FROM viewer_scene
        WHERE {chosen}
        ORDER BY number, scene, viewer_id
        """  # noqa: S608  # the contract's own words
    ).fetchnumpy()
    numbers, scenes = np.asarray(found["number"]), np.asarray(found["scene"])
    values = np.column_stack([np.asarray(found[measure], np.float64) for measure in measures])
    begins = np.flatnonzero(np.diff(numbers, prepend=-1) | np.diff(scenes, prepend=-1))
    sizes = np.diff(begins, append=len(numbers))
    for size in np.unique(sizes):
        # Every audience of this size is drawn alike, so their measures can stand side by side.
        alike = begins[sizes == size]
        for some in np.split(alike, range(AT_ONCE, len(alike), AT_ONCE)):
            low_high = bootstrap_mean(np.hstack([values[begin : begin + size] for begin in some]))
            if low_high is not None:
                yield from _rows(measures, numbers[some], scenes[some], *low_high)


def _rows(
    measures: Sequence[str],
    numbers: NDArray[np.int32],
    scenes: NDArray[np.int32],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> Iterator[Interval]:
    cells = ((int(number), int(scene)) for number, scene in zip(numbers, scenes, strict=True))
    named = ((*cell, measure) for cell in cells for measure in measures)
    for (number, scene, measure), one_low, one_high in zip(named, low.tolist(), high.tolist(), strict=True):
        yield number, scene, measure, one_low, one_high
