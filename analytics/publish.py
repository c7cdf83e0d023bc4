"""From the store and the catalogue to ``serving.duckdb``: the one way figures reach people.

1. The catalogue is read and laid beside the store's tables as temporary ones.
2. Screenings of which nothing changed since the last publish are set apart: ``analytics.taken_over``. So are
   comparisons of such screenings: ``analytics.compared``. Which screenings are settled is decided there, too.
3. The others are computed: ``analytics.cells``.
4. STEPS_TO_SERVING write ``serving.duckdb.new``: what was computed, and the rows of the old file that are taken over.
5. The fingerprints are left in ``published.json``, under the new file's version.
6. The new file is flushed to disk and renamed over the old one. Readers of the old file keep it until they
   close.

A crash before 6 leaves the old file in place; what is left of the new one is removed by the next publish, and after 5
the fingerprints fit no file, so that it computes everything.
The new file is written from nothing each time: figures of viewers who took theirs back are not in its free blocks.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from threadpoolctl import threadpool_limits

from analytics.catalogue import Catalogue
from analytics.cells import AT_ONCE, compute, run_step, statements
from analytics.compared import lay_in_compared, plan
from analytics.errors import PublishStoppedError, StoreError, one_line
from analytics.files import flush_to_disk, remove_database
from analytics.final import FINAL_NAME, add_final
from analytics.laid_in import Read, lay_in, read
from analytics.screening_figures import Figures
from analytics.serving import SERVING_NAME
from analytics.taken_over import Published, forget_state, look, read_state, unchanged, write_state

SCHEMA_VERSION = 2
STEPS_TO_SERVING = (
    "film",
    "cut",
    "scene",
    "subtitle",
    "screening",
    "screening_summary",
    "moment",
    "second_reaction",
    "second_summary",
    "scene_reaction",
    "scene_summary",
    "scene_step",
    "randomised_reaction",
    "left_out",
    "comparison",
    "norm",
)
"""Published tables: one row an audience and something, k viewers or more."""
STEPS_OF_EVERYTHING = ("norm",)
"""Those that are made of the other published tables, final figures among them."""
ORDERS = {
    "screening": "screening",
    "screening_summary": "screening",
    "moment": "screening, moment",
    "second_reaction": "screening, t_ms, emotion",
    "second_summary": "screening, t_ms",
    "scene_reaction": "screening, scene, emotion",
    "scene_summary": "screening, scene",
    "scene_step": "screening, scene, emotion, next_emotion",
    "randomised_reaction": "screening, t_ms, answer",
    "left_out": "screening, what, reason",
}
"""Published tables whose rows can be taken over, for they are a screening's; and the order of their rows."""


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What one publish put in place; ``left_out`` counts the seconds, scenes and blocks that k withheld."""

    version: str
    screenings: int
    seconds: int
    scenes: int
    left_out: int
    taken_over: int
    """Screenings of which nothing had changed."""
    waiting: int
    """Screenings whose figures that are held against chance follow with a later publish."""

    def as_dict(self) -> dict[str, Any]:
        """For a script."""
        return {name: getattr(self, name) for name in self.__slots__}


def publish(
    store: duckdb.DuckDBPyConnection | str | Path,
    store_dir: str | Path,
    *,
    anew: bool = False,
    at_once: int = AT_ONCE,
    settled_at_once: int | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> PublishReport:
    """Writes ``serving.duckdb`` in ``store_dir`` and puts it in place.

    ``store``: a connection to ``store.duckdb`` in the process that holds it, between transactions; or the
    file's path where no process does. ``anew``: compute everything, also of screenings that did not change.
    ``at_once``: windows to compute at a time. ``settled_at_once``: windows of the screenings whose figures are held
    against chance now, all by default; the others are ``waiting``. ``stopped``: whether to give up; asked about every
    second. Raises PublishStoppedError when it says so, StoreError when a file cannot be read or written, CatalogueError
    for a catalogue file that is not one.
    """
    folder = Path(store_dir)
    catalogue = read(Catalogue(folder))
    new = folder / f"{SERVING_NAME}.new"
    limits = (at_once, settled_at_once)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before = None if anew else read_state(folder)
        try:
            report, state = _write(store, folder, catalogue, before, limits, stopped)
        except duckdb.Error:
            if before is None:
                raise
            # Perhaps it was the old file that could not be read; without it a second attempt heals that, or, where
            # DuckDB has given up on all its files, the next process.
            forget_state(folder)
            report, state = _write(store, folder, catalogue, None, limits, stopped)
        flush_to_disk(new)
        write_state(folder, state)
        new.replace(folder / SERVING_NAME)
        flush_to_disk(folder)  # the rename itself
    except PublishStoppedError:
        _drop(new)
        raise
    except duckdb.Error as error:
        _drop(new)
        raise StoreError(f"cannot publish into {folder}: {one_line(error)}{_advice(error)}") from error
    except OSError as error:
        _drop(new)
        raise StoreError(
            f"cannot write {new}: {error.strerror or error}; free some space or check the folder's rights"
        ) from error
    return report


def _drop(new: Path) -> None:
    """Half a file must not keep a full disk full; the next publish would remove it, too."""
    with suppress(OSError):
        remove_database(new)


def _advice(error: duckdb.Error) -> str:
    return "; free some space" if "No space left" in str(error) else ""


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
        # Also after a failure: a store's connection must not stay attached to half a file.
        _quietly(opened, "ROLLBACK")
        for name in ("serving", "earlier", "final"):
            _quietly(opened, f"DETACH {name}")
        opened.close()


def _write(
    store: duckdb.DuckDBPyConnection | str | Path,
    folder: Path,
    catalogue: Read,
    before: Published | None,
    limits: tuple[int, int | None],
    stopped: Callable[[], bool],
) -> tuple[PublishReport, Published]:
    """Writes the new file; what was put there, and the fingerprints of it."""
    at_once, settled_at_once = limits
    remove_database(folder / f"{SERVING_NAME}.new")
    # Threads of matrix products that wait for one another, spinning, took more time than all else.
    with _session(store) as connection, threadpool_limits(1, "blas"):
        _attach(connection, folder / f"{SERVING_NAME}.new", "serving (READ_WRITE)")
        if (folder / FINAL_NAME).exists():
            _attach(connection, folder / FINAL_NAME, "final (READ_ONLY)")
        run_step(connection, "seat")
        earlier = _earlier(connection, folder / SERVING_NAME, before)
        now = look(connection, catalogue, earlier.chance, settled_at_once)
        taken_over = unchanged(earlier.fingerprints, now.fingerprints)
        lay_in(connection, catalogue, taken_over, now.settled)
        comparisons = plan(catalogue, now.fingerprints, now.settled, earlier.comparisons)
        drawn = Figures(unchanged(earlier.chance, now.chance) - taken_over, stopped)
        figures = compute(connection, catalogue, taken_over, comparisons.needed(), drawn, at_once)
        lay_in_compared(connection, comparisons, catalogue, figures, drawn.go_on)
        run_step(connection, "randomised_answer")
        version = secrets.token_hex(8)
        connection.execute("BEGIN")
        _fill(connection, version, bool(taken_over), (folder / FINAL_NAME).exists())
        counts = connection.execute(
            """
            SELECT
                (SELECT count(*) FROM serving.screening),
                (SELECT count(*) FROM serving.second_summary),
                (SELECT count(*) FROM serving.scene_summary),
                (SELECT coalesce(sum(cells), 0) FROM serving.left_out WHERE what IN ('second', 'scene', 'block'))
            """
        ).fetchone()
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT serving")
    assert counts is not None  # noqa: S101  # a SELECT of four scalars has one row
    report = PublishReport(version, *(int(count) for count in (*counts, len(taken_over), now.waiting)))
    return report, Published(version, now.fingerprints, now.chance, dict(comparisons.digests))


def _earlier(connection: duckdb.DuckDBPyConnection, path: Path, state: Published | None) -> Published:
    """Attaches the old file as ``earlier``; what it was made of, nothing where it is not the state's file."""
    nothing = Published("", {}, {})
    if state is None or not path.exists():
        return nothing
    _attach(connection, path, "earlier (READ_ONLY)")
    found = connection.execute("SELECT version, schema_version FROM earlier.published").fetchall()
    return state if found == [(state.version, SCHEMA_VERSION)] else nothing


