"""From the store and the catalogue to ``serving.duckdb``: the one way figures reach people.

1. The catalogue is read and laid beside the store's tables as temporary ones.
2. ``sql/publish/*.sql`` runs in the order of STEPS_… into ``serving.duckdb.new``; the bootstrap is drawn in
   between.
3. The new file is flushed to disk and renamed over the old one. Readers of the old file keep it until they
   close.

A crash before 3 leaves the old file in place; what is left of the new one is removed by the next publish.
Everything is computed again each time, so a scene list that changed needs no bookkeeping.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from analytics.catalogue import Catalogue, Cut
from analytics.errors import StoreError, one_line
from analytics.files import flush_to_disk, remove_database
from analytics.final import FINAL_NAME, add_final
from analytics.serving import SERVING_NAME, SQL_DIR
from analytics.statistics import bootstrap_mean
from contract.emotions import EMOTIONS

SCHEMA_VERSION = 1
STEPS_TO_VIEWERS = (
    "wilson",
    "viewer",
    "viewer_second",
    "viewer_score",
    "second_scene",
    "viewer_scene",
    "viewer_scene_valence",
)
"""Temporary tables: one row a viewer and something."""
STEPS_TO_SERVING = (
    "film",
    "cut",
    "scene",
    "screening",
    "second_reaction",
    "second_summary",
    "scene_reaction",
    "scene_summary",
    "left_out",
)
"""Published tables: one row an audience and something, k viewers or more."""
MEASURES = (*EMOTIONS, "valence")

_Column = tuple[str, str]
"""Name and DuckDB type."""


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What one publish put in place; ``left_out`` counts the seconds and scenes that k withheld."""

    version: str
    screenings: int
    seconds: int
    scenes: int
    left_out: int

    def as_dict(self) -> dict[str, Any]:
        """For a script."""
        return {name: getattr(self, name) for name in self.__slots__}


def publish(store: duckdb.DuckDBPyConnection | str | Path, store_dir: str | Path) -> PublishReport:
    """Writes ``serving.duckdb`` in ``store_dir`` anew and puts it in place.

    ``store``: a connection to ``store.duckdb`` in the process that holds it, between transactions; or the
    file's path where no process does. Raises StoreError when a file cannot be read or written, CatalogueError
    for a catalogue file that is not one.
    """
    folder = Path(store_dir)
    tables = _catalogue_tables(Catalogue(folder))
    new = folder / f"{SERVING_NAME}.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_database(new)
        with _session(store) as connection:
            report = _write(connection, new, tables, folder / FINAL_NAME)
        flush_to_disk(new)
        new.replace(folder / SERVING_NAME)
        flush_to_disk(folder)  # the rename itself
    except duckdb.Error as error:
        raise StoreError(f"cannot publish into {folder}: {one_line(error)}") from error
    except OSError as error:
        raise StoreError(
            f"cannot write {new}: {error.strerror or error}; free some space or check the folder's rights"
        ) from error
    return report


