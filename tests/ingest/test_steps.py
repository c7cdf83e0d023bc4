"""A crash between any two numbered steps of ``ingest.service`` and ``ingest.store``, and the run after it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from msgspec.structs import replace

from analytics.serving import Serving
from contract.messages import Withdraw
from ingest.ledger import ledgers, read_ledger
from ingest.outbox_source import OutboxSource
from ingest.service import run
from ingest.store import Store
from tests.ingest.conftest import A, B, OutboxFile, end, reactions, start
from tests.ingest.crash import LettersFile

C = "c" * 32
MARK = "only the session that withdraws says this"
TAKEN_BACK = b'{"type":"reactions","session":"%s","seq":2,"samples":[{}],"note":"%s"}' % (
    B.encode(),
    MARK.encode(),
)
BAD = b'{"type":"reactions","session":"%s","seq":3,"samples":[{},{}]}' % A.encode()

State = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Crash:
    """Where: at the ``times``-th call of, or return from, ``function``. ``step``: what the docstrings call it."""

    step: str
    event: str
    function: str
    times: int = 1
    committed: bool = True
    """Whether the batch is in the store by then."""
    letters: int = 1
    """Times that each dead letter comes to its topic in the end."""

    def __str__(self) -> str:
        return self.step


CRASHES = [
    Crash("service 1, before the poll", "call", "OutboxSource.poll", committed=False),
    Crash("service 1, after the poll", "return", "OutboxSource.poll", committed=False),
    Crash("service 2, after the plan", "return", "plan", committed=False),
    Crash("service 3, store 1, offsets moved", "return", "Store._move_offsets", committed=False),
    Crash("service 3, store 2, sessions forgotten", "return", "_forget_sessions", committed=False),
    Crash("service 3, store 3, sessions and reactions added", "return", "write_rows", committed=False),
    Crash("service 3, store 3, dead letters added", "return", "Store._add_rejected", committed=False),
    Crash("service 3, store 4, after the commit", "return", "Store.write"),
    # The source's start acknowledges too, what the run before has stored.
    Crash("service 4, acknowledged", "return", "OutboxSource.acknowledge", times=2),
    Crash("service 5, before the letters are sent", "call", "LettersFile.send"),
    Crash("service 5, sent and not noted", "return", "LettersFile.send", letters=2),
    Crash("service 5, sent and noted", "return", "Store.letters_sent"),
    Crash("service 6, before the purge", "call", "Store.purge"),
    Crash("service 6, purge 1, copied and not flushed", "return", "Store._copy_to"),
    # Files are put in place by renames: the purged store, then the published tables, then the ledger.
    Crash("service 6, purge 1, before the rename", "call", "Path.replace", times=1),
    Crash("service 6, purge 2, after the rename", "return", "Path.replace", times=1),
    Crash("service 6, before the new tables are in place", "call", "Path.replace", times=2),
    Crash("service 6, published, before the ledger", "return", "Path.replace", times=2),
    Crash("service 6, before the new ledger is in place", "call", "Path.replace", times=3),
]


@dataclass(frozen=True)
class Screening:
    """A store that took a first batch, an outbox with a second one, and where dead letters go."""

    store: Path
    outbox: Path
    letters: Path


@pytest.fixture
def screening(tmp_path: Path, store_dir: Path, outbox: OutboxFile) -> Screening:
    made = Screening(store_dir, outbox.path, tmp_path / "letters")
    outbox.append(start(), reactions(1, 0, 1))
    outbox.append(replace(start(B), agent_version=MARK), reactions(1, 0, 1, session=B))
    outbox.append(TAKEN_BACK, session=B)
    finish(made)
    assert MARK.encode() in b"".join(path.read_bytes() for path in store_dir.iterdir() if path.is_file())
    made.letters.unlink()
    # A repeat, two dead letters, a withdrawal with something late behind it, and a session from start to end.
    outbox.append(reactions(1, 0, 1), reactions(2, 2, 3), b"junk", BAD)
    outbox.append(Withdraw(B), reactions(3, 5, session=B))
    outbox.append(start(C), reactions(1, 0, 1, session=C), end(1, 2, session=C), end(3, 6))
    return made


def finish(screening: Screening) -> None:
    """A run that nothing happens to."""
    run(
        OutboxSource(screening.outbox),
        screening.store,
        once=True,
        dead_letters=LettersFile(screening.letters),
    )


def crash(screening: Screening, event: str, function: str, times: int, torn: int = 0) -> int:
    """A run that dies there; by which signal."""
    words = [str(path) for path in (screening.outbox, screening.store, screening.letters)]
    died = subprocess.run(
        [sys.executable, "-m", "tests.ingest.crash", *words, event, function, str(times), str(torn)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert "Traceback" not in died.stderr
    return -died.returncode


def state(store: Path) -> State:
    """All that a batch changes, read without writing."""
    with closing(duckdb.connect(str(store / "store.duckdb"), read_only=True)) as connection:
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()
            for table in ("session", "reaction", "reject", "source_offset", "withdrawn")
        }


def check_whole(screening: Screening, letters: int = 1) -> None:
    """Everything once, nothing of who withdrew, and readers see it."""
    found = state(screening.store)
    assert sorted((row[0], row[3]) for row in found["reaction"]) == [
        *((A, second * 1000) for second in range(4)),
        *((C, second * 1000) for second in range(2)),
    ]
    assert [(row[0], row[10], row[14]) for row in found["session"]] == [(A, 2, True), (C, 1, True)]
    assert [(row[2], row[3], row[7]) for row in found["reject"]] == [
        (6 + 2, "not_json", b"junk"),
        (6 + 3, "missing_field", BAD),
    ]
    assert found["withdrawn"] == [(B,)]
    with Store(screening.store) as store:
        assert [(one.session, one.missing) for one in ledgers(store.connection)] == [(A, 0), (C, 0)]
        for table in ("letter_due", "purge_due"):
            assert store.connection.execute(f"SELECT count(*) FROM {table}").fetchall() == [(0,)]
    assert [one.session for one in read_ledger(screening.store)] == [A, C]
    assert [
        row["viewers"] for row in Serving(screening.store).query("screenings", film="film", cut="cut")
    ] == [2]
    assert Counter(screening.letters.read_text(encoding="utf-8").splitlines()) == {
        '[0, 8, "not_json"]': letters,
        '[0, 9, "missing_field"]': letters,
    }
    with closing(OutboxFile(screening.outbox).connection) as device:
        assert device.execute("SELECT count(*) FROM message").fetchone() == (0,)
    left = {path.name: path.read_bytes() for path in screening.store.iterdir() if path.is_file()}
    assert {"store.duckdb.purged", "serving.duckdb.new", "ledger.new"}.isdisjoint(left)
    assert [name for name, content in left.items() if MARK.encode() in content] == []


def test_without_a_crash_it_is_whole(screening: Screening) -> None:
    finish(screening)
    check_whole(screening)


@pytest.mark.parametrize("where", CRASHES, ids=str)
def test_a_crash_between_two_steps_repeats_nothing_and_loses_nothing(
    screening: Screening, where: Crash
) -> None:
    before = state(screening.store)
    assert crash(screening, where.event, where.function, where.times) == signal.SIGKILL
    after = state(screening.store)
    finish(screening)
    check_whole(screening, where.letters)
    assert after == (state(screening.store) if where.committed else before)


@pytest.mark.parametrize("torn", [1, 100, 1000])
def test_a_crash_in_the_middle_of_the_commit_is_as_if_the_batch_had_never_come(
    screening: Screening, torn: int
) -> None:
    before = state(screening.store)
    assert crash(screening, "call", "Store.write", 1, torn) == signal.SIGXFSZ
    assert (screening.store / "store.duckdb.wal").stat().st_size == torn
    assert state(screening.store) == before
    finish(screening)
    check_whole(screening)
