"""What a supervisor reads at /healthz while the broker goes and comes back; ingest is a process of its own."""

from __future__ import annotations

import json
import time
from pathlib import Path

from ingest.operations import AWAY_S
from tests.chaos.running import RunningIngest, until
from tests.chaos.world import compare, screening, send, sessions, topics, whole_session
from tests.support.broker import Broker


def test_a_broker_that_is_away_is_told_and_so_is_its_return(private_broker: Broker, tmp_path: Path) -> None:
    store, (session,) = tmp_path / "store", sessions(1)
    screening(store)
    private_broker.start()
    topics(private_broker.address)
    with RunningIngest(f"kafka:{private_broker.address}", store, tmp_path / "ingest.log") as ingest:
        assert until(ingest.healthy)
        # Idle, when an empty poll says nothing of the broker: it answers when it is asked.
        time.sleep(AWAY_S + 5)
        assert ingest.health() == (200, {"status": "ok"})
        private_broker.stop()
        assert until(lambda: not ingest.healthy())
        status, said = ingest.health()
        assert (status, said["status"]) == (503, "away")
        assert said["why"].startswith("the broker has not answered for ")
        assert "\n" not in json.dumps(said)
        assert ingest.metrics()["source_silent_seconds"] > AWAY_S
        private_broker.start()
        assert until(ingest.healthy)
        send(private_broker.address, whole_session(session, 3))
        assert ingest.reaches("samples_stored_total", 15)
        assert ingest.health() == (200, {"status": "ok"})
        ingest.stop()
        assert ingest.exit_code == 0
        assert ingest.said().count("no broker answers at") == 1
        assert ingest.said().count("answers again") == 1
    assert compare(store, {session: 15}).whole
