"""``houselights ledger``, on a store that no ingest holds and on one that a running ingest does."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analytics.catalogue import Catalogue, Screening
from contract.messages import End, Reactions, Sample, Start
from edge_agent.outbox import Outbox
from tests.support.command import done, houselights, refused

CLOSED, RUNNING, SHORT, STRANGER = "a" * 32, "b" * 32, "c" * 32, "d" * 32


def _start(session: str, screening: str = "friday") -> Start:
    return Start(session, screening, "film", "cut", 1, "en", "0.1", "bundled", 0)


def _reactions(session: str, seq: int, *seconds: int) -> Reactions:
    samples = [Sample(second * 1000, 1000, 0, 0, 4, 100, 100, (0, 0, 0, 40, 60, 0, 0)) for second in seconds]
    return Reactions(session, seq, samples)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Four sessions: one whole, one that has not ended, one whose outbox was emptied by hand, one of no screening."""
    folder = tmp_path / "store"
    Catalogue(folder).save_screening(Screening("friday", "film", "cut", 1))
    with Outbox(tmp_path / "viewers.outbox") as outbox:
        for session in (CLOSED, RUNNING, SHORT):
            outbox.append(_start(session))
            outbox.append(_reactions(session, 1, 0, 1, 2))
        outbox.append(_start(STRANGER, "saturday"))
        outbox.append(_reactions(STRANGER, 1, 0, 1))
        outbox.append_end(CLOSED)
        outbox.append(End(SHORT, 1, 5, 0, 0))
    done(
        houselights("ingest", "--from", f"outbox:{tmp_path / 'viewers.outbox'}", "--store", folder, "--once")
    )
    return folder


def test_each_sample_has_a_place_or_its_session_is_named(store: Path) -> None:
    finished = houselights("ledger", "--store", store)
    assert finished.returncode == 1
    lines = finished.stdout.splitlines()
    assert not any(line.startswith(CLOSED) for line in lines)
    assert f"{RUNNING}: has not ended; 3 samples stored so far, what it made is not known yet" in lines
    assert f"{SHORT}: does not close: 2 of 5 samples are nowhere; is its outbox still to be sent?" in lines
    assert f"{STRANGER}: never accepted; 2 samples are in the reject table, with the reason" in lines


def test_samples_in_an_outbox_have_a_place(store: Path, tmp_path: Path) -> None:
    with Outbox(tmp_path / "late.outbox") as outbox:
        outbox.append(_reactions(SHORT, 2, 3, 4))
    finished = houselights("ledger", "--store", store, "--outbox", tmp_path / "late.outbox", "--json")
    found = json.loads(finished.stdout)
    states = {one["session"]: one["state"] for one in found["sessions"]}
    assert states == {CLOSED: "closed", RUNNING: "running", SHORT: "closed", STRANGER: "refused"}
    assert (finished.returncode, found["closes"]) == (1, False)


def test_a_ledger_that_closes_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    Catalogue(folder).save_screening(Screening("friday", "film", "cut", 1))
    with Outbox(tmp_path / "viewer.outbox") as outbox:
        outbox.append(_start(CLOSED))
        outbox.append(_reactions(CLOSED, 1, 0, 1, 2))
        outbox.append_end(CLOSED)
    done(houselights("ingest", "--from", f"outbox:{tmp_path / 'viewer.outbox'}", "--store", folder, "--once"))
    assert "every ledger closes" in done(houselights("ledger", "--store", folder, "--screening", "friday"))


def test_the_ledger_of_a_running_ingest_is_the_one_of_its_last_publish(store: Path, tmp_path: Path) -> None:
    running = subprocess.Popen(
        [
            *(sys.executable, "-m", "houselights", "ingest", "--store", str(store)),
            *("--from", f"outbox:{tmp_path / 'viewers.outbox'}"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        until = time.monotonic() + 60
        while True:
            finished = houselights("ledger", "--store", store, "--json")
            found = json.loads(finished.stdout)
            if found["as_of_last_publish"]:
                break
            assert time.monotonic() < until, "the ingest never held the store"
        assert {one["session"] for one in found["sessions"]} == {CLOSED, RUNNING, SHORT, STRANGER}
        assert (store / "ledger.json").stat().st_mode & 0o077 == 0
    finally:
        running.terminate()
        running.communicate(timeout=60)


def test_a_screening_nobody_knows_and_a_store_that_is_none(store: Path, tmp_path: Path) -> None:
    assert "no session of screening sunday" in refused(
        houselights("ledger", "--store", store, "--screening", "sunday")
    )
    assert "store.duckdb" in refused(houselights("ledger", "--store", tmp_path / "elsewhere"))


def test_a_session_without_an_end_is_settled_by_closing_the_screening_but_never_closed(
    store: Path, tmp_path: Path
) -> None:
    with Outbox(
        tmp_path / "late.outbox"
    ) as outbox:  # what the sessions that are open for other reasons still owe
        outbox.append(_reactions(SHORT, 2, 3, 4))
        outbox.append(_start("e" * 32))
    done(houselights("ingest", "--from", f"outbox:{tmp_path / 'late.outbox'}", "--store", store, "--once"))
    ask = ("ledger", "--store", store, "--screening", "friday")
    assert houselights(*ask).returncode == 1
    done(houselights("screening", "close", "friday", "--store", store))
    said = done(houselights(*ask)).splitlines()
    assert (
        f"{RUNNING}: never ended, heard up to film second 3; 3 samples stored, what it made is unknown"
        in said
    )
    assert f"{'e' * 32}: never ended, only its start came; 0 samples stored, what it made is unknown" in said
    assert "every other ledger closes; what 2 sessions that never ended made will not be known" in said
    assert not any(line.startswith("every ledger closes") for line in said)
    found = json.loads(done(houselights(*ask, "--json")))
    assert (found["closes"], found["settled"]) == (False, True)
    assert {one["session"]: one["state"] for one in found["sessions"]} == {
        CLOSED: "closed", RUNNING: "never_ended", SHORT: "closed", "e" * 32: "never_ended",
    }  # fmt: skip
    # Its end comes all the same, and says that two samples are missing: that is no longer settled.
    with Outbox(tmp_path / "later.outbox") as outbox:
        outbox.append(End(RUNNING, 1, 5, 0, 0))
    done(houselights("ingest", "--from", f"outbox:{tmp_path / 'later.outbox'}", "--store", store, "--once"))
    late = houselights(*ask)
    assert late.returncode == 1
    assert (
        f"{RUNNING}: does not close: 2 of 5 samples are nowhere; is its outbox still to be sent?"
        in late.stdout
    )
