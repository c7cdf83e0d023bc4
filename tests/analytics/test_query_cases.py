"""Queries that pages run, on rows that a case gives: ``query_cases/<query>.json``."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from analytics.serving import SERVING_NAME
from tests.analytics.conftest import FilledStore

CASES = Path(__file__).parent / "query_cases"


@pytest.mark.parametrize("query", sorted(path.stem for path in CASES.glob("*.json")))
def test_a_query_gives_what_its_case_says(store: FilledStore, query: str) -> None:
    store.publish()
    case = json.loads((CASES / f"{query}.json").read_text(encoding="utf-8"))
    with duckdb.connect(str(store.folder / SERVING_NAME)) as serving:
        for table, rows in case["tables"].items():
            serving.execute(f"DELETE FROM {table}")
            for row in rows:
                columns = ", ".join(row)
                places = ", ".join("?" * len(row))
                serving.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", list(row.values()))
    assert store.serving.query(query, **case["parameters"]) == case["expected"], case["why"]
