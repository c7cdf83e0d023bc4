from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.catalogue import Cut, Screening
from analytics.errors import QueryError, StoreError
from analytics.serving import Serving
from tests.analytics.conftest import FilledStore, copied_store, fill_audience, filled_store, happy


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three viewers, who laugh in the first scene; a second that k = 2 withholds."""
    with filled_store(tmp_path_factory.mktemp("published")) as store:
        fill_audience(store, 3, {(viewer, second): happy(60) for viewer in range(3) for second in (1, 2)})
        store.reaction("0" * 32, 10_000)
        store.catalogue.save_screening(Screening("s", "film", "cut", 2))
        store.publish()
    return store.folder


@pytest.fixture
def store(published: Path, tmp_path: Path) -> Iterator[FilledStore]:
    with copied_store(published, tmp_path) as store:
        yield store


@pytest.fixture
def serving(store: FilledStore) -> Serving:
    return store.serving


def test_the_timeline_is_long_and_in_order(serving: Serving) -> None:
    rows = serving.query("timeline", screening="s")
    assert len(rows) == 70
    assert [row["t_ms"] for row in rows] == sorted(row["t_ms"] for row in rows)
    assert {row["showing"] for row in rows if row["emotion"] == "happy" and row["t_ms"] in {1000, 2000}} == {
        3
    }


def test_the_scene_table_names_the_strongest_emotion_and_its_share(serving: Serving) -> None:
    first, second = serving.query("scene_table", screening="s")
    assert (first["name"], first["strongest"], first["strongest_share"], first["simulated"]) == (
        "One",
        "happy",
        1.0,
        False,
    )
    assert (second["name"], second["strongest"], second["strongest_share"]) == ("Two", "neutral", 0.0)


def test_what_k_withheld_is_told_with_k(serving: Serving) -> None:
    assert serving.query("left_out", screening="s") == [
        {"what": "second", "reason": "fewer_than_k", "cells": 1, "viewers_most": 1, "k": 2}
    ]


def test_the_choices_name_a_cut_that_nobody_has_watched(store: FilledStore, serving: Serving) -> None:
    store.catalogue.save_cut(Cut("film", "unseen"))
    store.publish()
    assert [(row["cut"], row["screening"], row["viewers"]) for row in serving.query("choices")] == [
        ("cut", "s", 3),
        ("unseen", None, None),
    ]


def test_live_begins_where_it_is_asked_to(serving: Serving) -> None:
    assert {row["t_ms"] for row in serving.query("live", screening="s", since_ms=9_000)} == {9_000}
    (state,) = serving.query("live_state", screening="s")
    assert (state["sessions"], state["t_ms"], state["viewers_there"]) == (3, 9_000, 3)


def test_what_was_withheld_is_told_for_every_screening(store: FilledStore, serving: Serving) -> None:
    store.catalogue.save_screening(Screening("t", "film", "cut"))
    store.publish()
    found = [(row["screening"], row["k"], row["what"], row["cells"]) for row in serving.query("withheld")]
    assert ("s", 2, "second", 1) in found
    assert ("t", 5, None, None) in found


def test_columns_are_the_same_answer_as_rows(serving: Serving) -> None:
    columns = serving.columns("timeline", screening="s")
    rows = serving.query("timeline", screening="s")
    assert [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)] == rows


def test_what_a_person_asks_is_bounded(serving: Serving) -> None:
    assert len(serving.run_sql("SELECT * FROM range(1000)", most_rows=10).rows) == 10
    with pytest.raises(QueryError, match=r"stopped after 0\.2 s: ask for less"):
        serving.run_sql(
            "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range % 7 = b.range % 11",
            most_s=0.2,
        )


def test_what_is_held_is_of_one_publish(store: FilledStore, serving: Serving) -> None:
    with serving.held():
        before = serving.version()
        store.catalogue.save_cut(Cut("film", "unseen"))
        store.publish()
        assert Serving(store.folder).version() != before
        assert serving.version() == before
        assert [row["cut"] for row in serving.query("choices")] == ["cut"]
        with serving.held():
            assert serving.run_sql("SELECT version FROM published").rows != [(before,)]
        assert serving.version() == before
        with pytest.raises(QueryError, match="screening"):
            serving.query("scenes")
        assert serving.columns("choices")["cut"].tolist() == ["cut"]
    assert [row["cut"] for row in serving.query("choices")] == ["cut", "unseen"]


def test_holding_waits_for_the_first_query(tmp_path: Path, serving: Serving) -> None:
    empty = Serving(tmp_path / "empty")
    with empty.held():
        with pytest.raises(StoreError, match="nothing published yet"):
            empty.version()
        empty.path.parent.mkdir()
        empty.path.write_bytes(serving.path.read_bytes())
        assert empty.version() == serving.version()


def test_nothing_published_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        StoreError, match=r"nothing published yet in .*: run houselights ingest .* or houselights demo"
    ):
        Serving(tmp_path).version()


def test_a_damaged_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "serving.duckdb").write_bytes(b"not a database, and rather long at that" * 100)
    with pytest.raises(
        StoreError, match=r"cannot read .*serving\.duckdb: .*; try houselights publish"
    ) as caught:
        Serving(tmp_path).version()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        ("nope", {}, "no query is called 'nope'; there are audience, "),
        ("../publish/film", {}, "no query is called"),
        ("scenes", {}, "screening"),
        ("scenes", {"screening": "s", "more": 1}, "more"),
    ],
)
def test_a_wrong_query_is_told(serving: Serving, name: str, params: dict[str, object], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        serving.query(name, **params)


def test_a_parameter_is_never_sql(serving: Serving) -> None:
    assert serving.query("scenes", screening="s' OR '1'='1") == []


def test_any_select_is_answered(serving: Serving) -> None:
    result = serving.run_sql("SELECT scene, viewers FROM scene_summary ORDER BY scene")
    assert (result.columns, result.rows) == (("scene", "viewers"), [(1, 3), (2, 3)])
    assert result.dicts()[0] == {"scene": 1, "viewers": 3}


def test_a_mistake_is_duckdbs_own_line(serving: Serving) -> None:
    with pytest.raises(QueryError, match='syntax error at or near "SELEC"') as caught:
        serving.run_sql("SELEC 1")
    assert "\n" not in str(caught.value)
    with pytest.raises(QueryError, match="nosuch"):
        serving.run_sql("SELECT nosuch FROM scene")


@pytest.mark.parametrize(
    "text",
    [
        "DROP TABLE scene",
        "DELETE FROM scene",
        "INSERT INTO film VALUES ('x', 'y')",
        "SELECT * FROM read_csv('{folder}/catalogue/film/film.json')",
        "SELECT * FROM '{folder}/other.csv'",
        "ATTACH '{folder}/store.duckdb' AS store",
        "COPY scene TO '{folder}/out.csv'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "LOAD httpfs",
        "EXPORT DATABASE '{folder}/out'",
    ],
)
def test_a_query_reads_the_published_tables_and_nothing_else(
    serving: Serving, store: FilledStore, text: str
) -> None:
    before = sorted(path.name for path in store.folder.iterdir())
    (store.folder / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(QueryError):
        serving.run_sql(text.format(folder=store.folder))
    (store.folder / "other.csv").unlink()
    assert sorted(path.name for path in store.folder.iterdir()) == before
    assert serving.run_sql("SELECT count(*) FROM scene").rows == [(2,)]


def test_readers_never_fail_while_the_file_is_replaced(serving: Serving, store: FilledStore) -> None:
    stop = threading.Event()
    seen: set[str] = set()
    failed: list[Exception] = []

    def read() -> None:
        while not stop.is_set():
            try:
                seen.add(serving.version())
            except Exception as error:  # noqa: BLE001  # whatever it is, the test shows it
                failed.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    versions = {store.publish().version for _ in range(10)}
    stop.set()
    for reader in readers:
        reader.join()
    assert failed == []
    assert seen & versions


def test_a_damaged_block_is_told_of_the_file_and_not_of_the_query(serving: Serving) -> None:
    content = bytearray(serving.path.read_bytes())
    # Everything behind the three headers: which blocks a table lies in is DuckDB's own business.
    for at in range(3 * 4096 + 100, len(content), 4096):
        content[at] ^= 1
    serving.path.write_bytes(content)
    with pytest.raises(
        StoreError, match=r"cannot read .*serving\.duckdb: .*; try houselights publish"
    ) as caught:
        serving.query("seconds", screening="s")
    assert "\n" not in str(caught.value)
    with pytest.raises(StoreError, match="cannot read"):
        serving.run_sql("SELECT * FROM second_reaction")
