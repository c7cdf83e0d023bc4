from __future__ import annotations

import gc
import re
import socket
import sqlite3
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaConsumer
from kafka.admin import KafkaAdminClient, NewTopic
from kafka.consumer.fetcher import ConsumerRecord
from kafka.structs import TopicPartition

from contract.messages import Message, Reactions, Start, decode
from edge_agent.outbox import Outbox, Outgoing
from edge_agent.publisher import KafkaPublisher
from tests.edge_agent.test_outbox import ONE, OTHER, reactions, start
from tests.support.broker import Broker


def make_topic(kafka: str, partitions: int = 3) -> str:
    topic = f"reactions-{uuid.uuid4().hex}"
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.create_topics(
        [NewTopic(topic, partitions, 1, topic_configs={"message.timestamp.type": "LogAppendTime"})]
    )
    admin.close()
    return topic


def everything(kafka: str, topic: str) -> list[ConsumerRecord]:
    """All records, each partition in its order."""
    consumer = KafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False, auto_offset_reset="earliest")
    partitions = [
        TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())
    ]
    consumer.assign(partitions)
    ends = consumer.end_offsets(partitions)
    records: list[ConsumerRecord] = []
    deadline = time.monotonic() + 30
    while any(consumer.position(one) < ends[one] for one in partitions):
        assert time.monotonic() < deadline
        for batch in consumer.poll(timeout_ms=500).values():
            records += batch
    consumer.close()
    return records


def of_session(records: list[ConsumerRecord], session: str) -> list[Message]:
    return [decode(record.value) for record in records if record.key == session.encode()]


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "o.outbox") as outbox:
        yield outbox


def test_everything_arrives_in_order_and_leaves_the_outbox(outbox: Outbox, kafka: str) -> None:
    topic = make_topic(kafka)
    sent: dict[str, list[Message]] = {ONE: [start()], OTHER: [start(OTHER)]}
    outbox.append(sent[ONE][0])
    outbox.append(sent[OTHER][0])
    taken: list[Outgoing] = []
    publisher = KafkaPublisher(outbox, kafka, topic=topic, taken=taken.append)
    publisher.start()
    for seq in range(1, 31):  # while it publishes
        for session in (ONE, OTHER):
            message = reactions(seq, session=session)
            sent[session].append(message)
            outbox.append(message)
            publisher.wake()
    for session in (ONE, OTHER):
        sent[session].append(outbox.append_end(session))
    assert publisher.finish() is None
    assert outbox.waiting() == 0
    assert outbox.ledger(ONE).published == 60
    assert [decode(one.body) for one in taken if one.session == ONE] == sent[ONE]
    records = everything(kafka, topic)
    assert of_session(records, ONE)[:-1] == sent[ONE][:-1]
    assert of_session(records, OTHER)[:-1] == sent[OTHER][:-1]
    assert len(records) == 64


def test_an_outbox_that_cannot_be_written_for_a_while_is_delivered_afterwards(
    outbox: Outbox, kafka: str
) -> None:
    topic = make_topic(kafka, partitions=1)
    outbox.append(start())
    other = sqlite3.connect(outbox.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")  # as another program that holds the file: nothing can be acknowledged
    publisher = KafkaPublisher(outbox, kafka, topic=topic)
    publisher.start()
    deadline = time.monotonic() + 120
    while publisher.trouble is None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert "another program has held it" in str(publisher.trouble)
    other.execute("ROLLBACK")
    other.close()
    assert publisher.finish() is None
    assert outbox.waiting() == 0
    assert {type(message) for message in of_session(everything(kafka, topic), ONE)} == {Start}


def test_a_record_is_the_message_and_nothing_else(outbox: Outbox, kafka: str) -> None:
    topic = make_topic(kafka, partitions=1)
    outbox.append(start())
    outbox.append(reactions(1))
    bodies = [message.body for message in outbox.pending()]
    before_ms = time.time() * 1000
    publisher = KafkaPublisher(outbox, kafka, topic=topic)
    publisher.start()
    assert publisher.finish() is None
    records = everything(kafka, topic)
    assert [record.value for record in records] == bodies
    for record in records:
        assert record.key == ONE.encode()
        assert record.headers == []
        assert record.timestamp_type == 1  # the broker's log-append time, not the device's clock
        assert record.timestamp >= before_ms - 60_000


def nobody_listens() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def test_a_broker_that_is_away_keeps_everything_in_the_outbox(
    outbox: Outbox, capfd: pytest.CaptureFixture[str]
) -> None:
    outbox.append(start())
    outbox.append(reactions(1))
    address = nobody_listens()
    publisher = KafkaPublisher(outbox, address, flush_s=4)
    publisher.start()
    begun = time.monotonic()
    trouble = publisher.finish()
    assert time.monotonic() - begun < 60  # bounded: it would otherwise wait for ever
    assert trouble is not None
    assert re.fullmatch(f"no broker answers at {address} .*: check the address and .*", str(trouble))
    assert outbox.waiting() == 2
    assert outbox.left(ONE) == 2
    assert capfd.readouterr() == ("", "")


def test_a_topic_that_is_not_there_says_how_to_make_it(outbox: Outbox, kafka: str) -> None:
    outbox.append(start())
    publisher = KafkaPublisher(outbox, kafka, topic="no-such-topic", flush_s=6)
    publisher.start()
    trouble = publisher.finish()
    assert trouble is not None
    assert "no topic no-such-topic" in str(trouble)
    assert f"houselights topics create --kafka {kafka}" in str(trouble)
    assert outbox.waiting() == 1


def test_something_else_that_listens_there_is_no_broker(outbox: Outbox) -> None:
    outbox.append(start())
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        publisher = KafkaPublisher(outbox, address, flush_s=6)
        publisher.start()
        trouble = publisher.finish()
    assert re.match(f"no broker answers at {address}", str(trouble))
    assert outbox.waiting() == 1


def test_a_broker_that_dies_and_comes_back_gets_each_message_once_or_again_with_its_seq(
    outbox: Outbox, private_broker: Broker
) -> None:
    private_broker.start()
    topic = make_topic(private_broker.address)
    publisher = KafkaPublisher(outbox, private_broker.address, topic=topic, flush_s=90)
    publisher.start()
    outbox.append(start())
    for seq in range(1, 21):
        outbox.append(reactions(seq))
        publisher.wake()
    private_broker.kill()
    for seq in range(21, 41):
        outbox.append(reactions(seq))
        publisher.wake()
    private_broker.start()
    assert publisher.finish() is None
    assert outbox.waiting() == 0
    messages = of_session(everything(private_broker.address, topic), ONE)
    assert isinstance(messages[0], Start)
    seqs = [message.seq for message in messages if isinstance(message, Reactions)]
    # What ingest keeps: the first of each seq, in order, none missing.
    kept = [seq for index, seq in enumerate(seqs) if seq > max(seqs[:index], default=0)]
    assert kept == list(range(1, 41))
    gc.collect()


def test_the_next_run_sends_what_an_earlier_one_left(tmp_path: Path, kafka: str) -> None:
    topic = make_topic(kafka)
    with Outbox(tmp_path / "o") as outbox:
        outbox.append(start())
        outbox.append(reactions(1))
    with Outbox(tmp_path / "o") as outbox:
        outbox.append(start(OTHER))
        publisher = KafkaPublisher(outbox, kafka, topic=topic)
        publisher.start()
        assert publisher.finish() is None
        assert outbox.left() == 0
    assert len(everything(kafka, topic)) == 3
