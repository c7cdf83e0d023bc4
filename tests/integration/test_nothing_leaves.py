"""What leaves the device, seen from outside the program: every byte into the network, every byte onto the disk.

The whole agent, as a person starts it, on real footage with real faces, in a network namespace whose only way out is
recorded, and under a trace of its calls to the system.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kafka.protocol.producer import ProduceRequest
from kafka.record.memory_records import MemoryRecords

from contract.messages import TOPIC, Reactions, Sample, decode, encode
from edge_agent.outbox import Outbox
from tests.classroom import CUT, FILM, FRAME_MS, NEARER, SCREENING
from tests.edge_agent.footage import frames_of, resized, write_video
from tests.support.alone import AS_ROOT, Door
from tests.support.broker import Broker
from tests.support.command import done, houselights
from tests.support.trace import Trace, read, traced

PRODUCE, METADATA, API_VERSIONS, INIT_PRODUCER_ID = 0, 3, 18, 22
ROUNDS = 3
"""Of the clip: eight film seconds."""
REQUEST_BYTES = 128
"""Around the records of a produce request: its length, header, client, topic, partition."""
ASKED_BYTES = 128
"""Of a request that carries no records, such as one for the broker's versions."""
NAME_SERVICE = "/var/run/nscd/socket"
"""Which the C library asks for names, where there is one; there is none here."""


@dataclass(frozen=True)
class Run:
    report: dict[str, Any]
    trace: Trace
    left: list[bytes]
    """What left through the door, by connection."""
    folder: Path


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Path:
    """Four real people, near enough to be read."""
    pictures = [
        resized(picture, NEARER * picture.shape[1], NEARER * picture.shape[0])
        for picture in frames_of(shared / "media" / "classroom.gif")
    ]
    return write_video(tmp_path_factory.mktemp("footage") / "classroom.mp4", pictures, 1000 / FRAME_MS)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, footage: Path) -> Iterator[Run]:
    for program in ("unshare", "strace"):
        assert shutil.which(program), f"{program} is missing: .ci/system-packages test"
    folder = tmp_path_factory.mktemp("run")
    with Broker(tmp_path_factory.mktemp("broker") / "node") as broker, Door(broker.address) as door:
        done(houselights("topics", "create", "--kafka", broker.address, "--partitions", "3"))
        agent = traced(folder / "trace", *watch(footage, folder), "--to", f"kafka:{broker.address}")
        report = done(run_quietly(door.command(*agent)))
        yield Run(json.loads(report), read(folder / "trace"), [bytes(kept) for kept in door.left], folder)


def watch(footage: Path, folder: Path) -> list[str | Path]:
    return [
        *(sys.executable, "-m", "houselights", "agent", "run", "--film", FILM, "--cut", CUT, "--json"),
        *("--screening", SCREENING, "--source", footage, "--rounds", str(ROUNDS)),
        *("--outbox", folder / "viewer.outbox"),
    ]


def run_quietly(command: list[str]) -> subprocess.CompletedProcess[str]:
    # Compiled modules would be written beside the program at its first start.
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env=environment)


def requests(connection: bytes) -> Iterator[tuple[int, int, bytes]]:
    """API key, version and the whole request, of Kafka's protocol: every byte of the connection is of one."""
    at = 0
    while at < len(connection):
        (length,) = struct.unpack_from(">i", connection, at)
        request = connection[at + 4 : at + 4 + length]
        assert len(request) == length
        key, version = struct.unpack_from(">hh", request)
        yield key, version, request
        at += 4 + length


def test_every_byte_that_leaves_is_of_a_message_of_the_contract(run: Run) -> None:
    for connection in run.left:
        for key, version, request in requests(connection):
            if key == PRODUCE:
                assert len(request) - sum(map(len, partitions(request, version))) <= REQUEST_BYTES
            else:
                assert key in {METADATA, API_VERSIONS, INIT_PRODUCER_ID}
                assert len(request) <= ASKED_BYTES
    for record in sent_records(run):
        message = decode(record.value)
        # Nothing but the contract's fields: what it reads, written again, is what was sent.
        assert encode(message) == record.value
        assert (record.key, list(record.headers), record.timestamp) == (message.session.encode(), [], 0)
        assert message.session == run.report["session"]
    assert run.report["viewers"] == 4
    assert len(sent_samples(run)) == run.report["generated"] == run.report["published"] > 0
    # Which leaves no room for a picture: one of 40 x 40 pixels would be larger than all that was not a message.
    assert sum(map(len, run.left)) < sum(map(len, sent_bodies(run))) + 1600


def test_nobody_is_called_but_the_broker(run: Run) -> None:
    """There is no other way out of its network; nor does it look for one."""
    places = run.trace.called - {NAME_SERVICE}
    assert len(places) == 1
    assert re.fullmatch(r"127\.0\.0\.1:\d+", places.pop())


