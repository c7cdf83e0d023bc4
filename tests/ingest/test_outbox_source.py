from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from ingest.errors import SourceError
from ingest.outbox_source import MOST_MESSAGES, OutboxSource, samples_in_outbox
from tests.ingest.conftest import A, B, OutboxFile, reactions, start


@pytest.fixture
def source(outbox: OutboxFile) -> OutboxSource:
    found = OutboxSource(outbox.path)
    found.open(patient=False)
    return found


def test_messages_come_in_order_and_stay_until_acknowledged(source: OutboxSource, outbox: OutboxFile) -> None:
    outbox.append(start(), reactions(1, 0))
    source.start({})
    assert not source.at_end()
    delivery = source.poll(0)
    assert source.name == f"outbox:{outbox.id}"
    assert [(found.source, found.partition, found.offset, found.key) for found in delivery.records] == [
        (source.name, 0, 1, A.encode()),
        (source.name, 0, 2, A.encode()),
    ]
    assert delivery.next_offsets == {0: 3}
    assert source.at_end()
    assert outbox.waiting() == 2
    source.acknowledge(delivery.next_offsets)
    assert outbox.waiting() == 0
    assert source.poll(0).records == []


def test_what_is_stored_already_is_deleted_unread(source: OutboxSource, outbox: OutboxFile) -> None:
    outbox.append(start(), reactions(1, 0), reactions(2, 1))
    source.start({0: 3})
    assert outbox.waiting() == 1
    assert [found.offset for found in source.poll(0).records] == [3]


def test_a_full_outbox_comes_in_slices(source: OutboxSource, outbox: OutboxFile) -> None:
    outbox.connection.execute("BEGIN")
    outbox.append(*(reactions(seq, 0) for seq in range(1, MOST_MESSAGES + 2)))
    outbox.connection.execute("COMMIT")
    source.start({})
    assert len(source.poll(0).records) == MOST_MESSAGES
    assert not source.at_end()
    assert len(source.poll(0).records) == 1
    assert source.at_end()


def test_messages_that_the_device_drops_meanwhile_are_not_waited_for(
    source: OutboxSource, outbox: OutboxFile
) -> None:
    outbox.append(start(), reactions(1, 0))
    source.start({})
    outbox.connection.execute("DELETE FROM message")
    assert source.poll(0).records == []
    assert source.at_end()


def test_the_device_goes_on_writing(source: OutboxSource, outbox: OutboxFile) -> None:
    outbox.append(start())
    source.start({})
    source.poll(0)
    outbox.append(reactions(1, 0))
    source.acknowledge({0: 2})
    assert [found.offset for found in source.poll(0).records] == [2]


def test_samples_left_are_counted_by_session(outbox: OutboxFile) -> None:
    outbox.append(start(), reactions(1, 0, 1), reactions(1, 0, session=B))
    assert samples_in_outbox(outbox.path) == {A: 2, B: 1}


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no outbox at .*none\.outbox: check the path"):
        OutboxSource(tmp_path / "none.outbox").open(patient=True)
    assert not (tmp_path / "none.outbox").exists()


def test_a_file_that_is_no_outbox_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"a picture, perhaps" * 100)
    with pytest.raises(SourceError, match="is no outbox: file is not a database"):
        OutboxSource(tmp_path / "x").open(patient=False)
    sqlite3.connect(tmp_path / "y").close()
    with pytest.raises(SourceError, match="is no outbox: no such table: outbox"):
        OutboxSource(tmp_path / "y").open(patient=False)


def test_an_outbox_without_an_id_is_told(outbox: OutboxFile) -> None:
    outbox.connection.execute("DELETE FROM outbox")
    with pytest.raises(SourceError, match="without an id"):
        OutboxSource(outbox.path).open(patient=False)
