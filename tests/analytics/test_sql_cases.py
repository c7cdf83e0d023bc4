"""Every query of a page or an export on data: ``sql/<query>.toml`` holds rows, parameters and the answer.

A column that a row leaves out is empty (NULL). ``expected`` is the whole answer in its order, ``among`` a part of it.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analytics.publish import publish
from analytics.serving import SERVING_NAME, SQL_DIR, Serving
from tests.analytics.conftest import SCHEMA

CASES = Path(__file__).parent / "sql"
QUERIES = sorted(path.stem for path in SQL_DIR.glob("*.sql"))


def cases(query: str) -> list[dict[str, Any]]:
    path = CASES / f"{query}.toml"
    found: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    return found


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published file of an empty store: the tables as a publish makes them, without a row."""
    folder = tmp_path_factory.mktemp("empty")
    with duckdb.connect() as store:
        store.execute(SCHEMA.read_text(encoding="utf-8"))
        publish(store, folder)
    with duckdb.connect(str(folder / SERVING_NAME)) as serving:
        serving.execute("DELETE FROM published")
    return folder / SERVING_NAME


def fill(path: Path, given: dict[str, list[dict[str, Any]]]) -> None:
    with duckdb.connect(str(path)) as serving:
        for table, rows in given.items():
            for row in rows:
                columns = ", ".join(f'"{column}"' for column in row)
                marks = ", ".join("?" * len(row))
                serving.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(row.values()))


def test_every_query_has_its_cases() -> None:
    assert sorted(path.stem for path in CASES.glob("*.toml")) == QUERIES


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_answers_as_its_cases_say(query: str, empty: Path, tmp_path: Path) -> None:
    answered = False
    for case in cases(query):
        shutil.copyfile(empty, tmp_path / SERVING_NAME)
        fill(tmp_path / SERVING_NAME, case.get("given", {}))
        rows = Serving(tmp_path).query(query, **case.get("parameters", {}))
        found = [{column: value for column, value in row.items() if value is not None} for row in rows]
        if "among" in case:
            assert [row for row in case["among"] if row not in found] == [], case["is"]
        else:
            assert found == case["expected"], case["is"]
        answered |= bool(rows)
        written = json.dumps(rows, default=dt.datetime.isoformat)
        assert len(json.loads(written)) == len(rows)
    assert answered, "no case of it has an answer with rows"
