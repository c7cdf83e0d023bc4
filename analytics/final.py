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
_AUDIENCE_TABLES = ("second_reaction", "second_summary", "scene_reaction", "scene_summary")
"""With a column ``viewers``, which today's k must not exceed."""
_TABLES = ("screening", "left_out", *_AUDIENCE_TABLES)
"""Published tables with a column ``screening``."""


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
                connection.execute(f"CREATE TABLE IF NOT EXISTS {table} AS FROM serving.{table} LIMIT 0")
                connection.execute(f"DELETE FROM {table} {chosen}", named)  # noqa: S608
                connection.execute(f"INSERT INTO {table} BY NAME FROM serving.{table} {chosen}", named)
            connection.execute("CHECKPOINT")
        flush_to_disk(new)
        new.replace(path)
        flush_to_disk(store_dir)  # the rename itself
    except duckdb.Error as error:
        raise StoreError(f"cannot keep final figures in {path}: {one_line(error)}") from error
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}; free some space") from error


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
    for table in _TABLES:
        columns = "kept.* REPLACE (chosen.k AS k)" if table == "screening" else "kept.*"
        shown = "kept.viewers >= chosen.k" if table in _AUDIENCE_TABLES else "true"
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