def _fill(
    connection: duckdb.DuckDBPyConnection, version: str, some_taken_over: bool, some_final: bool
) -> None:
    """The tables of the attached ``serving``."""
    for step in STEPS_TO_SERVING:
        if step in ORDERS:
            _combine(connection, step, some_taken_over)
        elif step not in STEPS_OF_EVERYTHING:
            run_step(connection, step)
    if some_final:
        add_final(connection)
    for step in STEPS_OF_EVERYTHING:
        run_step(connection, step)
    # One statement at a time: only the first takes parameters.
    first, *rest = statements("published")
    published_at = datetime.now(UTC).replace(tzinfo=None)
    connection.execute(
        first, {"version": version, "published_at": published_at, "schema_version": SCHEMA_VERSION}
    )
    for statement in rest:
        connection.execute(statement)


def _combine(connection: duckdb.DuckDBPyConnection, table: str, some_taken_over: bool) -> None:
    """One published table of what was computed, the view that its SQL makes, and of the rows taken over."""
    view, *comments = statements(table)
    connection.execute(view)
    rows = "FROM computed"
    if some_taken_over:
        rows += (
            f" UNION ALL BY NAME FROM earlier.{table}"
            " SEMI JOIN (FROM catalogue_screening WHERE taken_over) USING (screening)"
        )
    connection.execute(f"CREATE TABLE serving.{table} AS FROM ({rows}) ORDER BY {ORDERS[table]}")
    for comment in comments:
        connection.execute(comment)


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    quoted = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS {name}")


def _quietly(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    try:
        connection.execute(statement)
    except duckdb.Error:  # nothing to roll back, or not attached: what was wanted holds
        return
