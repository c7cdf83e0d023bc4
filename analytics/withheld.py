"""The seconds that are withheld so that no subtraction shows fewer than k viewers.

``analytics.differencing`` on the temporary tables of a publish.
Scores are sums over viewers who were scored, attention is one over all whose device sampled the second, so they are
looked at apart: where only attention would expose somebody, the second keeps its emotions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.differencing import withheld
from analytics.laid_in import temporary
from analytics.serving import SQL_DIR


def withhold(connection: duckdb.DuckDBPyConnection) -> None:
    """Takes them out of ``second_cell``, of the portion at hand; ``withheld_second`` says which they were."""
    rows = list(_to_withhold(connection))
    columns = [("number", "INTEGER"), ("t_ms", "INTEGER"), ("attention_only", "BOOLEAN")]
    temporary(connection, "to_withhold", columns, rows)
    connection.execute(_sql("withhold_second"))


def _to_withhold(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, int, bool]]:
    found = connection.execute(_sql("may_expose")).fetchall()
    if not found:
        return
    columns = [(name, "INTEGER") for name in ("number", "scene", "k", "seconds")]
    columns += [(name, "BOOLEAN") for name in ("by_scores", "by_attention")]
    temporary(connection, "may_expose", columns, found)
    viewers, seconds, parts = (
        _by_scene(connection, name) for name in ("exposing_viewer", "exposing_second", "exposing_part")
    )
    connection.execute("DROP TABLE may_expose")
    for number, scene, k, _, by_scores, by_attention in found:
        whole, times = viewers[number, scene], seconds[number, scene]
        scored, sampled = (
            np.repeat(whole[name][:, None], len(times["t_ms"]), axis=1)
            for name in ("scored_throughout", "sampled_throughout")
        )
        part = parts.get((number, scene))
        if part is not None:
            viewer = np.searchsorted(whole["viewer_id"], part["viewer_id"])
            second = np.searchsorted(times["t_ms"], part["t_ms"])
            scored[viewer, second] |= part["scored"]
            sampled[viewer, second] = True
        published = times["published"].copy()
        for matrix, looked_at, attention_only in ((scored, by_scores, False), (sampled, by_attention, True)):
            if looked_at:
                chosen = withheld(matrix, published, k)
                published[chosen] = False
                yield from ((number, t_ms, attention_only) for t_ms in times["t_ms"][chosen].tolist())


def _by_scene(
    connection: duckdb.DuckDBPyConnection, name: str
) -> dict[tuple[int, int], dict[str, NDArray[Any]]]:
    """The rows of one query, whose first columns are number and scene, in its order."""
    found = connection.execute(_sql(name)).fetchnumpy()
    columns = {column: np.asarray(values) for column, values in found.items()}
    numbers, scenes = columns["number"], columns["scene"]
    begins = np.flatnonzero(np.diff(numbers, prepend=-1) | np.diff(scenes, prepend=-1))
    ends = [*begins[1:], len(numbers)]
    return {
        (int(numbers[begin]), int(scenes[begin])): {
            column: values[begin:end] for column, values in columns.items()
        }
        for begin, end in zip(begins, ends[: len(begins)], strict=True)
    }


def _sql(name: str) -> str:
    return (SQL_DIR / "publish" / f"{name}.sql").read_text(encoding="utf-8")
