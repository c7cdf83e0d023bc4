"""Dead letters: kept with the offsets, sent on to their topic, taken in once what was wrong is mended."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path

import pytest
from kafka import KafkaConsumer, TopicPartition

from analytics.catalogue import Catalogue, Screening
from analytics.serving import Serving
from contract.messages import Message, Reactions
from ingest.batch import plan
from ingest.dead_letters import MOST_BYTES, DeadLetter, find, forward, replay
from ingest.errors import TopicError
from ingest.kafka_dead_letters import KafkaDeadLetters
from ingest.kafka_source import KafkaSource
from ingest.ledger import ledgers
from ingest.rejects import LONGEST_BODY
from ingest.service import run
from ingest.store import Store
from ingest.topics import create_topic
from ingest.validate import Admission
from tests.ingest.conftest import A, B, end, reactions, record, start
from tests.ingest.test_kafka import send

LATE = {"late": Admission("film", "cut")}


class ListTopic:
    """A dead letter topic in memory, whose broker can be away."""

    def __init__(self) -> None:
        self.letters: list[DeadLetter] = []
        self.away = False

    def send(self, letters: Sequence[DeadLetter]) -> None:
        if self.away:
            raise TopicError("no broker")
        self.letters += letters

    def close(self) -> None:
        """Nothing to let go of."""


@pytest.fixture
def refused(tmp_path: Path) -> Path:
    """A store that refused a whole session, for its screening was missing, and one record that is none."""
    found: list[Message | bytes] = [
        start(screening="late"),
        reactions(1, 0, 1),
        b"junk",
        reactions(2, 2),
        end(2, 3),
    ]
    with Store(tmp_path) as store:
        batch = plan([record(message, offset) for offset, message in enumerate(found)], {}, {}, set())
        store.write(batch, "test", {}, {0: 5})
    return tmp_path


def test_a_session_whose_screening_was_missing_is_taken_in_whole(refused: Path) -> None:
    with Store(refused) as store:
        report = replay(store, LATE)
        assert (report.looked_at, report.taken, report.left, report.samples) == (5, 4, 1, 3)
        assert [letter.body for letter in find(store.connection)] == [b"junk"]
        assert [ledger.state for ledger in ledgers(store.connection)] == ["closed"]
        assert store.last_seqs([A]) == {A: 2}
        again = replay(store, LATE)
        assert (again.taken, again.left) == (0, 1)


def test_what_is_still_wrong_stays_a_dead_letter(refused: Path) -> None:
    with Store(refused) as store:
        assert replay(store, {}).taken == 0
        assert len(find(store.connection)) == 5
        assert [letter.reason for letter in find(store.connection, reason="not_json")] == ["not_json"]
        assert len(find(store.connection, session=A)) == 4


def test_a_letter_that_could_be_a_repeat_is_not_taken_in(tmp_path: Path) -> None:
    overtaken: Reactions = reactions(1, 0)
    with Store(tmp_path) as store:
        first = plan([record(overtaken)], {}, {}, set())  # refused: its start is not there yet
        store.write(first, "test", {}, {0: 1})
        screenings = {"s": Admission("film", "cut")}
        later = plan([record(start(), 1), record(reactions(2, 1), 2)], screenings, {}, set())
        store.write(later, "test", {0: 1}, {0: 3})
        assert replay(store, screenings).taken == 0
        assert [(one.stored, one.rejected) for one in ledgers(store.connection)] == [(1, 1)]


def test_letters_of_who_withdrew_are_neither_sent_nor_replayed(refused: Path) -> None:
    topic = ListTopic()
    with Store(refused) as store:
        store.write(plan([record(b'{"type":"withdraw","session":"%s"}' % A.encode(), 5)], {}, {}, set()),
                    "test", {0: 5}, {0: 6})  # fmt: skip
        assert forward(store, topic) == 1
        assert [letter.body for letter in topic.letters] == [b"junk"]
        assert replay(store, LATE).taken == 0


def test_each_letter_is_sent_once_and_waits_while_the_broker_is_away(refused: Path) -> None:
    topic = ListTopic()
    topic.away = True
    with Store(refused) as store, pytest.raises(TopicError):
        forward(store, topic)
    topic.away = False
    with Store(refused) as store:
        assert forward(store, topic) == 5
        assert forward(store, topic) == 0
    assert [letter.offset for letter in topic.letters] == [0, 1, 2, 3, 4]


def test_a_letter_longer_than_any_message_is_kept_in_part(tmp_path: Path, kafka: str) -> None:
    name = f"test-dlq-{uuid.uuid4().hex}"
    create_topic(kafka, name, partitions=1)
    topic = KafkaDeadLetters(kafka, name)
    body = b"\x00" * 2_000_000  # packed, a few kilobytes, and so in the topic
    try:
        with Store(tmp_path) as store:
            store.write(plan([record(body), record(b"junk", 1)], {}, {}, set()), "test", {}, {0: 2})
            assert [letter.body for letter in find(store.connection)] == [body[:LONGEST_BODY], b"junk"]
            assert forward(store, topic) == 2
    finally:
        topic.close()


def test_many_long_letters_are_sent_in_portions(tmp_path: Path) -> None:
    topic = ListTopic()
    portion = MOST_BYTES // LONGEST_BODY
    with Store(tmp_path) as store:
        long = [record(b"\x00" * LONGEST_BODY, offset) for offset in range(portion + 5)]
        store.write(plan(long, {}, {}, set()), "test", {}, {0: portion + 5})
        assert [forward(store, topic) for _ in range(3)] == [portion, 5, 0]
    assert [letter.offset for letter in topic.letters] == list(range(portion + 5))


def test_the_dead_letter_topic_says_where_a_record_lay_and_why_it_is_there(
    kafka: str, store_dir: Path
) -> None:
    topic = f"test-dead-{uuid.uuid4().hex}"
    create_topic(kafka, topic, partitions=1)
    create_topic(kafka, f"{topic}.dlq", partitions=1)
    send(kafka, topic, start(), reactions(1, 0), b"junk", start(B, screening="nowhere"))
    report = run(
        KafkaSource(kafka, topic), store_dir, once=True, dead_letters=KafkaDeadLetters(kafka, f"{topic}.dlq")
    )
    assert (report.rejected, report.forwarded) == (2, 2)
    consumer = KafkaConsumer(bootstrap_servers=kafka, group_id=None, auto_offset_reset="earliest")
    try:
        consumer.assign([TopicPartition(f"{topic}.dlq", 0)])
        found = [one for batch in consumer.poll(10_000, max_records=10).values() for one in batch]
    finally:
        consumer.close()
    headers = [{name: value.decode() for name, value in one.headers} for one in found]
    assert [(one["original-topic"], one["original-offset"], one["reason"]) for one in headers] == [
        (topic, "2", "not_json"),
        (topic, "3", "unknown_screening"),
    ]
    assert found[0].value == b"junk"
    assert [one.key for one in found] == [None, B.encode()]
    assert {one.timestamp_type for one in found} == {1}  # stamped by the broker


def test_a_missing_dead_letter_topic_keeps_nothing_back(
    kafka: str, store_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    topic = f"test-dead-{uuid.uuid4().hex}"
    create_topic(kafka, topic, partitions=1)
    send(kafka, topic, start(), b"junk", reactions(1, 0))
    report = run(
        KafkaSource(kafka, topic), store_dir, once=True, dead_letters=KafkaDeadLetters(kafka, "no-such-topic")
    )
    assert (report.stored, report.rejected, report.forwarded) == (1, 1, 0)
    assert "the dead letters are kept in the store, and not sent to no-such-topic" in caplog.text
    assert "houselights topics create" in caplog.text
    with Store(store_dir) as store:
        assert len(store.letters_due(10)) == 1


def test_a_replay_after_the_screening_was_made_reaches_the_published_tables(store_dir: Path) -> None:
    with Store(store_dir) as store:
        found: list[Message] = [start(screening="late"), reactions(1, *range(5)), end(1, 5)]
        store.write(
            plan([record(one, at) for at, one in enumerate(found)], {}, {}, set()), "test", {}, {0: 3}
        )
    Catalogue(store_dir).save_screening(Screening("late", "film", "cut", 1))
    with Store(store_dir) as store:
        assert replay(store, LATE).samples == 5
        store.publish()
    counted = Serving(store_dir).run_sql("SELECT count(*) FROM second_summary WHERE screening = 'late'")
    assert counted.rows == [(5,)]
