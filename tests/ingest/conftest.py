"""Messages, an outbox file, and a store directory with a screening to take them."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.catalogue import Catalogue, Cut, Film, Scene, Screening
from contract import messages
from contract.messages import End, Message, Reactions, Sample, Start
from contract.outbox_file import SCHEMA
from ingest.sources import Record

A, B = "a" * 32, "b" * 32


def start(session: str = A, **changes: str) -> Start:
    given = {"screening": "s", "film": "film", "cut": "cut"} | changes
    return Start(session, given["screening"], given["film"], given["cut"], 1, "en", "0.1", "bundled", 80)


def sample(second: int, viewer: int = 0) -> Sample:
    return Sample(second * 1000, 1000, 0, viewer, 5, 100, 90, (0, 0, 0, 30, 70, 0, 0))


def reactions(seq: int, *seconds: int, session: str = A) -> Reactions:
    return Reactions(session, seq, [sample(second) for second in seconds])


def end(seq: int, generated: int, dropped: int = 0, left: int = 0, session: str = A) -> End:
    return End(session, seq, generated, dropped, left)


def record(message: Message | bytes | None, offset: int = 0, key: str | None = None) -> Record:
    body = message if message is None or isinstance(message, bytes) else messages.encode(message)
    named = key if key is not None else getattr(message, "session", A)
    return Record("test", 0, offset, named.encode(), body)


class OutboxFile:
    """What a device keeps: a real SQLite file with the contract's schema."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.executescript(SCHEMA)
        self.id = uuid.uuid4().hex
        self.connection.execute("INSERT INTO outbox VALUES (?)", [self.id])

    def append(self, *appended: Message | bytes, session: str = A) -> None:
        for message in appended:
            body = message if isinstance(message, bytes) else messages.encode(message)
            count = len(message.samples) if isinstance(message, Reactions) else 0
            key = session if isinstance(message, bytes) else message.session
            self.connection.execute(
                "INSERT INTO message (session, samples, body) VALUES (?, ?, ?)", (key, count, body)
            )

    def waiting(self) -> int:
        found: int = self.connection.execute("SELECT count(*) FROM message").fetchone()[0]
        return found


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[OutboxFile]:
    file = OutboxFile(tmp_path / "viewer.outbox")
    yield file
    file.connection.close()


@pytest.fixture
def store_dir(tmp_path: Path) -> Path:
    """A store directory with a film, a cut, two scenes and a screening with k = 1."""
    folder = tmp_path / "store"
    catalogue = Catalogue(folder)
    catalogue.save_film(Film("film", "The Film"))
    catalogue.save_cut(Cut("film", "cut"))
    catalogue.save_scenes("film", "cut", [Scene("One", 0, 5000), Scene("Two", 5000, 10_000)])
    catalogue.save_screening(Screening("s", "film", "cut", 1))
    return folder
