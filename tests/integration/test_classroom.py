"""Real faces through a real broker: what arrives is what was seen, all of it, and nothing else."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord

from contract.messages import TOPIC, End, Reactions, Start, decode
from ingest.ledger import ledgers
from ingest.outbox_source import samples_in_outbox
from ingest.store import Store
from tests.classroom import CLIP_MS, CUT, FILM, SCENES, SCREENING, Classroom, show_classroom
from tests.support.broker import Broker
from tests.support.command import done, houselights

LOG_APPEND_TIME = 1
VIEWERS, ROUNDS, SECONDS = 4, 2, -(-CLIP_MS // 1000)
CONTRACT_FIELDS = {
    "start": {
        *("type", "session", "screening", "film", "cut", "consent_version", "consent_language"),
        *("agent_version", "model", "calibration", "simulated", "join", "randomised"),
    },
    "reactions": {"type", "session", "seq", "samples"},
    "end": {"type", "session", "seq", "generated", "dropped", "left"},
}
SAMPLE_FIELDS = {"t", "d", "pass", "viewer", "n", "seen", "front", "p"}


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Classroom]:
    """The screening, on a broker of its own: what the topic holds is this run's and nobody else's."""
    folder = tmp_path_factory.mktemp("classroom")
    with Broker(folder / "broker") as broker:
        yield show_classroom(folder, shared, broker)


@pytest.fixture(scope="module")
def raw_topic(classroom: Classroom) -> list[ConsumerRecord]:
    """Every record of the topic as a second client reads it."""
    consumer = KafkaConsumer(
        bootstrap_servers=classroom.kafka,
        group_id=None,
        auto_offset_reset="earliest",
        consumer_timeout_ms=5_000,
    )
    with contextlib.closing(consumer):
        consumer.assign([TopicPartition(TOPIC, number) for number in consumer.partitions_for_topic(TOPIC)])
        return list(consumer)


def test_four_viewers_are_in_the_store_with_the_clips_own_seconds(classroom: Classroom) -> None:
    with Store(classroom.store) as store:
        rows = store.connection.execute(
            "SELECT viewer, pass, t_ms, d_ms FROM reaction ORDER BY viewer, pass, t_ms"
        ).fetchall()
    assert {viewer for viewer, *_ in rows} == set(range(VIEWERS))
    assert sorted(rows) == [
        (viewer, round_, second * 1000, 1000)
        for viewer in range(VIEWERS)
        for round_ in range(ROUNDS)
        for second in range(SECONDS)
    ]


def test_each_viewer_is_scored(classroom: Classroom) -> None:
    with Store(classroom.store) as store:
        rows = store.connection.execute(
            "SELECT viewer, sum(n), min(seen) FROM reaction GROUP BY viewer"
        ).fetchall()
    assert len(rows) == VIEWERS
    assert all(scored > 0 and seen >= 50 for _, scored, seen in rows)


def test_the_ledger_closes(classroom: Classroom) -> None:
    with Store(classroom.store) as store:
        (ledger,) = ledgers(store.connection, samples_in_outbox(classroom.outbox))
    assert ledger.closes
    assert ledger.generated == classroom.report["generated"] == VIEWERS * ROUNDS * SECONDS
    assert (ledger.stored, ledger.rejected, ledger.dropped, ledger.in_outbox) == (ledger.generated, 0, 0, 0)


def test_only_contract_fields_reach_kafka(raw_topic: list[ConsumerRecord]) -> None:
    kinds = []
    for record in raw_topic:
        message = json.loads(record.value)
        kinds.append(message["type"])
        assert set(message) == CONTRACT_FIELDS[message["type"]]
        assert record.key.decode() == message["session"]
        for sample in message.get("samples", ()):
            assert SAMPLE_FIELDS - {"p"} <= set(sample) <= SAMPLE_FIELDS
            numbers = [value for name, value in sample.items() if name != "p"] + list(sample.get("p", ()))
            assert all(isinstance(value, int) for value in numbers)
    assert kinds.count("start") == kinds.count("end") == 1
    assert kinds.count("reactions") >= ROUNDS


def test_messages_arrive_in_the_order_of_the_session(raw_topic: list[ConsumerRecord]) -> None:
    messages = [decode(record.value) for record in raw_topic]  # one session, so one partition
    assert isinstance(messages[0], Start)
    assert (messages[0].film, messages[0].cut, messages[0].screening) == (FILM, CUT, SCREENING)
    assert [message.seq for message in messages if isinstance(message, Reactions)] == list(
        range(1, len(messages) - 1)
    )
    assert isinstance(messages[-1], End)
    assert (messages[-1].generated, messages[-1].dropped) == (VIEWERS * ROUNDS * SECONDS, 0)


def test_records_carry_no_device_clock_no_headers_and_no_room_for_a_picture(
    raw_topic: list[ConsumerRecord],
) -> None:
    for record in raw_topic:
        assert record.timestamp_type == LOG_APPEND_TIME
        assert list(record.headers) == []
        message = json.loads(record.value)
        # What the fields need, spelt as JSON; a picture of even one face is kilobytes more.
        assert len(record.value) <= 400 + 160 * len(message.get("samples", ()))


def test_a_second_ingest_of_the_same_topic_changes_nothing(classroom: Classroom) -> None:
    said = done(
        houselights(
            "ingest", "--from", f"kafka:{classroom.kafka}", "--store", classroom.store, "--once", "--json"
        )
    )
    assert json.loads(said)["stored"] == 0
    with Store(classroom.store) as store:
        count = store.connection.execute("SELECT count(*) FROM reaction").fetchone()
    assert count == (VIEWERS * ROUNDS * SECONDS,)


def test_scenes_are_published_for_the_four(classroom: Classroom) -> None:
    said = done(
        houselights(
            *("query", "--store", classroom.store, "--json"),
            "SELECT name, scene_summary.viewers, simulated_viewers FROM scene_summary JOIN screening USING (screening) "
            "JOIN scene USING (film, cut, scene) ORDER BY scene",
        )
    )
    rows = [tuple(row.values()) for row in json.loads(said)]
    assert rows == [(name, VIEWERS, 0) for name, *_ in SCENES]
