"""What DuckDB may hold, on real stores: the limit is kept, given back, and never in the way of a batch."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.catalogue import Catalogue
from ingest.batch import Batch, plan
from ingest.memory import Memory
from ingest.service import admissions
from ingest.sources import Record
from ingest.store import Store
from ingest.validate import Rejected
from tests.ingest.conftest import A, reactions, record, start

SMALL = Memory(taking_in_mb=64, publish_mb=1024)


def limit_mib(store: Store) -> float:
    ((found,),) = store.connection.execute("SELECT current_setting('memory_limit')").fetchall()
    number, unit = str(found).split()
    assert unit == "MiB"
    return float(number)


def started(store: Store, *seconds: int) -> Batch:
    return plan(
        [record(start(), 0), record(reactions(1, *seconds), 1)], admissions(Catalogue(store.folder)), {}, ()
    )


def test_the_limit_holds_from_the_start_and_after_a_publish_and_a_purge(store_dir: Path) -> None:
    with Store(store_dir, SMALL) as store:
        before = limit_mib(store)
        assert before == pytest.approx(64e6 / 2**20, abs=0.1)
        store.write(started(store, 0, 1, 2), "test", {}, {0: 2})
        assert store.publish().seconds == 3
        assert limit_mib(store) == before
        store.write(Batch(withdrawn={A}), "test", {0: 2}, {0: 3})
        assert store.purge()
        assert limit_mib(store) == before
        assert store.publish().seconds == 0


def test_a_batch_larger_than_the_limit_is_stored(store_dir: Path) -> None:
    """A flood of the longest bodies that are kept, twice as many bytes as DuckDB may hold."""
    letters = [
        Rejected(Record("test", 0, number, None, number.to_bytes(4, "big") * 32_768), "not_json", "", None, 1)
        for number in range(1_000)
    ]
    with Store(store_dir, SMALL) as store:
        assert store.write(Batch(rejected=letters), "test", {}, {0: 1_000}) == 1_000
        assert limit_mib(store) < 64
        assert len(store.letters_due(2_000)) == 1_000
        # One more, small, looks among them for what was sent before.
        again = Rejected(Record("test", 0, 1_000, None, b"{"), "not_json", "", A, 1)
        assert store.write(Batch(rejected=[again]), "test", {0: 1_000}, {0: 1_001}) == 1
        assert store.write(Batch(withdrawn={A}), "test", {0: 1_001}, {0: 1_002}) == 0
        assert limit_mib(store) < 64
    with Store(store_dir) as store:
        found = store.connection.execute("SELECT count(*), sum(octet_length(body)) FROM reject").fetchall()
        assert found == [(1_000, 1_000 * 131_072)]


def test_what_a_killed_process_had_written_aside_is_removed(store_dir: Path) -> None:
    """It holds rows of viewers, who may take them back before anybody looks there."""
    aside = store_dir / "store.duckdb.tmp"
    aside.mkdir()
    (aside / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(A.encode())
    with Store(store_dir):
        assert not aside.exists()
