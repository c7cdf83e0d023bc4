from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from analytics.errors import StoreError
from analytics.exports.errors import ExportError
from analytics.exports.tables import TableFormat, export_tables
from analytics.serving import Serving
from tests.analytics.conftest import FilledStore, happy
from tests.dashboard.handmade_store import build_store

READERS: dict[TableFormat, str] = {"parquet": "read_parquet", "csv": "read_csv"}


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_the_files_hold_what_the_tables_hold(tmp_path: Path, form: TableFormat) -> None:
    serving = Serving(build_store(tmp_path / "store"))
    names = export_tables(serving, tmp_path / "it's out", form)
    assert {"scene_reaction", "second_summary", "left_out", "published"} <= set(names)
    for name in names:
        kept = serving.run_sql(f"SELECT * FROM {name}")
        path = str(tmp_path / "it's out" / f"{name}.{form}").replace("'", "''")
        read = duckdb.execute(f"SELECT * FROM {READERS[form]}('{path}')")
        assert tuple(column[0] for column in read.description) == kept.columns
        rows = [tuple(map(str, row)) for row in read.fetchall()]
        assert rows == [tuple(map(str, row)) for row in kept.rows]


def test_the_readme_has_every_column_with_its_meaning(
    store: FilledStore, audience: Callable[..., None], tmp_path: Path
) -> None:
    audience(3, {(viewer, 1): happy(60) for viewer in range(3)})
    store.publish()
    names = export_tables(store.serving, tmp_path / "out", "parquet")
    readme = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    for name in names:
        assert f"## {name}.parquet\n" in readme
    described = store.sql("SELECT column_name, comment FROM duckdb_columns() WHERE database_name = 'serving'")
    assert described
    for column, comment in described:
        assert f"| `{column}` | " in readme
        assert f" | {comment} |" in readme


def test_files_of_the_same_names_are_replaced_and_others_left(tmp_path: Path) -> None:
    serving = Serving(build_store(tmp_path / "store"))
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    (out / "film.csv").write_text("old")
    export_tables(serving, out, "csv")
    assert (out / "notes.txt").read_text() == "mine"
    assert (out / "film.csv").read_text().startswith("film,title")
    assert not [path for path in out.iterdir() if path.name.startswith(".")]


def test_a_store_without_a_publish_and_a_folder_that_is_a_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="houselights demo"):
        export_tables(Serving(tmp_path), tmp_path / "out", "csv")
    serving = Serving(build_store(tmp_path / "store"))
    (tmp_path / "taken").write_text("")
    with pytest.raises(ExportError, match="cannot write into"):
        export_tables(serving, tmp_path / "taken", "csv")
