"""Kafka as a source, and the topic, against a real broker."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition

from analytics.serving import Serving
from contract import messages
from contract.messages import Message
from ingest.brokers import TRACED, quieten
from ingest.errors import SourceError, TopicError
from ingest.kafka_source import KafkaSource
from ingest.ledger import ledgers
from ingest.operations import Operations
from ingest.service import run
from ingest.store import Store
from ingest.topics import STAMP, STAMPED_BY_BROKER, create_topic
from tests.ingest.conftest import A, B, end, reactions, start
from tests.support.broker import Broker


@pytest.fixture
def topic(kafka: str) -> str:
    name = f"test-ingest-{uuid.uuid4().hex}"
    create_topic(kafka, name, partitions=2)
    return name


@pytest.fixture
def free_address() -> Iterator[str]:
    """An address that nobody listens on, and nobody else gets meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


def send(address: str, topic: str, *found: Message | bytes, key: str = A) -> None:
    with contextlib.closing(KafkaProducer(bootstrap_servers=address, acks="all")) as producer:
        for message in found:
            body = message if isinstance(message, bytes) else messages.encode(message)
            session = key if isinstance(message, bytes) else message.session
            producer.send(topic, body, key=session.encode(), timestamp_ms=0).get(30)


def rows(store_dir: Path, text: str) -> list[tuple[Any, ...]]:
    with Store(store_dir) as store:
        return store.connection.execute(text).fetchall()


def test_a_topic_ends_in_published_scenes_and_is_read_once(kafka: str, topic: str, store_dir: Path) -> None:
    send(kafka, topic, start(), reactions(1, 0, 1), b"junk", start(B), reactions(1, 0, session=B), end(1, 2))
    report = run(KafkaSource(kafka, topic), store_dir, once=True)
    assert report.as_dict() == {
        "records": 6,
        "stored": 3,
        "rejected": 1,
        "resent": 0,
        "published": 1,
        "forwarded": 0,
    }
    assert Serving(store_dir).query("screenings", film="film", cut="cut")[0]["viewers"] == 2
    assert rows(store_dir, "SELECT source, reason, body FROM reject") == [
        (f"kafka:{topic}", "not_json", b"junk")
    ]
    send(kafka, topic, reactions(2, 5), reactions(2, 5))
    again = run(KafkaSource(kafka, topic), store_dir, once=True)
    assert (again.records, again.stored, again.resent) == (2, 1, 1)
    assert (
        sum(next_offset for (next_offset,) in rows(store_dir, "SELECT next_offset FROM source_offset")) == 8
    )
    with Store(store_dir) as store:
        assert {ledger.session: ledger.missing for ledger in ledgers(store.connection)} == {A: -1, B: None}


def test_the_age_of_what_waits_is_by_the_brokers_stamp(kafka: str, topic: str) -> None:
    sent_s = time.time()
    send(kafka, topic, start())
    time.sleep(0.5)
    send(kafka, topic, start(B))
    source = KafkaSource(kafka, topic)
    assert source.waited_s() is None
    source.open(patient=False)
    try:
        source.start({})
        assert source.waited_s() == 0
        ages: list[float | None] = []
        while not source.at_end():
            source.poll(0.5)
            ages.append(source.waited_s())
        oldest_s = max(age for age in ages if age is not None)
        assert 0.5 <= oldest_s <= time.time() - sent_s + 0.001  # a stamp is in whole milliseconds
        assert not source.poll(0.1).records
        assert (source.lag(), source.waited_s()) == (0, 0)
    finally:
        source.close()


def test_a_clock_that_is_not_the_brokers_tells_no_age(kafka: str) -> None:
    name = f"test-ingest-{uuid.uuid4().hex}"
    with contextlib.closing(KafkaAdminClient(bootstrap_servers=kafka)) as admin:
        admin.create_topics({name: {"num_partitions": 1, "replication_factor": 1}}, wait_for_metadata=True)
    send(kafka, name, start())  # stamped with 0, as devices do: 1970
    source = KafkaSource(kafka, name)
    source.open(patient=False)
    try:
        source.start({})
        while not source.at_end():
            source.poll(0.5)
        assert source.waited_s() == 0
    finally:
        source.close()


