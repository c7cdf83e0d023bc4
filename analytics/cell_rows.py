"""An audience's figures as rows of the temporary tables that are published.

The tables: ``sql/publish/*_cell.sql`` and ``usable_viewer.sql``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.audience import Audience
from analytics.intervals import scene_intervals
from analytics.scene_figures import scene_cells, scene_steps
from analytics.withheld import Withheld
from contract.emotions import EMOTIONS

Rows = Mapping[str, Mapping[str, NDArray[Any]]]
"""By table, its columns."""


def cell_rows(one: Audience, withheld: Withheld) -> Rows:
    """Pure. A screening goes by its number."""
    number = np.int32(one.shown.number)
    found = (*_of_viewers(one), *_of_seconds(one, withheld), *_of_scenes(one))
    tables = {
        table: {name: np.asarray(column) for name, column in columns.items()} for table, columns in found
    }
    return {
        table: {"number": np.full(len(next(iter(columns.values()))), number), **columns}
        for table, columns in tables.items()
    }


def lay_in_rows(connection: duckdb.DuckDBPyConnection, audiences: Sequence[Rows]) -> None:
    """Fills the tables, which are there."""
    for table, columns in audiences[0].items() if audiences else ():
        whole = {name: np.concatenate([rows[table][name] for rows in audiences]) for name in columns}
        chosen = ", ".join(
            f"nullif({name}, 'nan') AS {name}" if column.dtype.kind == "f" else name
            for name, column in whole.items()
        )
        connection.register("rows", whole)
        connection.execute(f"INSERT INTO {table} BY NAME SELECT {chosen} FROM rows")  # noqa: S608  # our own words
        connection.unregister("rows")


_Found = tuple[str, Mapping[str, Any]]


def _of_viewers(one: Audience) -> Iterator[_Found]:
    yield "scored_viewer", {"viewer_id": one.scored_viewers}
    # A face that was never scored is no viewer of anything, but its attention counts.
    scored = one.last_ms >= 0
    yield (
        "usable_viewer",
        {
            "viewer_id": one.seconds.viewers[scored],
            "last_ms": one.last_ms[scored],
            "coverage": one.coverage[scored],
        },
    )
    yield (
        "unusable_viewer",
        {
            "viewer_id": np.array([viewer for viewer, _ in one.unusable], np.int64),
            "reason": np.array([reason for _, reason in one.unusable], object),
        },
    )


def _of_seconds(one: Audience, withheld: Withheld) -> Iterator[_Found]:
    t_ms, cells, stays = one.seconds.t_ms, one.by_second, ~withheld.whole
    yield (
        "second_cell",
        {
            "t_ms": t_ms[stays],
            "viewers": cells.viewers[stays],
            "attention": np.where(withheld.attention, np.nan, cells.attention)[stays],
            "valence": cells.valence[stays],
            "valence_sd": cells.valence_sd[stays],
            **_by_emotion("", cells.means[:, stays]),
            **_by_emotion("_showing", cells.showing[:, stays]),
        },
    )
    out = np.concatenate([t_ms[withheld.whole], t_ms[withheld.attention]])
    yield "withheld_second", {"t_ms": out, "attention_only": np.arange(len(out)) >= withheld.whole.sum()}


def _of_scenes(one: Audience) -> Iterator[_Found]:
    cells = scene_cells(one.by_scene)
    seen = np.flatnonzero((one.by_scene.sampled > 0).any(0))
    yield (
        "scene_cell",
        {
            "scene": seen + 1,
            "viewers": cells.viewers[seen],
            "attention": cells.attention[seen],
            "valence": cells.valence[seen],
            "pleased": cells.pleased[seen],
            "displeased": cells.displeased[seen],
            **_by_emotion("", cells.means[:, seen]),
            **_by_emotion("_rise", cells.rises[:, seen]),
            **_by_emotion("_showing", cells.showing[:, seen]),
        },
    )
    names, steps = np.array(EMOTIONS, object), scene_steps(one.by_scene)
    scene, emotion, next_emotion = steps.nonzero()
    yield (
        "scene_step_cell",
        {
            "scene": scene + 1,
            "emotion": names[emotion],
            "next_emotion": names[next_emotion],
            "viewers": steps[scene, emotion, next_emotion],
        },
    )
    intervals = list(scene_intervals(one.by_scene))
    yield (
        "scene_interval",
        {
            "scene": np.array([scene for scene, *_ in intervals], np.int64),
            "measure": np.array([measure for _, measure, *_ in intervals], object),
            "low": np.array([low for *_, low, _ in intervals], np.float64),
            "high": np.array([high for *_, high in intervals], np.float64),
        },
    )


def _by_emotion(suffix: str, values: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """``values``: (EMOTIONS, …)."""
    return {f"{emotion}{suffix}": row for emotion, row in zip(EMOTIONS, values, strict=True)}
