"""Per-viewer rows go, published figures stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from analytics.catalogue import Catalogue, Screening
from analytics.files import remove_database
from analytics.final import FINAL_NAME, keep_final
from analytics.serving import Serving
from contract.messages import Message, Reactions, Sample
from contract.randomised import ANSWERS, Randomised
from ingest.batch import plan
from ingest.retention import remove_old
from ingest.service import admissions
from ingest.store import Store
from tests.ingest.conftest import A, B, end, reactions, record, start

TODAY = date(2026, 3, 31)
TABLES = ("screening", "second_reaction", "second_summary", "scene_reaction", "scene_summary", "left_out")


def published(store_dir: Path) -> dict[str, list[tuple[Any, ...]]]:
    serving = Serving(store_dir)
    return {table: serving.run_sql(f"SELECT * FROM {table} ORDER BY ALL").rows for table in TABLES}


@pytest.fixture
def store(store_dir: Path) -> Iterator[Store]:
    """Two screenings of a viewer each: `s`, closed a month ago, and `t`, still open."""
    catalogue = Catalogue(store_dir)
    catalogue.save_screening(Screening("t", "film", "cut", 1))
    found: list[Message] = [
        start(),
        reactions(1, *range(8)),
        end(1, 8),
        start(B, screening="t"),
        reactions(1, 0, 1, session=B),
    ]
    with Store(store_dir) as opened:
        batch = plan([record(one, at) for at, one in enumerate(found)], admissions(catalogue), {}, set())
        opened.write(batch, "test", {}, {0: 5})
        opened.publish()
        catalogue.save_screening(Screening("s", "film", "cut", 1, open=False, closed_on="2026-03-01"))
        yield opened


def test_old_rows_go_from_the_file_and_the_figures_stay_the_same(store: Store, store_dir: Path) -> None:
    before = published(store_dir)
    report = remove_old(store, 30, TODAY)
    assert (report.screenings, report.sessions, report.rows) == (("s",), 1, 8)
    assert published(store_dir) == before
    assert A.encode() not in store.path.read_bytes()
    assert B.encode() in store.path.read_bytes()
    store.publish()
    assert published(store_dir) == before
    assert remove_old(store, 30, TODAY).screenings == ()


def test_randomised_answers_stay_too(tmp_path: Path) -> None:
    how = Randomised(2000, 60_000, 5)
    catalogue = Catalogue(tmp_path)
    catalogue.save_screening(Screening("s", "film", "cut", 1, randomised=how))
    happy = (0, 0, 0, 100, 0, 0, 0)
    answers = [Sample(60_000 * block, 60_000, 0, 0, 1, 100, 100, happy) for block in range(5)]
    begun = msgspec.structs.replace(start(), randomised=how)
    found: list[Message] = [begun, Reactions(A, 1, answers), end(1, 5)]
    with Store(tmp_path) as store:
        store.write(
            plan([record(one, at) for at, one in enumerate(found)], admissions(catalogue), {}, set()),
            *("test", {}, {0: 3}),
        )
        closed = Screening("s", "film", "cut", 1, randomised=how, open=False, closed_on="2026-03-01")
        catalogue.save_screening(closed)
        store.publish()
        before = Serving(tmp_path).run_sql("FROM randomised_reaction ORDER BY ALL").rows
        assert len(before) == 5 * len(ANSWERS)
        assert remove_old(store, 30, TODAY).rows == 5
        for k, kept in ((1, before), (2, [])):
            catalogue.save_screening(msgspec.structs.replace(closed, k=k))
            store.publish()
            assert Serving(tmp_path).run_sql("FROM randomised_reaction ORDER BY ALL").rows == kept


def test_what_is_not_old_enough_or_never_closed_is_left_alone(store: Store) -> None:
    assert remove_old(store, 31, TODAY).screenings == ()
    assert remove_old(store, 0, TODAY).screenings == ("s",)
    assert store.screenings_with_sessions(["s", "t"]) == ["t"]


def test_a_crash_before_the_rows_are_deleted_changes_nothing_and_is_mended(
    store: Store, store_dir: Path
) -> None:
    before = published(store_dir)
    keep_final(store_dir, ["s"])  # step 2, and then the power was cut
    late = plan([record(reactions(2, 8, 9), 5)], {}, {A: 1}, set())
    store.write(late, "test", {0: 5}, {0: 6})
    store.publish()
    assert len(published(store_dir)["second_summary"]) == len(before["second_summary"]) + 2
    assert remove_old(store, 30, TODAY).rows == 10
    assert len(published(store_dir)["second_summary"]) == len(before["second_summary"]) + 2


def test_a_raised_k_reaches_final_figures_too(store: Store, store_dir: Path) -> None:
    remove_old(store, 30, TODAY)
    Catalogue(store_dir).save_screening(Screening("s", "film", "cut", 2, open=False, closed_on="2026-03-01"))
    store.publish()
    found = published(store_dir)
    assert {row[0] for row in found["second_reaction"]} == {"t"}
    assert [row[:4] for row in found["screening"] if row[0] == "s"] == [("s", "film", "cut", 2)]


def test_a_screening_taken_from_the_catalogue_takes_its_final_figures_along(
    store: Store, store_dir: Path
) -> None:
    remove_old(store, 30, TODAY)
    (store_dir / "catalogue" / "screening" / "s.json").unlink()
    store.publish()
    assert {row[0] for row in published(store_dir)["screening"]} == {"t"}
    remove_database(store_dir / FINAL_NAME)
    store.publish()
    assert {row[0] for row in published(store_dir)["screening"]} == {"t"}


def test_final_figures_of_an_earlier_version_stay_and_lack_what_it_did_not_publish(
    store: Store, store_dir: Path
) -> None:
    before = published(store_dir)
    remove_old(store, 30, TODAY)
    with duckdb.connect(str(store_dir / FINAL_NAME)) as final:
        final.execute("ALTER TABLE scene_summary DROP COLUMN polarisation")
        final.execute("DROP TABLE moment")
    store.publish()
    found = published(store_dir)
    assert {table: found[table] for table in TABLES if table != "scene_summary"} == {
        table: before[table] for table in TABLES if table != "scene_summary"
    }
    summaries = "SELECT count(*), count(polarisation) FROM scene_summary WHERE screening = "
    assert Serving(store_dir).run_sql(f"{summaries} 's'").rows == [(2, 0)]
    keep_final(store_dir, ["t"])
    with duckdb.connect(str(store_dir / FINAL_NAME), read_only=True) as final:
        assert (
            final.execute(f"{summaries} 't'").fetchall()
            == Serving(store_dir).run_sql(f"{summaries} 't'").rows
        )
        assert final.execute("SELECT count(*) FROM moment").fetchall() == [(0,)]