def test_an_empty_topic_ends_at_once_and_publishes_the_catalogue(
    kafka: str, topic: str, store_dir: Path
) -> None:
    assert run(KafkaSource(kafka, topic), store_dir, once=True).records == 0
    assert [one["film"] for one in Serving(store_dir).query("choices")] == ["film"]


def test_a_running_ingest_takes_what_comes(kafka: str, topic: str, store_dir: Path) -> None:
    stop, seen = threading.Event(), threading.Event()
    running = threading.Thread(
        target=run,
        args=(KafkaSource(kafka, topic), store_dir),
        kwargs={"stop": stop, "progress": lambda report: seen.set() if report.records >= 2 else None},
    )
    running.start()
    try:
        send(kafka, topic, start(), reactions(1, 0))
        assert seen.wait(60)
    finally:
        stop.set()
        running.join(60)
    assert rows(store_dir, "SELECT count(*) FROM reaction") == [(1,)]


def test_a_running_ingest_tells_how_far_behind_it_is(kafka: str, topic: str, store_dir: Path) -> None:
    send(kafka, topic, start(), reactions(1, 0))
    operations = Operations()
    run(KafkaSource(kafka, topic), store_dir, once=True, operations=operations)
    lag_s = operations.registry.get_sample_value("houselights_ingest_lag_seconds")
    assert lag_s is not None
    assert 0 < lag_s < 3600


