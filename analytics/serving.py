"""Reading ``serving.duckdb``: what dashboards, reports and `houselights query` see.

Every read opens the file anew and closes it, because publishing replaces the file: a connection kept open
would show the old one for ever. What belongs together is read of one publish: ``Serving.held``. The file is
attached to an in-memory DuckDB rather than opened: DuckDB hands a second `connect` to the same path the instance
already open in this process, which may still hold the replaced file.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

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
        self._holding: ExitStack | None = None
        self._held: duckdb.DuckDBPyConnection | None = None

    @contextmanager
    def held(self) -> Iterator[Self]:
        """Until its end all queries read one publish: the file is opened at the first of them and kept open.

        For one thread, and for as long as a page is drawn: no longer, for what a viewer takes back must go.
        """
        if self._holding is not None:
            yield self
            return
        with ExitStack() as self._holding:
            try:
                yield self
            finally:
                self._holding = self._held = None

    def version(self) -> str:
        """A text that changes with each publish: a cache key. Raises StoreError when nothing is published."""
        return str(self.query("published")[0]["version"])

    def query(self, name: str, **params: object) -> list[dict[str, Any]]:
        """One dict a row of ``analytics/sql/<name>.sql``; ``params`` fill its $names.

        Raises StoreError when nothing is published yet, QueryError for a wrong name or parameter.
        """
        text = _report_sql(name)
        with self._connection() as connection:
            return _run(connection, text, params).dicts()

    def columns(self, name: str, **params: object) -> dict[str, Any]:
        """The answer of ``query`` by column: a numpy array each, masked where a figure is missing.

        For the many rows of a chart, which as dicts would cost more than the query.
        """
        text = _report_sql(name)
        with self._connection() as connection:
            return dict(connection.execute(text, params).fetchnumpy())

    def run_sql(self, text: str, *, most_rows: int | None = None, most_s: float | None = None) -> SqlResult:
        """Any SQL a person writes; it can read the published tables and nothing else.

        ``most_rows``: read no more of the answer than that; ``most_s``: stop a query that runs longer.
        Raises QueryError with DuckDB's own message in one line, StoreError when nothing is published yet.
        """
        with self._open() as connection:
            timer = threading.Timer(most_s or 0.0, connection.interrupt)
            if most_s is not None:
                timer.start()
            try:
                return _run(connection, text, {}, most_rows)
            except duckdb.InterruptException as error:
                raise QueryError(
                    f"stopped after {most_s:g} s: ask for less (a WHERE, a LIMIT), or run it with "
                    "houselights query"
                ) from error
            finally:
                timer.cancel()

    @contextmanager
    def _connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The one that is held; else one of its own."""
        if self._holding is None:
            with self._open() as connection:
                yield connection
            return
        with self._told():
            if self._held is None:
                self._held = self._holding.enter_context(self._open())
            yield self._held

    @contextmanager
    def _open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        connection = duckdb.connect(":memory:")
        try:
            with self._told():
                self._attach(connection)
                # No file, no network, and no way back: what people type here may come from anywhere.
                connection.execute("SET enable_external_access = false")
                connection.execute("SET lock_configuration = true")
                yield connection
        finally:
            connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """DuckDB's errors in the package's own."""
        try:
            yield
        except duckdb.Error as error:
            # Whatever was asked: a block that the query needs is damaged.
            raise (self._unreadable(error) if _is_damage(error) else QueryError(one_line(error))) from error

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
                    raise self._unreadable(error) from error
            time.sleep(_RETRY_S)

    def _unreadable(self, error: duckdb.Error) -> StoreError:
        return StoreError(
            f"cannot read {self.path}: {one_line(error)}; try houselights publish --store {self.path.parent}"
        )


def _is_damage(error: duckdb.Error) -> bool:
    """Whether the file is at fault, not the query; DuckDB has no class of its own for a checksum that fails."""
    return type(error) is duckdb.Error or isinstance(
        error, duckdb.IOException | duckdb.FatalException | duckdb.SerializationException
    )


def _run(
    connection: duckdb.DuckDBPyConnection, text: str, params: dict[str, object], most_rows: int | None = None
) -> SqlResult:
    cursor = connection.execute(text, params) if params else connection.execute(text)
    columns = tuple(column[0] for column in cursor.description or ())
    if not columns:
        return SqlResult(columns, [])
    return SqlResult(columns, cursor.fetchall() if most_rows is None else cursor.fetchmany(most_rows))


@cache
def _report_sql(name: str) -> str:
    names = sorted(path.stem for path in SQL_DIR.glob("*.sql"))
    if name not in names:
        raise QueryError(f"no query is called {name!r}; there are {', '.join(names)}")
    return (SQL_DIR / f"{name}.sql").read_text(encoding="utf-8")
