"""How long the oldest unsent message has waited: for the person at the device, and nobody else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_agent.agent import Progress
from edge_agent.outbox import Outbox
from tests.edge_agent.test_agent import DeafPublisher, ScriptedSource, run
from tests.edge_agent.test_outbox import reactions, start


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "o.outbox") as outbox:
        yield outbox


def test_nothing_waits_in_an_empty_outbox(outbox: Outbox) -> None:
    assert outbox.waits_s() == 0


def test_the_oldest_message_counts_until_it_is_taken(outbox: Outbox) -> None:
    first_s = time.monotonic()
    outbox.append(start())
    outbox.waits_s()
    time.sleep(0.2)
    second_s = time.monotonic()
    outbox.append(reactions(1))
    assert 0.2 <= outbox.waits_s() <= time.monotonic() - first_s
    outbox.ack([message.id for message in outbox.pending(1)])
    time.sleep(0.1)
    assert 0.1 <= outbox.waits_s() <= time.monotonic() - second_s
    outbox.ack([message.id for message in outbox.pending()])
    assert outbox.waits_s() == 0


def test_what_an_earlier_run_left_counts_from_the_first_time_of_asking(tmp_path: Path) -> None:
    with Outbox(tmp_path / "o") as outbox:
        outbox.append(start())
    opened_s = time.monotonic()
    with Outbox(tmp_path / "o") as outbox:
        outbox.waits_s()
        time.sleep(0.1)
        assert 0.1 <= outbox.waits_s() <= time.monotonic() - opened_s


def test_the_run_tells_it_where_there_is_a_broker_to_wait_for(outbox: Outbox) -> None:
    told: list[Progress] = []
    run(outbox, ScriptedSource([1] * 20 * 2), publisher=DeafPublisher(), progress=told.append)
    assert 0 <= told[0].waits_s < told[-1].waits_s


def test_without_a_broker_nothing_waits(outbox: Outbox) -> None:
    told: list[Progress] = []
    run(outbox, ScriptedSource([1] * 20 * 2), progress=told.append)
    assert {one.waits_s for one in told} == {0.0}
