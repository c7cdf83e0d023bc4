"""From a real broker into the store: samples a second of one core, beside what its two ends do alone.

Run by itself, ``python -m tests.bench.delivery ADDRESS FOLDER ROWS`` measures and prints JSON. Rates are of CPU time,
on one core: what the broker itself costs, and what else runs, is not in them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from contract.messages import TOPIC, Message, Reactions, decode
from ingest.batch import Batch
from ingest.columns import Columns
from ingest.kafka_source import MOST_RECORDS, KafkaSource
from ingest.service import IngestReport, run
from ingest.store import Store
from tests.bench.figures import Figure, at_least, at_most
from tests.chaos import world

SESSIONS, MESSAGES, SAMPLES_EACH = 1_000, 200, 5
SAMPLES = SESSIONS * MESSAGES * SAMPLES_EACH
FEW_ROWS, MANY_ROWS = 1_000_000, 100_000_000
_Batches = Sequence[Sequence[Reactions]]
_LEAST, _SHARE, _SLOWER = 150_000, 0.70, 0.20


@dataclass(frozen=True)
class Rates:
    """Samples a second of CPU time; ``ingest`` is the whole way."""

    poll: float
    appender: float
    columns: float
    ingest: float


def delivery() -> list[Figure]:
    """Rates on an almost empty store and on one of 100 million rows."""
    from tests.support.broker import Broker

    with tempfile.TemporaryDirectory() as scratch, Broker(Path(scratch) / "broker") as broker:
        world.topics(broker.address)
        world.send(broker.address, _as_devices_send())
        few, many = (
            _measured(broker.address, Path(scratch) / str(rows), rows) for rows in (FEW_ROWS, MANY_ROWS)
        )
    note = f"{SAMPLES:,} samples of {SESSIONS:,} sessions, {SAMPLES_EACH} a record; CPU time"
    rate = "{:,.0f}/s"
    appender, columns = (1 / (1 / few.poll + 1 / insert) for insert in (few.appender, few.columns))
    return [
        Figure("kafka-python poll alone", rate.format(few.poll), value=few.poll, note=note),
        Figure("DuckDB insert alone, Appender", rate.format(few.appender), value=few.appender),
        Figure(
            "DuckDB insert alone, columns",
            rate.format(few.columns),
            value=few.columns,
            note="made of Python's values",
        ),
        at_least("samples stored from the broker", few.ingest, _LEAST, rate, note),
        at_least("share of poll and Appender in series", few.ingest / appender, _SHARE, "{:.0%}"),
        at_least(
            "share of poll and columns in series",
            few.ingest / columns,
            _SHARE,
            "{:.0%}",
            "decoding JSON, which is in neither, is what is missing",
        ),
        at_most(
            f"slower at {MANY_ROWS:,} rows than at {FEW_ROWS:,}",
            1 - many.ingest / few.ingest,
            _SLOWER,
            "{:.0%}",
            f"{many.ingest:,.0f}/s",
        ),
    ]


def _as_devices_send() -> Iterator[Message]:
    """All sessions side by side, as in a screening."""
    sending = [world.whole_session(session, MESSAGES, SAMPLES_EACH) for session in world.sessions(SESSIONS)]
    return chain.from_iterable(zip(*sending, strict=True))


def _measured(address: str, folder: Path, rows: int) -> Rates:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.delivery", address, folder, str(rows)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Rates(**json.loads(done.stdout))


def _main(address: str, folder: Path, rows: int) -> None:
    os.sched_setaffinity(
        0, {max(os.sched_getaffinity(0))}
    )  # DuckDB, too, then takes one core for all there are
    folder.mkdir()
    poll_s, batches = _poll(address)
    appender_s = _seconds(_append, folder / "appender.duckdb", batches)
    columns_s = _seconds(_insert, folder / "columns", batches)
    del batches
    _fill(folder / "store", rows)
    rates = [
        SAMPLES / seconds for seconds in (poll_s, appender_s, columns_s, _ingest_s(address, folder / "store"))
    ]
    sys.stdout.write(json.dumps(asdict(Rates(*rates))))


def _poll(address: str) -> tuple[float, list[list[Reactions]]]:
    """CPU seconds to read the topic as ingest reads it, and what it holds, a list a poll."""
    from kafka import KafkaConsumer, TopicPartition

    consumer: Any = KafkaConsumer(
        bootstrap_servers=address,
        enable_auto_commit=False,
        group_id=None,
        auto_offset_reset="earliest",
        max_poll_records=MOST_RECORDS,
    )
    consumer.assign([TopicPartition(TOPIC, each) for each in consumer.partitions_for_topic(TOPIC)])
    ends = consumer.end_offsets(consumer.assignment())
    polled: list[list[bytes]] = []
    begun = time.process_time()
    while sum(map(len, polled)) < sum(ends.values()):
        found = consumer.poll(timeout_ms=500, max_records=MOST_RECORDS)
        polled.append([record.value for records in found.values() for record in records])
    seconds = time.process_time() - begun
    consumer.close()
    return seconds, [[one for one in map(decode, values) if isinstance(one, Reactions)] for values in polled]


def _append(path: Path, batches: _Batches) -> None:
    """The rows through DuckDB's Appender, a transaction a batch."""
    schema = Path(world.__file__).parents[2] / "ingest" / "schema.sql"
    with duckdb.connect(str(path)) as connection:
        connection.execute(schema.read_text(encoding="utf-8"))
        for batch in batches:
            connection.execute("BEGIN")
            appender = connection.appender("reaction")
            appender.append_rows(
                [
                    (
                        message.session,
                        s.viewer,
                        s.pass_,
                        s.t,
                        s.d,
                        s.n,
                        s.seen,
                        s.front,
                        *(s.p or (None,) * 7),
                    )
                    for message in batch
                    for s in message.samples
                ]
            )
            appender.flush()
            connection.execute("COMMIT")


