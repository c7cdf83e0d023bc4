"""The run loop, on a real store and a real outbox file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest

from analytics.catalogue import Catalogue, Scene, Screening
from analytics.serving import Serving
from contract.messages import Withdraw
from ingest.errors import SourceError, StoreLockedError
from ingest.ledger import ledgers
from ingest.outbox_source import OutboxSource, samples_in_outbox
from ingest.service import publish_store, run
from ingest.store import Store
from tests.ingest.conftest import A, B, OutboxFile, end, reactions, start


def count(store_dir: Path, table: str) -> int:
    with duckdb.connect(str(store_dir / "store.duckdb"), read_only=True) as connection:
        (found,) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    return int(found[0])


def wait_for(happened: threading.Event) -> None:
    assert happened.wait(60)


def test_an_outbox_ends_in_published_scenes_and_a_ledger_that_closes(
    store_dir: Path, outbox: OutboxFile
) -> None:
    outbox.append(start(), reactions(1, 0, 1, 2), b"junk", reactions(2, 6), reactions(2, 6), end(2, 4))
    report = run(OutboxSource(outbox.path), store_dir, once=True)
    assert report.as_dict() == {
        "records": 6,
        "stored": 4,
        "rejected": 1,
        "resent": 1,
        "forwarded": 0,
        "published": 1,
    }
    assert outbox.waiting() == 0
    assert [(row["name"], row["viewers"]) for row in Serving(store_dir).query("scenes", screening="s")] == [
        ("One", 1),
        ("Two", 1),
    ]
    with Store(store_dir) as store:
        assert all(ledger.closes for ledger in ledgers(store.connection, samples_in_outbox(outbox.path)))


def test_a_second_run_repeats_nothing(store_dir: Path, outbox: OutboxFile) -> None:
    outbox.append(start(), reactions(1, 0))
    run(OutboxSource(outbox.path), store_dir, once=True)
    report = run(OutboxSource(outbox.path), store_dir, once=True)
    assert (report.records, report.stored) == (0, 0)
    outbox.append(reactions(2, 1))
    assert run(OutboxSource(outbox.path), store_dir, once=True).stored == 1
    assert count(store_dir, "reaction") == 2


class CrashBeforeAcknowledge(OutboxSource):
    """Dies at the one instruction between the store's commit and the outbox's."""

    def acknowledge(self, next_offsets: Mapping[int, int]) -> None:
        if next_offsets:
            raise SourceError("power cut")


def test_a_crash_between_commit_and_acknowledgement_doubles_nothing(
    store_dir: Path, outbox: OutboxFile
) -> None:
    outbox.append(start(), reactions(1, 0, 1), b"junk", end(1, 2))
    with pytest.raises(SourceError, match="power cut"):
        run(CrashBeforeAcknowledge(outbox.path), store_dir, once=True)
    assert outbox.waiting() == 4
    assert count(store_dir, "reaction") == 2
    report = run(OutboxSource(outbox.path), store_dir, once=True)
    assert (report.records, report.published) == (0, 1)
    assert (count(store_dir, "reaction"), count(store_dir, "reject"), outbox.waiting()) == (2, 1, 0)
    with Store(store_dir) as store:
        assert [ledger.closes for ledger in ledgers(store.connection)] == [True]


def test_a_screening_made_while_it_runs_is_known_from_then_on(store_dir: Path, outbox: OutboxFile) -> None:
    outbox.append(start(screening="new"))
    assert run(OutboxSource(outbox.path), store_dir, once=True).rejected == 1
    seen, stop = threading.Event(), threading.Event()
    running = threading.Thread(
        target=run,
        args=(OutboxSource(outbox.path), store_dir),
        kwargs={"stop": stop, "progress": lambda _: seen.set()},
    )
    running.start()
    try:
        outbox.append(reactions(1, 0))
        wait_for(seen)
        seen.clear()
        Catalogue(store_dir).save_screening(Screening("new", "film", "cut", 1))
        outbox.append(start(B, screening="new"), reactions(1, 0, session=B))
        wait_for(seen)
    finally:
        stop.set()
        running.join(60)
    with Store(store_dir) as store:
        assert store.connection.execute("SELECT session FROM session").fetchall() == [(B,)]
        assert store.connection.execute('SELECT reason FROM reject ORDER BY "offset"').fetchall() == [
            ("unknown_screening",),
            ("unknown_session",),
        ]


def test_a_running_ingest_publishes_new_reactions_and_a_changed_scene_list(
    store_dir: Path, outbox: OutboxFile
) -> None:
    stop = threading.Event()
    running = threading.Thread(
        target=run, args=(OutboxSource(outbox.path), store_dir), kwargs={"stop": stop, "publish_every_s": 0}
    )
    running.start()
    try:
        outbox.append(start(), reactions(1, 0, 1))
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if (store_dir / "serving.duckdb").exists() and Serving(store_dir).query("seconds", screening="s"):
                break
            time.sleep(0.02)
        assert Serving(store_dir).query("screenings", film="film", cut="cut")[0]["running"] is True
        Catalogue(store_dir).save_scenes("film", "cut", [Scene("All", 0, 10_000)])
        while time.monotonic() < until and len(Serving(store_dir).query("scenes", screening="s")) != 1:
            time.sleep(0.02)
        assert [row["name"] for row in Serving(store_dir).query("scenes", screening="s")] == ["All"]
        # Nothing new, nothing published: a page that refreshes itself has nothing to fetch.
        time.sleep(1.5)
        version = Serving(store_dir).version()
        time.sleep(1.5)
        assert Serving(store_dir).version() == version
    finally:
        stop.set()
        running.join(60)


def test_a_running_ingest_settles_one_screening_after_the_other(store_dir: Path, outbox: OutboxFile) -> None:
    for screening in "tu":
        Catalogue(store_dir).save_screening(Screening(screening, "film", "cut", 1))
    for number in range(9):
        session = f"{number:032x}"
        outbox.append(
            start(session, screening="stu"[number % 3]),
            reactions(1, *range(9), session=session),
            end(1, 9, session=session),
        )
    settled = "SELECT count(*) FROM screening_summary WHERE stayed_end IS NOT NULL"
    stop = threading.Event()
    how = {"stop": stop, "publish_every_s": 0, "settled_at_once": 1}
    running = threading.Thread(target=run, args=(OutboxSource(outbox.path), store_dir), kwargs=how)
    running.start()
    try:
        seen: set[int] = set()
        until = time.monotonic() + 60
        while time.monotonic() < until and 3 not in seen:
            if (store_dir / "serving.duckdb").exists():
                seen.add(int(Serving(store_dir).run_sql(settled).rows[0][0]))
            time.sleep(0.01)
    finally:
        stop.set()
        running.join(60)
    assert 3 in seen
    assert seen & {1, 2}


def test_a_withdrawal_reaches_the_published_tables(store_dir: Path, outbox: OutboxFile) -> None:
    outbox.append(start(), reactions(1, 0, 1))
    run(OutboxSource(outbox.path), store_dir, once=True)
    assert Serving(store_dir).query("seconds", screening="s") != []
    outbox.append(Withdraw(A), reactions(2, 2))
    run(OutboxSource(outbox.path), store_dir, once=True)
    assert Serving(store_dir).query("seconds", screening="s") == []
    assert (count(store_dir, "reaction"), count(store_dir, "reject")) == (0, 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly(store_dir: Path, outbox: OutboxFile, number: signal.Signals) -> None:
    outbox.append(start(), reactions(1, 0, 1))
    program = (
        "import sys; from ingest.outbox_source import OutboxSource; from ingest.service import run\n"
        "report = run(OutboxSource(sys.argv[1]), sys.argv[2], progress=lambda _: print('seen', flush=True))\n"
        "print(report.stored)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(outbox.path), str(store_dir)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "seen\n"
    os.kill(process.pid, number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "2\n", "")
    assert Serving(store_dir).query("screenings", film="film", cut="cut")[0]["viewers"] == 1
    assert outbox.waiting() == 0


def test_a_second_ingest_is_refused_and_loses_nothing(store_dir: Path, outbox: OutboxFile) -> None:
    outbox.append(start(), reactions(1, 0))
    program = (
        "import sys; from ingest.outbox_source import OutboxSource; from ingest.service import run\n"
        "from ingest.errors import IngestError\n"
        "try: run(OutboxSource(sys.argv[1]), sys.argv[2], once=True)\n"
        "except IngestError as error: print(type(error).__name__)"
    )
    with Store(store_dir):
        second = subprocess.run(
            [sys.executable, "-c", program, str(outbox.path), str(store_dir)],
            capture_output=True,
            text=True,
            check=True,
        )
    assert (second.stdout.strip(), second.stderr) == (StoreLockedError.__name__, "")
    assert outbox.waiting() == 2


def test_a_store_is_published_by_hand(store_dir: Path, outbox: OutboxFile) -> None:
    outbox.append(start(), reactions(1, 0), end(1, 1))
    run(OutboxSource(outbox.path), store_dir, once=True)
    Catalogue(store_dir).save_scenes("film", "cut", [Scene("All", 0, 10_000)])
    report = publish_store(store_dir)
    assert (report.version, report.scenes) == (Serving(store_dir).version(), 1)


def test_what_was_stored_before_the_source_failed_is_published_by_the_next_run(
    store_dir: Path, outbox: OutboxFile
) -> None:
    with pytest.raises(SourceError, match="no outbox at"):
        run(OutboxSource(outbox.path.with_name("gone")), store_dir, once=True)
    outbox.append(start(), reactions(1, 0))
    run(OutboxSource(outbox.path), store_dir, once=True)
    assert Serving(store_dir).query("seconds", screening="s") != []
