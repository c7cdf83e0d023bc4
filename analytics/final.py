"""Figures that outlive the rows they were made from: ``final.duckdb``, the published tables of screenings gone by.

When per-viewer rows of a screening are removed for their age, its figures can never be computed again. They are kept
here as they were last published, and each publish adds those of screenings of which the store has no session any more.
A changed scene list no longer reaches them; a raised k does.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from analytics.errors import StoreError, one_line
from analytics.files import flush_to_disk, remove_database
from analytics.serving import SERVING_NAME

FINAL_NAME = "final.duckdb"
_OF_FEW = "step.screening = kept.screening AND step.viewers < chosen.k"
_AUDIENCE_TABLES = {
    "screening_summary": "true",
    "moment": "kept.audience >= chosen.k",
    "second_reaction": "true",
    "second_summary": "true",
    "scene_reaction": "true",
    "scene_summary": "true",
    "randomised_reaction": "true",
    # One step that today's k hides could be told from `of` and the others: all of its scene go.
    "scene_step": f"kept.scene NOT IN (SELECT scene FROM final.scene_step AS step WHERE {_OF_FEW})",  # noqa: S608  # our own words
}
"""With a column ``viewers``, which today's k must not exceed; and what it asks beside that."""
_TABLES = ("screening", "left_out", *_AUDIENCE_TABLES)
"""Published tables with a column ``screening``."""
_OF_EITHER = "(list_contains(?, first) OR list_contains(?, second))"
"""Comparisons of a screening gone by with another; pools go on without it."""


def keep_final(store_dir: Path, screenings: Sequence[str]) -> None:
    """Take the figures of ``screenings`` over from ``serving.duckdb``, as they stand there. Raises StoreError."""
    path, new = store_dir / FINAL_NAME, store_dir / f"{FINAL_NAME}.new"
    chosen, named = "WHERE list_contains(?, screening)", [list(screenings)]
    quoted = str(store_dir / SERVING_NAME).replace("'", "''")
    try:
        remove_database(new)
        if path.exists():
            shutil.copyfile(path, new)
        with duckdb.connect(str(new)) as connection:
            connection.execute(f"ATTACH '{quoted}' AS serving (READ_ONLY)")
            for table in _TABLES:
                _take_over(connection, table, chosen, named)
            _take_over(connection, "comparison", f"WHERE kind = 'screening' AND {_OF_EITHER}", named * 2)
            connection.execute("CHECKPOINT")
        flush_to_disk(new)
        new.replace(path)
        flush_to_disk(store_dir)  # the rename itself
    except duckdb.Error as error:
        raise StoreError(f"cannot keep final figures in {path}: {one_line(error)}") from error
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}; free some space") from error


def _take_over(
    connection: duckdb.DuckDBPyConnection, table: str, chosen: str, named: list[list[str]]
) -> None:
    """The rows chosen from ``serving`` replace those that are there."""
    connection.execute(f"CREATE TABLE IF NOT EXISTS {table} AS FROM serving.{table} LIMIT 0")
    _add_columns(connection, table)
    connection.execute(f"DELETE FROM {table} {chosen}", named)  # noqa: S608
    connection.execute(f"INSERT INTO {table} BY NAME FROM serving.{table} {chosen}", named)


def _add_columns(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Those that are published since the file was made; figures from before have none."""
    columns = connection.execute(
        """
        SELECT column_name, data_type
        FROM duckdb_columns()
        WHERE database_name = 'serving' AND table_name = $table
        ORDER BY column_index
        """,
        {"table": table},
    ).fetchall()
    for column, kind in columns:
        connection.execute(f'ALTER TABLE {table} ADD COLUMN IF NOT EXISTS "{column}" {kind}')


def add_final(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the final figures beside those just computed.

    ``final`` and ``serving`` are attached to ``connection``, and the catalogue is laid in.
    """
    found = connection.execute(
        """
        SELECT screening
        FROM final.screening
        JOIN catalogue_screening USING (screening)
        WHERE screening NOT IN (SELECT screening FROM session)
        """
    ).fetchall()
    gone = [screening for (screening,) in found]
    kept = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'final'"
    ).fetchall()
    for table in _TABLES:
        if (table,) not in kept:  # it is published since the file was made
            continue
        columns = "kept.* REPLACE (chosen.k AS k)" if table == "screening" else "kept.*"
        shown = (
            f"kept.viewers >= chosen.k AND {_AUDIENCE_TABLES[table]}" if table in _AUDIENCE_TABLES else "true"
        )
        connection.execute(f"DELETE FROM serving.{table} WHERE list_contains(?, screening)", [gone])  # noqa: S608
        connection.execute(
            f"""
            INSERT INTO serving.{table} BY NAME
            SELECT {columns}
            FROM final.{table} AS kept
            JOIN catalogue_screening AS chosen USING (screening)
            WHERE list_contains(?, screening) AND {shown}
            """,  # noqa: S608
            [gone],
        )
    _add_comparisons(connection, gone)


def _add_comparisons(connection: duckdb.DuckDBPyConnection, gone: list[str]) -> None:
    """Both screenings must still be in the catalogue, with a k that the viewers reach."""
    kept = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE database_name = 'final' AND table_name = 'comparison'"
    ).fetchall()
    if kept:
        connection.execute(
            f"""
            INSERT INTO serving.comparison BY NAME
            SELECT kept.*
            FROM final.comparison AS kept
            JOIN catalogue_screening AS one ON one.screening = kept.first
            JOIN catalogue_screening AS other ON other.screening = kept.second
            WHERE {_OF_EITHER} AND kept.first_viewers >= one.k AND kept.second_viewers >= other.k
            """,  # noqa: S608
            [gone, gone],
        )
