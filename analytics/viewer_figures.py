"""Each viewer's figures of each scene, out of the temporary table ``viewer_scene``, for what is drawn over viewers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from contract.emotions import EMOTIONS

MEASURES = (*EMOTIONS, "valence", "attention")
SHOWN = tuple(f"{emotion}_showing" for emotion in EMOTIONS)


@dataclass(frozen=True, slots=True)
class ViewerFigures:
    """Of one screening; viewers in the order of their ids, scenes in film order."""

    values: NDArray[np.float64]
    """(viewers, scenes, MEASURES); NaN where there is none. Attention is also of viewers without a score."""
    scored: NDArray[np.bool_]
    """(viewers, scenes)"""
    showing: NDArray[np.bool_]
    """(viewers, scenes, EMOTIONS)"""


def viewer_figures(connection: duckdb.DuckDBPyConnection) -> dict[int, ViewerFigures]:
    """By number of the screening, of those at hand; none for a screening without scenes or viewers."""
    found = connection.execute(
        f"""
        SELECT
            number, viewer_id, scene, scored, {", ".join((*MEASURES, *SHOWN))},
            (SELECT count(*) FROM catalogue_scene JOIN catalogue_screening AS one USING (film, cut)
                WHERE one.number = viewer_scene.number) AS scenes
        FROM viewer_scene
        ORDER BY number, viewer_id, scene
        """  # noqa: S608  # the contract's own words
    ).fetchnumpy()
    numbers = np.asarray(found["number"])
    if not len(numbers):
        return {}
    begins = np.flatnonzero(np.diff(numbers, prepend=-1))
    ends = np.append(begins[1:], len(numbers)).astype(int)
    return {
        int(numbers[begin]): _of_one(
            {name: np.ma.asarray(column[begin:end]) for name, column in found.items()}
        )
        for begin, end in zip(begins, ends, strict=True)
    }


def _of_one(found: Mapping[str, np.ma.MaskedArray[Any, Any]]) -> ViewerFigures:
    _, viewer = np.unique(np.asarray(found["viewer_id"]), return_inverse=True)
    scene = np.asarray(found["scene"], np.int64) - 1
    size = (int(viewer.max()) + 1, int(np.asarray(found["scenes"])[0]))
    values = np.full((*size, len(MEASURES)), np.nan)
    scored, showing = np.zeros(size, bool), np.zeros((*size, len(SHOWN)), bool)
    for place, measure in enumerate(MEASURES):
        column = np.ma.filled(np.ma.asarray(found[measure], np.float64), np.nan)
        # Rounded, so that a sum that threads added in another order gives the same draws.
        values[viewer, scene, place] = np.round(column, 9)
    scored[viewer, scene] = np.ma.filled(found["scored"], False)
    for place, name in enumerate(SHOWN):
        showing[viewer, scene, place] = np.ma.filled(found[name], False)
    return ViewerFigures(values, scored, showing)
