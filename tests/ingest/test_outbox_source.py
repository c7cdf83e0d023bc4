from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from contract import outbox_file
from contract.messages import Reactions, decode, encode
from ingest.errors import SourceError
from ingest.outbox_source import MOST_MESSAGES, OutboxSource, samples_in_outbox
from tests.ingest.conftest import A, B, OutboxFile, end, reactions, start


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


def messages_of(source: OutboxSource) -> list[object]:
    return [decode(found.value or b"") for found in source.poll(0).records]


@pytest.fixture
def device(tmp_path: Path) -> Path:
    """An outbox as a device leaves it, with checksums: a start, two reactions, an end."""
    path = tmp_path / "device.outbox"
    database = outbox_file.open_file(str(path), timeout=1)
    outbox_file.upgrade(database)
    database.execute("INSERT INTO outbox VALUES ('device')")
    for message in (start(), reactions(1, 0, 1), reactions(2, 2, 3), end(2, 4, left=4)):
        samples = len(message.samples) if isinstance(message, Reactions) else 0
        outbox_file.count(database, A, generated=samples)
        outbox_file.append(database, A, samples, encode(message))
    database.close()
    return path


def change(path: Path, statement: str) -> None:
    database = sqlite3.connect(path)
    database.execute(statement)
    database.commit()
    database.close()


def test_a_damaged_message_is_left_out_and_its_end_says_so(
    device: Path, caplog: pytest.LogCaptureFixture
) -> None:
    change(device, "UPDATE message SET body = CAST(replace(body, '30', '31') AS BLOB) WHERE id = 2")
    assert samples_in_outbox(device) == {A: 2}
    source = OutboxSource(device)
    source.open(patient=False)
    source.start({})
    assert messages_of(source) == [start(), reactions(2, 2, 3), end(2, 4, dropped=2, left=2)]
    source.close()
    assert "1 messages of the outbox" in caplog.text
    assert "2 samples are lost, and count as dropped" in caplog.text
    assert A not in caplog.text


def test_what_another_store_took_is_told(device: Path, caplog: pytest.LogCaptureFixture) -> None:
    for stored in ({}, {0: 4}):
        source = OutboxSource(device)
        source.open(patient=False)
        source.start(stored)
        source.acknowledge({0: 4})
        source.close()
    assert caplog.text == ""
    source = OutboxSource(device)
    source.open(patient=False)
    source.start({0: 2})
    assert "messages 2 to 3 of the outbox" in caplog.text
    assert "this store does not hold them" in caplog.text
    assert messages_of(source) == [end(2, 4, left=4)]
    source.close()


def test_an_older_copy_is_refused_once_and_then_read_anew(device: Path) -> None:
    source = OutboxSource(device)
    source.open(patient=False)
    name = source.name
    with pytest.raises(
        SourceError, match="gave messages up to 4, the store holds some up to 9: it is an older"
    ):
        source.start({0: 10})
    source.close()
    source.open(patient=False)
    assert source.name != name
    source.start({})
    assert len(messages_of(source)) == 4
    source.close()


def test_of_a_damaged_file_what_can_be_read_is_taken_and_the_file_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = OutboxFile(tmp_path / "viewer.outbox")
    file.append(start(), *(reactions(seq, *range(10)) for seq in range(1, 101)))
    file.connection.close()
    content = bytearray(file.path.read_bytes())
    leaves = [page for page in range(4096, len(content), 4096) if content[page] == 13]
    content[leaves[len(leaves) // 2]] ^= 4
    file.path.write_bytes(content)
    source = OutboxSource(file.path)
    source.open(patient=False)
    source.start({})
    found = messages_of(source)
    assert found[0] == start()
    assert found[-1] == reactions(100, *range(10))
    assert 80 < len(found) < 101
    assert f"is damaged: {len(found)} messages in it can be read and are taken" in caplog.text
    source.acknowledge({0: 102})
    source.close()
    assert file.path.read_bytes() == content


def test_a_file_of_which_nothing_can_be_read_is_one_line(device: Path) -> None:
    content = bytearray(device.read_bytes())
    content[100] ^= 4  # the kind of the first page, which lists the tables
    device.write_bytes(content)
    with pytest.raises(SourceError, match="is damaged where it says what is in it, and nothing can be read"):
        OutboxSource(device).open(patient=False)


def test_a_file_that_may_not_be_written_says_that(device: Path) -> None:
    other = sqlite3.connect(device, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    source = OutboxSource(device, busy_s=0.01)
    with pytest.raises(
        SourceError, match=r"cannot open the outbox .*: database is locked; nothing stored is lost"
    ):
        source.open(patient=False)
    other.close()
