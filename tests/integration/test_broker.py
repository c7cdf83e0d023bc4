"""The broker of the tests is a real one."""

from __future__ import annotations

import contextlib
import socket
import uuid
from pathlib import Path

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic

from tests.support import broker as broker_module
from tests.support.broker import Broker, BrokerError

LOG_APPEND_TIME = 1


def make_topic(address: str) -> str:
    topic = f"test-{uuid.uuid4().hex}"
    with contextlib.closing(KafkaAdminClient(bootstrap_servers=address)) as admin:
        admin.create_topics(
            [NewTopic(topic, 1, 1, topic_configs={"message.timestamp.type": "LogAppendTime"})]
        )
    return topic


def send(address: str, topic: str, value: bytes) -> None:
    with contextlib.closing(
        KafkaProducer(bootstrap_servers=address, acks="all", compression_type="lz4")
    ) as producer:
        producer.send(topic, value, key=b"k", timestamp_ms=0).get(30)


def read(address: str, topic: str, count: int) -> list[tuple[bytes, int]]:
    consumer = KafkaConsumer(
        bootstrap_servers=address, group_id=None, auto_offset_reset="earliest", consumer_timeout_ms=30_000
    )
    with contextlib.closing(consumer):
        consumer.assign([TopicPartition(topic, 0)])
        found = []
        for record in consumer:
            found.append((record.value, record.timestamp_type))
            if len(found) == count:
                break
    return found


def test_what_is_sent_is_read_with_the_brokers_own_stamp(kafka: str) -> None:
    topic = make_topic(kafka)
    send(kafka, topic, b"hello")
    assert read(kafka, topic, 1) == [(b"hello", LOG_APPEND_TIME)]


def test_a_private_broker_keeps_its_records_through_a_stop_and_a_kill(private_broker: Broker) -> None:
    address = private_broker.start().address
    topic = make_topic(address)
    send(address, topic, b"one")
    private_broker.stop()
    private_broker.start()
    send(address, topic, b"two")
    private_broker.kill()
    private_broker.start()
    assert private_broker.address == address
    assert [value for value, _ in read(address, topic, 2)] == [b"one", b"two"]


def test_without_java_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BrokerError, match=r"Java 17 or later and Maven.*HOUSELIGHTS_TEST_KAFKA"):
        Broker(tmp_path / "node").start()


def test_a_broker_that_cannot_start_shows_the_end_of_its_log(private_broker: Broker) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        private_broker.port = taken.getsockname()[1]
        with pytest.raises(BrokerError, match=r"(?s)did not start.*Address already in use"):
            private_broker.start()


def test_the_pom_names_one_broker_version() -> None:
    assert broker_module.POM.read_text(encoding="utf-8").count("<version>4.3.1</version>") == 1
