"""Metrics and health over real HTTP, from the run they are of."""

from __future__ import annotations

import json
import math
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import OperationsError
from ingest.operations import AWAY_S, STALE_S, Operations, OperationsServer
from ingest.outbox_source import OutboxSource
from ingest.service import run
from tests.ingest.conftest import A, OutboxFile, end, reactions, start


class Clock:
    """Seconds that pass when told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def operations() -> Operations:
    return Operations()


@pytest.fixture
def address(operations: Operations) -> Iterator[str]:
    server = OperationsServer(operations, "127.0.0.1", 0)
    yield server.address
    server.close()


def get(address: str, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{address}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def metrics(address: str) -> dict[str, float]:
    lines = [line for line in get(address, "/metrics")[1].splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_a_run_is_counted_and_names_no_session(
    operations: Operations, address: str, store_dir: Path, outbox: OutboxFile
) -> None:
    outbox.append(start(), reactions(1, 0, 1), reactions(1, 0, 1), b"junk", end(1, 2))
    run(OutboxSource(outbox.path), store_dir, once=True, operations=operations)
    found = metrics(address)
    assert found["houselights_ingest_records_total"] == 5
    assert found["houselights_ingest_samples_stored_total"] == 2
    assert found['houselights_ingest_rejected_total{reason="not_json"}'] == 1
    assert found["houselights_ingest_resent_total"] == 1
    assert found["houselights_ingest_commit_seconds_count"] == 1
    assert found["houselights_ingest_publish_seconds_count"] == 1
    assert found["houselights_ingest_lag_records"] == 0
    assert A not in get(address, "/metrics")[1]


def test_health_is_asked_while_it_runs_and_it_stops_when_told(
    operations: Operations, address: str, store_dir: Path, outbox: OutboxFile
) -> None:
    assert get(address, "/healthz") == (
        503,
        json.dumps({"status": "waiting", "why": "the source has not answered yet"}),
    )
    stop = threading.Event()
    running = threading.Thread(
        target=run,
        args=(OutboxSource(outbox.path), store_dir),
        kwargs={"operations": operations, "stop": stop},
    )
    running.start()
    try:
        until = time.monotonic() + 60
        while get(address, "/healthz")[0] != 200:
            assert time.monotonic() < until
            time.sleep(0.05)
    finally:
        stop.set()
        running.join(60)
    assert not running.is_alive()


def test_an_ingest_that_hangs_is_unwell() -> None:
    clock = Clock()
    operations = Operations(clock)
    operations.looked(3)
    assert operations.health() == (True, {"status": "ok"})
    clock.now = STALE_S + 1
    well, said = operations.health()
    assert (well, said["status"]) == (False, "stuck")
    operations.looked(None)
    assert operations.health()[0]


def test_a_broker_that_does_not_answer_for_long_makes_it_unwell() -> None:
    clock = Clock()
    operations = Operations(clock)
    operations.looked(0, 0.0, AWAY_S - 1)
    assert operations.health()[0]
    clock.now = 2.0
    well, said = operations.health()
    assert (well, said["status"]) == (False, "away")
    assert said["why"].startswith(f"the broker has not answered for {AWAY_S + 1:.0f} s")
    operations.looked(0, 0.0, 0.1)
    assert operations.health()[0]


def test_how_long_something_waits_is_not_known_before_the_source_says_so(
    operations: Operations, address: str
) -> None:
    assert math.isnan(metrics(address)["houselights_ingest_lag_seconds"])
    operations.looked(3, 12.5)
    assert metrics(address)["houselights_ingest_lag_seconds"] == 12.5
    operations.looked(0, 0.0)
    assert metrics(address)["houselights_ingest_lag_seconds"] == 0


def test_another_path_says_what_there_is(address: str) -> None:
    assert get(address, "/")[0] == 404


def test_an_address_that_is_taken_is_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OperationsError, match=r"cannot listen on 127\.0\.0\.1:\d+ .*--listen"):
            OperationsServer(Operations(), "127.0.0.1", taken.getsockname()[1])