def _insert(folder: Path, batches: _Batches) -> None:
    """The rows as the store writes them, a transaction a batch."""
    with Store(folder) as store:
        for batch in batches:
            store.write(Batch(rows=Columns(batch).rows(range(len(batch)))), "bench", {}, {})


def _seconds(way: Callable[[Path, _Batches], None], path: Path, batches: _Batches) -> float:
    begun = time.process_time()
    way(path, batches)
    return time.process_time() - begun


def _fill(folder: Path, rows: int) -> None:
    """A store that holds ``rows`` reactions of earlier sessions already."""
    world.screening(folder)
    with Store(folder) as store:
        store.connection.execute(
            """
            INSERT INTO reaction
            SELECT
                md5((i // 7200)::VARCHAR), 0, 0, i % 7200 * 1000, 1000, 4, 100, 90,
                0, 0, 0, hash(i) % 101, 100 - hash(i) % 101, 0, 0
            FROM range(?) AS numbers (i)
            """,
            [rows],
        )
        store.connection.execute(
            """
            INSERT INTO session
            SELECT DISTINCT session, 'earlier', 'film', 'cut', 'bundled', '0.1', 1, 'en', 80, true, 1, 7200, 0, 0, true
            FROM reaction
            """
        )


def _ingest_s(address: str, folder: Path) -> float:
    """CPU seconds for all samples, from those of the first delivery to the last; what is published after is not in."""
    marks: list[tuple[float, int]] = []

    def watch(report: IngestReport) -> None:
        marks.append((time.process_time(), report.stored))
        if report.stored == SAMPLES:
            (begun, first), (ended, last) = marks[0], marks[-1]
            raise _Measured((ended - begun) * SAMPLES / (last - first))

    try:
        run(KafkaSource(address), folder, once=True, progress=watch)
    except _Measured as measured:
        return measured.seconds
    raise RuntimeError(f"{marks[-1:]} of {SAMPLES} samples came: the topic is not what it should be")


class _Measured(Exception):  # noqa: N818  # no error: it ends the run before it publishes
    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