def test_nothing_is_written_to_disk_but_messages_that_wait(run: Run) -> None:
    files = {path for path in run.trace.files if not path.startswith("/dev/")}
    outbox = str(run.folder / "viewer.outbox")
    mine = {path for path in files if path.startswith(outbox)}
    assert {path.removeprefix(outbox) for path in mine} <= {"", "-journal", "-wal", "-shm"}
    # Python writes a word into the folder for temporary files, to see whether it may, and takes it away.
    assert all(run.trace.written[path] == [b"blat"] for path in files - mine)
    assert {path for path in run.trace.written if path.startswith("/") and path not in files} <= {"/dev/null"}
    assert run.trace.mapped <= {f"{outbox}-shm"}  # SQLite's table of pages
    assert run.trace.rings == 0
    known = known_text(run)
    for path in mine:
        for piece in run.trace.written[path]:
            check_piece(piece, known)


def known_text(run: Run) -> str:
    """All that may stand in the outbox as text: messages that the network saw, the file's own tables and its name."""
    with sqlite3.connect(run.folder / "viewer.outbox") as outbox:
        tables = outbox.execute("SELECT type || name || tbl_name, sql FROM sqlite_master").fetchall()
        tables += outbox.execute("SELECT id FROM outbox").fetchall()
    outbox.close()
    rows = (run.report["session"] + body for body in sent_bodies(run))
    return "\n".join([*rows, *(part for row in tables for part in row if part)])


def sent_bodies(run: Run) -> Iterator[str]:
    for record in sent_records(run):
        yield record.value.decode()


def sent_records(run: Run) -> Iterator[Any]:
    """Of all produce requests, in order."""
    for connection in run.left:
        for key, version, request in requests(connection):
            if key == PRODUCE:
                for partition in partitions(request, version):
                    yield from records(partition)


def partitions(request: bytes, version: int) -> Iterator[bytes]:
    """The records of a produce request as they left, a partition each; all of our topic."""
    for topic in ProduceRequest.decode(request, version=version, header=True).topic_data:
        assert topic.name == TOPIC
        for partition in topic.partition_data:
            yield bytes(partition.records)


def records(partition: bytes) -> Iterator[Any]:
    batches = MemoryRecords(partition)
    while batches.has_next():
        yield from batches.next_batch()


def check_piece(piece: bytes, known: str) -> None:
    """Text is known text, and what is no text is too little to be a picture: SQLite's numbers and checksums."""
    for found in re.findall(rb"[\x20-\x7e]{24,}", piece):
        assert any(part in known for part in pieces(found.decode())), found
    bare = len(piece) - piece.count(0) - sum(map(len, re.findall(rb"[\x20-\x7e]{4,}", piece)))
    assert bare <= max(64, len(piece) // 8), piece


def test_a_picture_would_be_found(run: Run) -> None:
    crop = np.random.default_rng(1).integers(0, 256, (48, 48), np.uint8).tobytes()
    known = known_text(run)
    check_piece(next(sent_bodies(run)).encode(), known)
    for hidden in (crop, crop[:400], base64.b64encode(crop), next(sent_bodies(run)).encode() + crop):
        with pytest.raises(AssertionError):
            check_piece(hidden, known)


def pieces(text: str) -> list[str]:
    """A text, and without the few letters beside it that are SQLite's own."""
    return [text[start : len(text) - end] for start in range(6) for end in range(6)]


def test_without_a_network_nothing_is_different_but_what_waits(
    run: Run, footage: Path, tmp_path: Path
) -> None:
    """In a network that is down. The messages are the same, but for the session's own number."""
    agent = [*watch(footage, tmp_path), "--to", "kafka:127.0.0.1:9"]
    finished = run_quietly(["unshare", "--net", *AS_ROOT, "--", *map(str, agent)])
    report = json.loads(done(finished))
    for figure in ("generated", "frames_sampled", "viewers", "seconds", "dropped", "withdrawn"):
        assert report[figure] == run.report[figure]
    assert (report["published"], report["left"]) == (0, report["generated"])
    with Outbox(tmp_path / "viewer.outbox") as outbox:
        waiting = [decode(message.body) for message in outbox.pending(1000)]
    samples = [one for message in waiting if isinstance(message, Reactions) for one in message.samples]
    assert samples == sent_samples(run)
    assert len(report["warnings"]) == 1
    assert "stay in the outbox" in report["warnings"][0]


def sent_samples(run: Run) -> list[Sample]:
    sent = [decode(body.encode()) for body in sent_bodies(run)]
    return [one for message in sent if isinstance(message, Reactions) for one in message.samples]
