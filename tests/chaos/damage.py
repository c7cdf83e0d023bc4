"""Files that the disk gives back otherwise than it took them: cut short, or with a bit that flipped."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import structs

from analytics.catalogue import Catalogue
from analytics.errors import AnalyticsError
from analytics.final import FINAL_NAME
from analytics.serving import SERVING_NAME
from ingest.errors import IngestError
from ingest.outbox_source import OutboxSource
from ingest.retention import remove_old
from ingest.service import run
from ingest.store import Store
from ingest.store_file import STORE_NAME
from tests.chaos.outcome import Outcome, Tell
from tests.chaos.replay import REPOSITORY, SENT, ListSource, killed_ingest, messages, write_outbox
from tests.chaos.tried import Tried, said_by, summary
from tests.chaos.world import compare, screening, sessions, whole_session

DELIVERIES = 12
LOG_NAME = f"{STORE_NAME}.wal"


def wal_cut(folder: Path, *, short: bool, tell: Tell) -> list[Outcome]:
    """Cut the log that a killed ingest left, and let ingest go on from it."""
    times = 8 if short else 50
    chance = random.Random(6)
    topic = folder / "topic"
    screening(topic)
    killed_ingest("list", topic, DELIVERIES)
    from_topic = [_cut_topic(folder, topic, chance, number % 4 == 0, tell) for number in range(times)]
    outbox, taken = folder / "viewer.outbox", folder / "taken"
    screening(taken)
    # A delivery of an outbox is large: so many messages make several.
    sent = write_outbox(outbox, (one for name in sessions(40) for one in whole_session(name, 250, 2)))
    killed_ingest(outbox, taken, 4)
    from_outbox = [_cut_outbox(folder, taken, outbox, sent, chance, tell) for _ in range(times)]
    return [
        summary("WAL cut short, records still in the topic", "0 lost, 0 doubled", from_topic),
        summary(
            "WAL cut short, messages gone from the outbox", "whole, or what is gone is told", from_outbox
        ),
    ]


def _cut(template: Path, store: Path, chance: random.Random, tell: Tell) -> None:
    shutil.rmtree(store, ignore_errors=True)
    shutil.copytree(template, store)
    content = (store / LOG_NAME).read_bytes()
    length = chance.randrange(len(content))
    tell(f"the log's first {length:,} of {len(content):,} bytes")
    (store / LOG_NAME).write_bytes(content[:length])


def _cut_topic(folder: Path, template: Path, chance: random.Random, again: bool, tell: Tell) -> Tried:
    store = folder / "tried"
    _cut(template, store, chance, tell)
    if again:  # what is written behind the cut must outlive a second death
        killed_ingest("list", store, 2)
    try:
        with said_by("ingest"):
            run(ListSource(), store, once=True)
    except (IngestError, AnalyticsError) as error:
        return Tried(Counter(), f"refused: {error}")
    found = compare(store, SENT)
    whole = found.whole and found.stored == sum(SENT.values())
    return Tried(
        Counter(healed=int(whole), lost=found.lost, doubled=found.doubled), "" if whole else str(found)
    )


def _cut_outbox(
    folder: Path, template: Path, outbox: Path, sent: dict[str, int], chance: random.Random, tell: Tell
) -> Tried:
    store, source = folder / "tried", folder / "tried.outbox"
    _cut(template, store, chance, tell)
    for suffix in ("", "-wal"):  # the killed one's
        (folder / f"tried.outbox{suffix}").unlink(missing_ok=True)
        if (left := outbox.with_name(f"{outbox.name}{suffix}")).exists():
            shutil.copyfile(left, folder / f"tried.outbox{suffix}")
    with said_by("ingest") as said:
        run(OutboxSource(source), store, once=True)
    found = compare(store, sent)
    told = any("this store does not hold them" in line for line in said)
    counted = Counter({"lost": found.lost, "doubled": found.doubled, "times told": int(told)})
    return Tried(counted, "" if found.doubled == 0 and told == (found.lost > 0) else f"{found}, told: {told}")


def bit_flips(folder: Path, *, short: bool, tell: Tell) -> list[Outcome]:
    """Flip a bit of each file in turn, and let everything that reads the file look at it."""
    with said_by("ingest"):
        worlds = _worlds(folder)
    chance = random.Random(7)
    tried: dict[str, list[Tried]] = {name: [] for name in worlds}
    with _Reader() as reader:
        for number in range(20 if short else 200):
            name, (template, file) = list(worlds.items())[number % len(worlds)]
            flipped = folder / f"flipped {number}"  # another each time: DuckDB remembers paths
            shutil.copytree(template, flipped)
            content = bytearray((flipped / file).read_bytes())
            bit = chance.randrange(8 * len(content))
            content[bit // 8] ^= 1 << bit % 8
            (flipped / file).write_bytes(content)
            tell(f"{name}: bit {bit:,}")
            verdict, why = reader.look(name, template, flipped)
            shutil.rmtree(flipped)
            good = verdict in {"right", "refused", "told"}
            tried[name].append(Tried(Counter({verdict: 1}), "" if good else f"bit {bit}: {why}"))
    return [
        summary(f"a bit flipped in {name}", "refused or healed, said, never silently wrong", found)
        for name, found in tried.items()
    ]


def _worlds(folder: Path) -> dict[str, tuple[Path, str]]:
    """For each file a folder that holds it, and its name there."""
    killed = folder / "killed"
    screening(killed)
    killed_ingest("list", killed, DELIVERIES)
    closed = folder / "closed"
    screening(closed)
    run(ListSource(most=1000), closed, once=True)
    final = folder / "final"
    _make_final(final)
    whole, dead = folder / "outbox", folder / "dead"
    for place in (whole, dead):
        screening(place)
    write_outbox(whole / "viewer.outbox", messages())
    ended = subprocess.run(
        [sys.executable, "-c", DIE, str(dead / "viewer.outbox")], cwd=REPOSITORY, check=False, timeout=600
    )
    if ended.returncode >= 0:
        raise RuntimeError(f"the device did not die: {ended.returncode}")
    return {
        "store.duckdb": (closed, STORE_NAME),
        "its WAL": (killed, LOG_NAME),
        "serving.duckdb": (closed, SERVING_NAME),
        "final.duckdb": (final, FINAL_NAME),
        "the outbox": (whole, "viewer.outbox"),
        "the outbox's WAL": (dead, "viewer.outbox-wal"),
    }


def _make_final(store: Path) -> None:
    """Figures whose rows are gone."""
    screening(store)
    run(ListSource(), store, once=True)
    catalogue = Catalogue(store)
    long_ago = date(2026, 1, 1)
    (only,) = catalogue.screenings()
    catalogue.save_screening(structs.replace(only, open=False, closed_on=long_ago.isoformat()))
    with Store(store) as opened:
        remove_old(opened, 30, long_ago + timedelta(days=31))


DIE = """
import os, signal, sys
from pathlib import Path
from contract.messages import End
from edge_agent.outbox import Outbox
from tests.chaos.world import sessions, whole_session
outbox = Outbox(Path(sys.argv[1]))
for session in sessions(4):
    for message in whole_session(session, 20):
        outbox.append(message)
os.kill(os.getpid(), signal.SIGKILL)
"""


class _Reader:
    """``tests.chaos.look`` in a process of its own, started again when a file has crashed it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            with self._process as process:
                process.kill()

    def look(self, name: str, template: Path, folder: Path) -> tuple[str, str]:
        """The verdict on the file called ``name`` in ``folder``, a copy of ``template``, and what was said."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.look"],
                cwd=REPOSITORY,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{json.dumps([name, str(template), str(folder)])}\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if answer:
            verdict, why = json.loads(answer)
            return verdict, why
        self._process = None
        with process:
            return "crash", f"the process ended with {process.wait()}"
