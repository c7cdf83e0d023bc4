"""A screening, devices that take part in it, and what the store must hold once all is delivered."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from analytics.catalogue import Catalogue, Cut, Film, Scene, Screening
from contract.messages import (
    DEAD_LETTER_TOPIC,
    TOPIC,
    End,
    Message,
    Reactions,
    Sample,
    Start,
    encode,
    new_session_id,
)
from ingest.topics import create_topic

SCREENING = "chaos"
FILM_MINUTES = 150


def seed() -> int:
    """What this run's chances are drawn from: HOUSELIGHTS_CHAOS_SEED, to try one again, or a new number."""
    given = os.environ.get("HOUSELIGHTS_CHAOS_SEED")
    return int(given) if given else secrets.randbelow(2**32)


def screening(store: Path) -> None:
    """A catalogue in ``store`` with the screening that every device here names."""
    catalogue = Catalogue(store)
    catalogue.save_film(Film("film", "The Film"))
    catalogue.save_cut(Cut("film", "cut"))
    catalogue.save_scenes("film", "cut", [Scene("One", 0, 60_000), Scene("Two", 60_000, 180_000)])
    catalogue.save_screening(Screening(SCREENING, "film", "cut", 1))


def start(session: str, agent_version: str = "0.1") -> Start:
    """The first message of ``session``; ``agent_version`` can be a mark to find its bytes by."""
    return Start(session, SCREENING, "film", "cut", 1, "en", agent_version, "bundled", 80, simulated=True)


def samples(first_second: int, count: int, viewer: int = 0) -> list[Sample]:
    """``count`` windows from ``first_second`` on; their happiness tells them apart."""
    return [
        Sample(second * 1000, 1000, 0, viewer, 4, 100, 90, (0, 0, 0, second % 101, 100 - second % 101, 0, 0))
        for second in range(first_second, first_second + count)
    ]


def whole_session(session: str, messages: int, samples_each: int = 5) -> Iterator[Message]:
    """Start, ``messages`` messages of reactions, and an end that closes the ledger."""
    yield start(session)
    for seq in range(1, messages + 1):
        yield Reactions(session, seq, samples((seq - 1) * samples_each, samples_each))
    yield End(session, messages, messages * samples_each, 0, 0)


def sessions(count: int) -> list[str]:
    """Names of ``count`` sessions."""
    return [new_session_id() for _ in range(count)]


def topics(address: str) -> None:
    """The topics that ingest reads from and writes to."""
    for topic in (TOPIC, DEAD_LETTER_TOPIC):
        create_topic(address, topic)


def send(address: str, messages: Iterable[Message]) -> int:
    """Put ``messages`` on the topic as a device would, each acknowledged; how many."""
    from kafka import KafkaProducer

    producer = KafkaProducer(
        bootstrap_servers=address, acks="all", enable_idempotence=True, linger_ms=5, compression_type="lz4"
    )
    sent = 0
    for message in messages:
        producer.send(TOPIC, key=message.session.encode(), value=encode(message), timestamp_ms=0)
        sent += 1
    producer.flush()
    producer.close()
    return sent


def ingest_command(source: str, store: Path, *more: str) -> list[str]:
    """The words that start ingest as an operator does."""
    return [sys.executable, "-m", "houselights", "ingest", "--from", source, "--store", str(store), *more]


def ingest_once(source: str, store: Path) -> subprocess.CompletedProcess[str]:
    """Run ingest until all that is there now is stored."""
    return subprocess.run(
        ingest_command(source, store, "--once"), capture_output=True, text=True, check=False, timeout=600
    )


def ledger(store: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run ``houselights ledger``: exit code 0 when every sample of ``store`` has a place."""
    return subprocess.run(
        [sys.executable, "-m", "houselights", "ledger", "--store", str(store), *more],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def files_with(folder: Path, marks: Iterable[str]) -> list[str]:
    """The files of ``folder`` that hold any of ``marks`` anywhere in their bytes, by name."""
    wanted = [mark.encode() for mark in marks]
    found = []
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        content = path.read_bytes()
        if any(mark in content for mark in wanted):
            found.append(path.name)
    return found


@dataclass(frozen=True)
class Found:
    """What differs between the store and what was sent, in samples."""

    stored: int
    lost: int
    doubled: int
    strange: int = 0
    """Nobody sent these."""

    @property
    def whole(self) -> bool:
        """Nothing lost, nothing doubled, and nothing there that was not sent."""
        return self.lost == self.doubled == self.strange == 0

    def __str__(self) -> str:
        """For the report."""
        strange = f", {self.strange} that nobody sent" if self.strange else ""
        return f"{self.stored:,} stored, {self.lost} lost, {self.doubled} doubled{strange}"


def compare(store: Path, sent: Mapping[str, int]) -> Found:
    """Hold ``store`` against ``sent``: how many samples each session generated, at seconds 0, 1, 2 and so on."""
    with duckdb.connect(str(store / "store.duckdb"), read_only=True) as connection:
        (stored,) = _row(connection, "SELECT count(*) FROM reaction")
        (doubled,) = _row(
            connection,
            "SELECT coalesce(sum(times - 1), 0) FROM "
            "(SELECT count(*) AS times FROM reaction GROUP BY session, viewer, pass, t_ms)",
        )
        found = dict(
            connection.execute(
                "SELECT session, count(DISTINCT (viewer, pass, t_ms)) FROM reaction GROUP BY session"
            ).fetchall()
        )
    lost = sum(max(0, count - found.get(session, 0)) for session, count in sent.items())
    strange = sum(max(0, count - sent.get(session, 0)) for session, count in found.items())
    return Found(int(stored), lost, int(doubled), strange)


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    if row is None:
        raise RuntimeError(f"no row: {query}")
    return row
