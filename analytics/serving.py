"""Reading ``serving.duckdb``: what dashboards, reports and `houselights query` see.

Every read opens the file anew and closes it, because publishing replaces the file: a connection kept open
would show the old one for ever. The file is attached to an in-memory DuckDB rather than opened: DuckDB hands
a second `connect` to the same path the instance already open in this process, which may still hold the
replaced file.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from analytics.errors import QueryError, StoreError, one_line

SERVING_NAME = "serving.duckdb"
SQL_DIR = Path(__file__).parent / "sql"
_OPEN_TRIES = 5
_RETRY_S = 0.05
"""A rename takes microseconds; five tries cover a slow network disk."""


@dataclass(frozen=True, slots=True)
class SqlResult:
    """An answer: column names, and rows in the order of the query."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def dicts(self) -> list[dict[str, Any]]:
        """One dict a row, keyed by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Serving:
    """The published tables of one store directory, read only."""

    def __init__(self, store_dir: str | Path) -> None:
        self.path = Path(store_dir) / SERVING_NAME

    def version(self) -> str:
        """A text that changes with each publish: a cache key. Raises StoreError when nothing is published."""
        return str(self.query("published")[0]["version"])

    def query(self, name: str, **params: object) -> list[dict[str, Any]]:
        """One dict a row of ``analytics/sql/<name>.sql``; ``params`` fill its $names.

        Raises StoreError when nothing is published yet, QueryError for a wrong name or parameter.
        """
        text = _report_sql(name)
        with self._open() as connection:
            return _run(connection, text, params).dicts()

    def run_sql(self, text: str) -> SqlResult:
        """Any SQL a person writes; it can read the published tables and nothing else.

        Raises QueryError with DuckDB's own message in one line, StoreError when nothing is published yet.
        """
        with self._open() as connection:
            return _run(connection, text, {})

    @contextmanager
    def _open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        connection = duckdb.connect(":memory:")
        try:
            self._attach(connection)
            # No file, no network, and no way back: what people type here may come from anywhere.
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            yield connection
        finally:
            connection.close()

    def _attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        quoted = str(self.path).replace("'", "''")
        for tries_left in reversed(range(_OPEN_TRIES)):
            if not self.path.exists():
                raise StoreError(
                    f"nothing published yet in {self.path.parent}: run houselights ingest --store "
                    f"{self.path.parent} "
                    "or houselights demo"
                )
            try:
                connection.execute(f"ATTACH '{quoted}' AS serving (READ_ONLY)")
                connection.execute("USE serving")
                return
            except duckdb.Error as error:
                if not tries_left:
                    raise StoreError(
                        f"cannot read {self.path}: {one_line(error)}; try houselights publish --store "
                        f"{self.path.parent}"
                    ) from error
            time.sleep(_RETRY_S)


def _run(connection: duckdb.DuckDBPyConnection, text: str, params: dict[str, object]) -> SqlResult:
    try:
        cursor = connection.execute(text, params) if params else connection.execute(text)
        columns = tuple(column[0] for column in cursor.description or ())
        return SqlResult(columns, cursor.fetchall() if columns else [])
    except duckdb.Error as error:
        raise QueryError(one_line(error)) from error


@cache
def _report_sql(name: str) -> str:
    names = sorted(path.stem for path in SQL_DIR.glob("*.sql"))
    if name not in names:
        raise QueryError(f"no query is called {name!r}; there are {', '.join(names)}")
    return (SQL_DIR / f"{name}.sql").read_text(encoding="utf-8")