def test_records_deleted_by_retention_are_told_and_the_rest_is_read(
    kafka: str, topic: str, store_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    send(kafka, topic, start())
    run(KafkaSource(kafka, topic), store_dir, once=True)
    send(kafka, topic, *(reactions(seq, seq) for seq in range(1, 5)))
    ((partition,),) = rows(store_dir, "SELECT partition FROM source_offset WHERE next_offset = 1")
    with contextlib.closing(KafkaAdminClient(bootstrap_servers=kafka)) as admin:
        admin.delete_records({TopicPartition(topic, partition): 3})
    assert run(KafkaSource(kafka, topic), store_dir, once=True).stored == 2
    assert "begins at offset 3, the store wanted 1: 2 records were deleted" in caplog.text


def test_a_topic_made_anew_is_told(kafka: str, topic: str, store_dir: Path) -> None:
    with Store(store_dir) as store:
        store.connection.execute("INSERT INTO source_offset VALUES (?, 0, 100)", [f"kafka:{topic}"])
    with pytest.raises(
        SourceError, match="ends at offset 0, the store wants 100: the topic was made anew"
    ) as caught:
        run(KafkaSource(kafka, topic), store_dir, once=True)
    assert "delete the rows of" in str(caught.value)


def test_a_missing_topic_names_the_command(kafka: str, store_dir: Path) -> None:
    with pytest.raises(
        SourceError, match=rf"there is no topic nosuch at {kafka}: run houselights topics create --kafka"
    ):
        run(KafkaSource(kafka, "nosuch"), store_dir, once=True)


def test_a_broker_that_is_down_is_one_line(free_address: str, store_dir: Path) -> None:
    source = KafkaSource(free_address, bootstrap_s=1)
    with pytest.raises(
        SourceError, match=rf"no broker answers at {free_address} .*: check the address"
    ) as caught:
        run(source, store_dir, once=True)
    assert "\n" not in str(caught.value)
    Store(store_dir).close()  # and the store is free again


def test_a_patient_ingest_waits_for_the_broker(private_broker: Broker, store_dir: Path) -> None:
    private_broker.start()
    create_topic(private_broker.address)
    send(private_broker.address, messages.TOPIC, start(), reactions(1, 0))
    private_broker.stop()
    stop, seen = threading.Event(), threading.Event()
    source = KafkaSource(private_broker.address, bootstrap_s=1, retry_s=0.2)
    running = threading.Thread(
        target=run, args=(source, store_dir), kwargs={"stop": stop, "progress": lambda _: seen.set()}
    )
    running.start()
    try:
        assert not seen.wait(2)
        private_broker.start()
        assert seen.wait(60)
    finally:
        stop.set()
        running.join(60)
    assert rows(store_dir, "SELECT count(*) FROM reaction") == [(1,)]


def test_a_patient_ingest_can_be_stopped_while_it_waits(free_address: str, store_dir: Path) -> None:
    stop = threading.Event()
    threading.Timer(1.5, stop.set).start()
    report = run(KafkaSource(free_address, bootstrap_s=1, retry_s=60), store_dir, stop=stop)
    assert report.records == 0


def test_a_topic_is_made_once_and_stamped_by_the_broker(kafka: str) -> None:
    name = f"test-topic-{uuid.uuid4().hex}"
    assert create_topic(kafka, name, partitions=2).startswith(
        f"topic {name} created at {kafka}: 2 partitions, 1 cop"
    )
    assert create_topic(kafka, name, partitions=2).endswith("with 2 partitions; it fits")
    assert create_topic(kafka, name, partitions=5).endswith("with 2 partitions, not the 5 asked for; it fits")


def test_a_topic_that_keeps_what_ingest_cannot_unpack_is_told(kafka: str) -> None:
    name = f"test-topic-{uuid.uuid4().hex}"
    with contextlib.closing(KafkaAdminClient(bootstrap_servers=kafka)) as admin:
        stamped = {"num_partitions": 1, "replication_factor": 1, "configs": {STAMP: STAMPED_BY_BROKER}}
        admin.create_topics({name: stamped}, wait_for_metadata=True)
    with pytest.raises(TopicError, match=r"compression\.type=producer, expected lz4: set it with"):
        create_topic(kafka, name)


def test_a_reset_connection_is_told_without_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    quieten()
    quieten()
    for name in TRACED:
        caplog.set_level(logging.WARNING, logger=name)  # the device, in this process, silences all of kafka's
        try:
            raise ConnectionResetError(104, "reset")
        except ConnectionResetError:
            logging.getLogger(name).warning("lost", exc_info=True)
    assert [record.message for record in caplog.records] == ["lost"] * len(TRACED)
    assert "Traceback" not in caplog.text


def test_a_topic_with_the_devices_clock_is_told(kafka: str) -> None:
    name = f"test-topic-{uuid.uuid4().hex}"
    with contextlib.closing(KafkaAdminClient(bootstrap_servers=kafka)) as admin:
        admin.create_topics({name: {"num_partitions": 1, "replication_factor": 1}}, wait_for_metadata=True)
    with pytest.raises(
        TopicError, match=r"message\.timestamp\.type=CreateTime, expected LogAppendTime: set it with"
    ):
        create_topic(kafka, name)


def test_more_copies_than_brokers_is_told(kafka: str) -> None:
    with pytest.raises(TopicError, match=r"cannot keep 3 copies .*: lower --replication"):
        create_topic(kafka, f"test-topic-{uuid.uuid4().hex}", replication=3)


def test_a_topic_without_a_broker_is_one_line(free_address: str) -> None:
    with pytest.raises(TopicError, match=rf"no broker answers at {free_address}") as caught:
        create_topic(free_address, bootstrap_s=1)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("address", ["127.0.0.1:kafka", "127.0.0.1:99999999", "nosuch.invalid:9092", ""])
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(SourceError, match=r"no broker answers at .*: check the address"):
        KafkaSource(address, bootstrap_s=5).open(patient=False)


def test_one_broker_of_several_is_enough(kafka: str, topic: str, free_address: str) -> None:
    source = KafkaSource(f"{free_address},{kafka}", topic)
    source.open(patient=False)
    try:
        source.start({})
        assert source.at_end()
    finally:
        source.close()


def test_somebody_else_at_the_address_is_one_line(store_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(SourceError, match="no broker answers at") as caught:
            run(KafkaSource(address, bootstrap_s=1), store_dir, once=True)
    assert "\n" not in str(caught.value)
