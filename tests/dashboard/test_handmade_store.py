"""The store made by hand has the columns that publishing makes; otherwise the page's tests would prove nothing."""

from __future__ import annotations

from pathlib import Path

import duckdb

from analytics.publish import publish
from ingest.store import Store
from tests.dashboard.handmade_store import build_store

COLUMNS = "SELECT table_name, column_name FROM information_schema.columns ORDER BY ALL"


def columns(store: Path) -> list[tuple[str, ...]]:
    with duckdb.connect(str(store / "serving.duckdb"), read_only=True) as database:
        return database.execute(COLUMNS).fetchall()


def test_same_columns_as_a_real_publish(tmp_path: Path) -> None:
    real = tmp_path / "real"
    Store(real).close()
    publish(real / "store.duckdb", real)
    assert columns(build_store(tmp_path / "handmade")) == columns(real)
