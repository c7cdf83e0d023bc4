"""A store with real tables, filled by hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analytics.catalogue import Catalogue, Cut, Film, Scene, Screening
from analytics.publish import PublishReport, publish
from analytics.serving import Serving

SCHEMA = Path(__file__).parents[2] / "ingest" / "schema.sql"
NEUTRAL = (0, 0, 0, 0, 100, 0, 0)


def happy(percent: int) -> tuple[int, ...]:
    return (0, 0, 0, percent, 100 - percent, 0, 0)


@dataclass
class FilledStore:
    """A store directory whose tables a test fills itself, in place of an ingest."""

    folder: Path
    connection: duckdb.DuckDBPyConnection

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.folder)

    @property
    def serving(self) -> Serving:
        return Serving(self.folder)

    def session(
        self, name: str, *, screening: str = "s", simulated: bool = False, ended: bool = True
    ) -> None:
        self.connection.execute(
            "INSERT INTO session VALUES (?, ?, 'film', 'cut', 'm', '1', 1, 'en', 0, ?, 0, 0, 0, 0, ?)",
            [name, screening, simulated, ended],
        )

    def reaction(
        self,
        session: str,
        t_ms: int,
        scores: Sequence[int | None] | None = NEUTRAL,
        *,
        viewer: int = 0,
        pass_: int = 0,
        d_ms: int = 1000,
        n: int = 5,
        front: int = 100,
    ) -> None:
        given = scores if scores is not None else [None] * 7
        self.connection.execute(
            f"INSERT INTO reaction VALUES ({', '.join('?' * 15)})",
            [session, viewer, pass_, t_ms, d_ms, n if scores is not None else 0, 100, front, *given],
        )

    def publish(self) -> PublishReport:
        return publish(self.connection, self.folder)

    def sql(self, text: str) -> list[tuple[Any, ...]]:
        return self.serving.run_sql(text).rows


@contextmanager
def filled_store(folder: Path) -> Iterator[FilledStore]:
    """An empty store, with one film, cut, screening (k = 1) and two scenes of five seconds."""
    connection = duckdb.connect(str(folder / "store.duckdb"))
    connection.execute(SCHEMA.read_text(encoding="utf-8"))
    filled = FilledStore(folder, connection)
    filled.catalogue.save_film(Film("film", "The Film"))
    filled.catalogue.save_cut(Cut("film", "cut", "25"))
    filled.catalogue.save_screening(Screening("s", "film", "cut", 1))
    filled.catalogue.save_scenes("film", "cut", [Scene("One", 0, 5000), Scene("Two", 5000, 10_000)])
    yield filled
    connection.close()


@contextmanager
def copied_store(made: Path, folder: Path) -> Iterator[FilledStore]:
    """A copy of the closed store in ``made``: what many tests start from is filled and published once."""
    shutil.copytree(made, folder, dirs_exist_ok=True)
    with duckdb.connect(str(folder / "store.duckdb")) as connection:
        yield FilledStore(folder, connection)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FilledStore]:
    """See ``filled_store``."""
    with filled_store(tmp_path) as filled:
        yield filled


def fill_audience(
    store: FilledStore,
    viewers: int,
    scores: dict[tuple[int, int], tuple[int, ...]] | None = None,
    seconds: int = 10,
) -> None:
    """Fills a screening: each viewer neutral for ten seconds, save what ``scores`` says: (viewer, second) → scores."""
    chosen = scores or {}
    for number in range(viewers):
        store.session(f"{number:032x}")
        for second in range(seconds):
            store.reaction(f"{number:032x}", second * 1000, chosen.get((number, second), NEUTRAL))


@pytest.fixture
def audience(store: FilledStore) -> Callable[..., None]:
    """``fill_audience`` for the test's own store."""
    return partial(fill_audience, store)
