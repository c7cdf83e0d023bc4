from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

import duckdb
import pytest

from contract.messages import Message, Withdraw
from ingest.batch import Batch, plan
from ingest.columns import FIELDS
from ingest.errors import OffsetConflictError, StoreError, StoreLockedError
from ingest.ledger import ledgers
from ingest.store import Store
from ingest.validate import Admission, Rejected
from tests.ingest.conftest import A, B, end, reactions, record, start

SCREENINGS = {"s": Admission("film", "cut")}


HOLD = (
    "import sys, time; from pathlib import Path; from ingest.store import Store\n"
    "store = Store(sys.argv[1]); Path(sys.argv[2]).touch(); time.sleep(600)"
)


READ = (
    "import sys, time; from pathlib import Path; from ingest.store_file import opened_to_read\n"
    "with opened_to_read(Path(sys.argv[1])): print('open', flush=True); time.sleep(1)"
)


def batch(store: Store, *found: Message | bytes) -> Batch:
    records = [record(message, offset) for offset, message in enumerate(found)]
    return plan(records, SCREENINGS, store.last_seqs([A, B]), store.withdrawn([A, B]))


def rows(store: Store, text: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(text).fetchall()


def test_rows_dead_letters_and_offsets_are_kept(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        written = store.write(
            batch(store, start(), reactions(1, 0, 1), b"junk\x00\xff", end(1, 2)), "test", {}, {0: 4, 2: 7}
        )
        assert written == 1
    with Store(tmp_path) as store:
        assert store.offsets("test") == {0: 4, 2: 7}
        assert store.offsets("other") == {}
        assert store.last_seqs([A, B]) == {A: 1}
        assert rows(store, "SELECT * FROM session") == [
            (A, "s", "film", "cut", "bundled", "0.1", 1, "en", 80, False, 1, 2, 0, 0, True)
        ]
        assert rows(store, "SELECT t_ms, happy, surprise FROM reaction ORDER BY t_ms") == [
            (0, 30, 0),
            (1000, 30, 0),
        ]
        ((source, partition, offset, reason, samples, session, body),) = rows(
            store, 'SELECT source, partition, "offset", reason, samples, session, body FROM reject'
        )
        assert (source, partition, offset, reason, samples, session) == ("test", 0, 2, "not_json", 0, None)
        assert body == b"junk\x00\xff"


def test_offsets_that_somebody_moved_stop_the_whole_batch(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.write(batch(store, start()), "test", {}, {0: 1})
        for expected in ({}, {0: 0}, {0: 2}):
            with pytest.raises(
                OffsetConflictError, match="partition 0: the store stands at offset 1, this ingest read from"
            ):
                store.write(batch(store, reactions(1, 0), b"junk"), "test", expected, {0: 3})
        assert (
            rows(store, "SELECT count(*) FROM reaction")
            == rows(store, "SELECT count(*) FROM reject")
            == [(0,)]
        )
        store.write(batch(store, reactions(1, 0)), "test", {0: 1}, {0: 3})
        assert rows(store, "SELECT count(*) FROM reaction") == [(1,)]


def test_a_batch_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        broken = batch(store, start(), reactions(1, 0, 1), b"junk")
        broken.rows.values[FIELDS.index("seen"), 1] = 256  # does not fit the column
        with pytest.raises(StoreError, match="nothing of this batch was stored"):
            store.write(broken, "test", {}, {0: 3})
        for table in ("session", "reaction", "reject", "source_offset"):
            assert rows(store, f"SELECT count(*) FROM {table}") == [(0,)]
        store.write(batch(store, start(), reactions(1, 0)), "test", {}, {0: 3})
        assert rows(store, "SELECT count(*) FROM reaction") == [(1,)]


def test_a_withdrawal_leaves_nothing_of_the_session(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        bad = b'{"type": "reactions", "session": "%s", "seq": 2, "samples": [{}]}' % A.encode()
        found = batch(store, start(), reactions(1, 0), bad, start(B), reactions(1, 0, session=B))
        store.write(found, "test", {}, {0: 5})
        store.write(batch(store, Withdraw(A)), "test", {0: 5}, {0: 6})
        for table in ("session", "reaction", "reject"):
            assert rows(store, f"SELECT count(*) FROM {table} WHERE session = '{A}'") == [(0,)]
        assert rows(store, "SELECT session FROM session") == [(B,)]
        # What was still under way stays away, also where the key hides whose it is.
        late = plan([record(start()), record(bad, key=B)], SCREENINGS, {}, set())
        late.starts.clear()
        assert store.write(late, "test", {0: 6}, {0: 8}) == 0
        assert rows(store, "SELECT count(*) FROM reject") == [(0,)]


def test_what_was_taken_back_is_gone_from_the_files_bytes(tmp_path: Path) -> None:
    detail = "a detail that only this record has"
    letter = Rejected(record(b"{broken " + A.encode(), 3), "not_json", detail, None, 0)
    other = Rejected(record(b"{broken", 4), "not_json", "of somebody else", None, 0)
    with Store(tmp_path) as store:
        found = plan([record(start()), record(reactions(1, *range(500)), 1)], SCREENINGS, {}, set())
        found.rejected += [letter, other]
        store.write(found, "test", {}, {0: 5})
        store.connection.execute("CHECKPOINT")
        assert A.encode() in (tmp_path / "store.duckdb").read_bytes()
        store.write(plan([record(Withdraw(A), 5)], SCREENINGS, {A: 1}, set()), "test", {0: 5}, {0: 6})
        assert store.purge()
        assert not store.purge()
        # The random name itself stays, in `withdrawn`: what comes late must be known to be of this session.
        assert store.withdrawn([A]) == {A}
        assert store.offsets("test") == {0: 6}
        assert store.connection.execute("SELECT body FROM reject").fetchall() == [(b"{broken",)]
        store.connection.execute("DELETE FROM withdrawn")
        store.connection.execute("INSERT INTO purge_due VALUES ('once more, now without its name')")
        assert store.purge()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert A.encode() not in left
    assert detail.encode() not in left
    assert b"of somebody else" in left


def test_a_crash_before_a_purge_leaves_it_to_the_next_run(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.write(plan([record(start())], SCREENINGS, {}, set()), "test", {}, {0: 1})
        store.write(plan([record(Withdraw(A), 1)], SCREENINGS, {A: 0}, set()), "test", {0: 1}, {0: 2})
    (tmp_path / "store.duckdb.purged").write_bytes(b"half of a copy")
    with Store(tmp_path) as store:
        assert store.purge()
    assert not (tmp_path / "store.duckdb.purged").exists()


def test_who_reads_at_the_moment_of_a_purges_rename_is_waited_for(tmp_path: Path) -> None:
    readers: list[subprocess.Popen[str]] = []

    def read(frame: FrameType, event: str, _: Any) -> None:
        if event == "return" and frame.f_code.co_qualname == "Path.replace":
            sys.setprofile(None)
            reader = subprocess.Popen(
                [sys.executable, "-c", READ, str(tmp_path)], stdout=subprocess.PIPE, text=True
            )
            readers.append(reader)
            assert reader.stdout is not None
            assert reader.stdout.readline() == "open\n"

    with Store(tmp_path) as store:
        store.connection.execute("INSERT INTO purge_due VALUES ('x')")
        sys.setprofile(read)
        try:
            assert store.purge()
        finally:
            sys.setprofile(None)
            for reader in readers:
                reader.communicate(timeout=60)
        assert store.offsets("test") == {}
    assert len(readers) == 1


def test_the_ledger_closes(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        bad = b'{"type": "reactions", "session": "%s", "seq": 2, "samples": [{}, {}]}' % A.encode()
        store.write(batch(store, start(), reactions(1, 0, 1, 2), bad), "test", {}, {0: 3})
        (running,) = ledgers(store.connection)
        assert (running.generated, running.missing, running.closes) == (None, None, False)
        store.write(batch(store, bad, reactions(1, 0, 1, 2), end(3, 10, dropped=4)), "test", {0: 3}, {0: 6})
        (over,) = ledgers(store.connection, {A: 1})
        assert (over.generated, over.stored, over.rejected, over.dropped, over.in_outbox) == (10, 3, 2, 4, 1)
        assert over.closes
        (short,) = ledgers(store.connection)
        assert (short.missing, short.closes) == (1, False)


def test_a_second_writer_is_told_who_holds_the_store(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLD,
            str(tmp_path),
            str(ready),
        ]
    )
    try:
        while not ready.exists():
            assert holder.poll() is None
            time.sleep(0.02)
        with pytest.raises(
            StoreLockedError, match=rf"store\.duckdb is open in process {holder.pid} \(.*\).*: stop it"
        ) as caught:
            Store(tmp_path)
        assert "\n" not in str(caught.value)
    finally:
        holder.kill()
        holder.wait()
    Store(tmp_path).close()  # a lock dies with its process


def test_a_damaged_store_is_one_line_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "store.duckdb").write_bytes(b"not a database" * 1000)
    with pytest.raises(
        StoreError, match=r"cannot open .*store\.duckdb: .*not a valid DuckDB.*; put a backup"
    ) as caught:
        Store(tmp_path)
    assert "\n" not in str(caught.value)
    assert (tmp_path / "store.duckdb").read_bytes() == b"not a database" * 1000


def test_a_store_of_a_later_version_is_refused(tmp_path: Path) -> None:
    Store(tmp_path).close()
    with duckdb.connect(str(tmp_path / "store.duckdb")) as connection:
        connection.execute("UPDATE meta SET schema_version = 99")
    with pytest.raises(StoreError, match="has schema version 99, this houselights writes 1"):
        Store(tmp_path)


def test_a_directory_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot make the store directory"):
        Store(tmp_path / "file" / "store")