@contextmanager
def _session(store: duckdb.DuckDBPyConnection | str | Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own to the store: temporary tables live and die with it."""
    opened = (
        store.cursor()
        if isinstance(store, duckdb.DuckDBPyConnection)
        else duckdb.connect(str(store), read_only=True)
    )
    try:
        yield opened
    finally:
        opened.close()


def _write(
    connection: duckdb.DuckDBPyConnection, new: Path, tables: dict[str, _Table], final: Path
) -> PublishReport:
    _attach(connection, new, "serving (READ_WRITE)")
    try:
        if final.exists():
            _attach(connection, final, "final (READ_ONLY)")
        for name, table in tables.items():
            _temporary(connection, name, table)
        for step in STEPS_TO_VIEWERS:
            _step(connection, step)
        _temporary(connection, "scene_interval", _scene_intervals(connection))
        connection.execute("BEGIN")
        for step in STEPS_TO_SERVING:
            _step(connection, step)
        if final.exists():
            add_final(connection)
        version = secrets.token_hex(8)
        # One statement at a time: only the first takes parameters.
        first, *rest = _statements("published")
        published_at = datetime.now(UTC).replace(tzinfo=None)
        connection.execute(
            first, {"version": version, "published_at": published_at, "schema_version": SCHEMA_VERSION}
        )
        for statement in rest:
            connection.execute(statement)
        counts = connection.execute(
            """
            SELECT
                (SELECT count(*) FROM serving.screening),
                (SELECT count(*) FROM serving.second_summary),
                (SELECT count(*) FROM serving.scene_summary),
                (SELECT coalesce(sum(cells), 0) FROM serving.left_out)
            """
        ).fetchone()
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT serving")
    finally:
        # Also after a failure: a store's connection must not stay attached to half a file.
        _quietly(connection, "ROLLBACK")
        _quietly(connection, "DETACH serving")
        _quietly(connection, "DETACH final")
    assert counts is not None  # noqa: S101  # a SELECT of four scalars has one row
    return PublishReport(version, *(int(count) for count in counts))


@dataclass(frozen=True, slots=True)
class _Table:
    columns: Sequence[_Column]
    rows: Sequence[tuple[Any, ...]]


def _catalogue_tables(catalogue: Catalogue) -> dict[str, _Table]:
    """The catalogue as tables; a cut that only a screening names counts, so that its scenes do."""
    films = catalogue.films()
    screenings = catalogue.screenings()
    shown = {screening.film for screening in screenings}
    cuts = [cut for film in sorted({film.id for film in films} | shown) for cut in catalogue.cuts(film)]
    named = sorted({(cut.film, cut.id) for cut in cuts} | {(one.film, one.cut) for one in screenings})
    scenes = [
        (film, cut, number, scene.name, scene.start_ms, scene.end_ms)
        for film, cut in named
        for number, scene in enumerate(catalogue.scenes(film, cut), start=1)
    ]
    text, integer = "VARCHAR", "INTEGER"
    return {
        "catalogue_film": _Table(
            [("film", text), ("title", text)], [(film.id, film.title) for film in films]
        ),
        "catalogue_cut": _Table(
            [("film", text), ("cut", text), ("frame_rate", text), ("start_timecode", text)],
            list(map(_cut_row, cuts)),
        ),
        "catalogue_scene": _Table(
            [
                ("film", text),
                ("cut", text),
                ("scene", integer),
                ("name", text),
                ("start_ms", integer),
                ("end_ms", integer),
            ],
            scenes,
        ),
        "catalogue_screening": _Table(
            [("screening", text), ("film", text), ("cut", text), ("k", integer)],
            [(one.id, one.film, one.cut, one.k) for one in screenings],
        ),
    }


def _cut_row(cut: Cut) -> tuple[str, str, str, str]:
    return cut.film, cut.id, cut.frame_rate, cut.start_timecode


def _temporary(connection: duckdb.DuckDBPyConnection, name: str, table: _Table) -> None:
    """Makes a temporary table; whole columns at a time, for thousands of single inserts take seconds."""
    declared = ", ".join(f"{column} {kind}" for column, kind in table.columns)
    connection.execute(f"CREATE TEMP TABLE {name} ({declared})")
    if table.rows:
        fields = [column for column, _ in table.columns]
        lists = [list(values) for values in zip(*table.rows, strict=True)]
        chosen = ", ".join(f"unnest(?::{kind}[]) AS {column}" for column, kind in table.columns)
        connection.execute(f"INSERT INTO {name} ({', '.join(fields)}) SELECT {chosen}", lists)


def _scene_intervals(connection: duckdb.DuckDBPyConnection) -> _Table:
    """95% bootstrap intervals of each scene's means: rows of (screening, scene, measure, low, high)."""
    # Viewers whose face was scored, in an order that is the same each time: the draw picks rows by number.
    found = connection.execute(
        f"""
        WITH wide AS (
            PIVOT viewer_scene ON emotion IN ({", ".join(f"'{emotion}'" for emotion in EMOTIONS)})
            USING any_value(mean) GROUP BY screening, scene, viewer_id
        )
        SELECT wide.screening, wide.scene, {", ".join(EMOTIONS)}, valence
        FROM wide
        JOIN viewer_scene_valence USING (screening, scene, viewer_id)
        ORDER BY wide.screening, wide.scene, viewer_id
        """  # noqa: S608  # the contract's own words
    ).fetchall()
    cells: dict[tuple[str, int], list[tuple[float, ...]]] = {}
    for screening, scene, *values in found:
        cells.setdefault((screening, scene), []).append(tuple(values))
    columns = [
        ("screening", "VARCHAR"),
        ("scene", "INTEGER"),
        ("measure", "VARCHAR"),
        ("low", "DOUBLE"),
        ("high", "DOUBLE"),
    ]
    return _Table(columns, list(_interval_rows(cells.items())))


def _interval_rows(
    cells: Iterable[tuple[tuple[str, int], list[tuple[float, ...]]]],
) -> Iterator[tuple[str, int, str, float, float]]:
    for (screening, scene), values in cells:
        interval = bootstrap_mean(np.array(values, dtype=np.float64))
        if interval is not None:
            for measure, low, high in zip(MEASURES, *interval, strict=True):
                yield screening, scene, measure, float(low), float(high)


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    quoted = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS {name}")


def _step(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    for statement in _statements(name):
        connection.execute(statement)


def _statements(name: str) -> list[str]:
    text = (SQL_DIR / "publish" / f"{name}.sql").read_text(encoding="utf-8")
    return [statement.query for statement in duckdb.extract_statements(text)]


def _quietly(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    try:
        connection.execute(statement)
    except duckdb.Error:  # nothing to roll back, or not attached: what was wanted holds
        return
