"""Ingest and agent killed with kill -9, and ingest frozen, while a broker is being filled."""

from __future__ import annotations

import itertools
import os
import random
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from contract.messages import Reactions, decode
from tests.chaos.load import Load
from tests.chaos.outcome import Outcome, Tell
from tests.chaos.processes import COMMIT, NAP_S, PUBLISH, PURGE, Moment, Running
from tests.chaos.world import (
    SCREENING,
    compare,
    files_with,
    ingest_command,
    ingest_once,
    ledger,
    screening,
    seed,
    topics,
)
from tests.support.broker import Broker

START = "as it started"
ANY = "at any moment"
ENDED = "after it had ended"
MOST_S = 300.0
"""For a moment that comes within a second or two; a machine may be busy."""
PURGE_S = 15.0
"""Comes only once somebody has withdrawn: else the kill falls wherever ingest happens to be."""
WHOLE_AGENTS = 5
"""Of the full form's kills: agents with eyes, which take seconds to start."""
BALANCE_EVERY = 9
"""Kills; prime to the rhythms of the others, so that each kind comes last before a look."""
CLIP = "head-pose-face-detection-male.gif"
REPOSITORY = Path(__file__).resolve().parents[2]


def kill_ingest(folder: Path, *, short: bool, tell: Tell) -> list[Outcome]:
    """kill -9 of the ingest command at random moments, while devices fill the broker."""
    times, number = 4 if short else 100, seed()
    chance = random.Random(number)
    store, log = folder / "store", folder / "ingest.log"
    screening(store)
    struck: Counter[str] = Counter()
    faults: list[str] = []
    with Broker(folder / "broker") as broker:
        topics(broker.address)
        command = ingest_command(f"kafka:{broker.address}", store)
        with Load(broker.address, number) as load:
            start_s = _start_s(command, store, log)
            # Each kind of moment once, then by chance.
            kinds = itertools.chain((START, COMMIT, PUBLISH, PURGE), _kinds(chance))
            for done, kind in enumerate(itertools.islice(kinds, times), start=1):
                with Running(command, log) as ingest:
                    hit = _strike(ingest, kind, store, chance, start_s)
                    if hit == ENDED:
                        faults.append(f"ingest ended by itself: {ingest.said[-300:]}")
                struck[hit] += 1
                tell(f"{done} of {times} kills, {load.records} records sent")
            load.finish()
        last = ingest_once(f"kafka:{broker.address}", store)
    faults += _unsaid(log) + _failed("the last ingest", last.returncode, last.stderr)
    found = compare(store, load.generated)
    faults += _ledger_faults(store, load) + _traces_of_the_withdrawn(store, load)
    where = ", ".join(f"{count} {kind}" for kind, count in sorted(struck.items()))
    return [
        Outcome(
            "kill -9 of ingest, under load",
            times,
            "0 lost, 0 doubled, the ledger closes, who withdrew is gone",
            f"{found} of {load.records:,} records, {load.repeated} of them repeats; "
            f"{load.rejected} dead letters, {len(load.withdrawn)} withdrawals; struck {where}; "
            + _told(faults, number),
            found.whole and not faults,
        )
    ]


def frozen_writer(folder: Path, *, short: bool, tell: Tell) -> list[Outcome]:
    """SIGSTOP of an ingest at random moments, a second one beside it; the first thawed, or killed as it is."""
    times, number = 2 if short else 20, seed()
    chance = random.Random(number)
    store, log = folder / "store", folder / "ingest.log"
    screening(store)
    faults: list[str] = []
    refusals: Counter[str] = Counter()
    moments = (COMMIT, PUBLISH, Moment("between", COMMIT.file, 10, 0.5))
    with Broker(folder / "broker") as broker:
        topics(broker.address)
        source = f"kafka:{broker.address}"
        with Load(broker.address, number) as load:
            for done in range(1, times + 1):
                with Running(ingest_command(source, store), log) as first:
                    if not moments[done % 3].wait(first, store, chance, MOST_S):
                        faults.append(f"ingest did not come to {moments[done % 3].name}: {first.said[-300:]}")
                    first.freeze()
                    second = ingest_once(source, store)
                    refusals[_one_line(second.returncode, second.stderr, store, first.process.pid)] += 1
                    if done % 2:
                        first.thaw()  # and it goes on, or says why not
                        if not COMMIT.wait(first, store, chance, MOST_S):
                            faults.append(f"thawed, ingest stored nothing more: {first.said[-300:]}")
                    # The others are killed as they are.
                tell(f"{done} of {times} frozen")
            load.finish()
        last = ingest_once(source, store)
    faults += _unsaid(log) + _failed("the ingest after a frozen one", last.returncode, last.stderr)
    faults += [f"a second ingest was not refused: {said}" for said in refusals if said]
    found = compare(store, load.generated)
    faults += _ledger_faults(store, load) + _traces_of_the_withdrawn(store, load)
    return [
        Outcome(
            "a frozen writer and a second one",
            times,
            "the second is refused in one line, the first goes on, no doubles",
            f"{refusals['']} of {times} refused; {found}; " + _told(faults, number),
            found.whole and not faults,
        )
    ]


def kill_agent(folder: Path, *, short: bool, tell: Tell) -> list[Outcome]:
    """kill -9 of the agent at random moments, all on one outbox; ingest reads the broker after every few."""
    times, whole, number = (3, 0, seed()) if short else (50, WHOLE_AGENTS, seed())
    chance = random.Random(number)
    store, outbox, log, told = (folder / name for name in ("store", "outbox", "agent.log", "told"))
    screening(store)
    faults: list[str] = []
    balances: list[_Balance] = []

    def balance(address: str) -> _Balance:
        done = ingest_once(f"kafka:{address}", store)
        if done.returncode:
            faults.append(f"ingest ended with exit code {done.returncode}: {done.stderr.strip()[-300:]}")
        return _balance(outbox, store)

    with Broker(folder / "broker") as broker:
        topics(broker.address)
        quick = [sys.executable, "-m", "tests.chaos.quick_agent", str(outbox), broker.address, str(told)]
        real = _agent_command(outbox, broker.address) if whole else []
        for done in range(1, times + 1):
            is_whole = done * whole // times > (done - 1) * whole // times
            before = sum(_generated(outbox).values())
            told.unlink(missing_ok=True)
            with Running(real if is_whole else quick, log) as agent:
                _wait_for_samples(agent, outbox, chance, skip=done % 4 == 0)
                if agent.ended:
                    faults.append(f"the agent ended by itself: {agent.said[-300:]}")
            made = sum(_generated(outbox).values())
            last = int(lines[-1]) if told.exists() and (lines := told.read_text().split()) else 0
            if made - before < last:
                faults.append(
                    f"the agent said that {last} samples were kept, its outbox knows {made - before}"
                )
            if done % BALANCE_EVERY == 0 or done == times:
                balances.append(balance(broker.address))
            tell(f"{done} of {times} kills, {made} samples made")
        with Running([*quick, "10"], log) as agent:  # one that is let live delivers what the others left
            agent.process.wait(600)
        at_end = balance(broker.address)
    faults += _unsaid(log)
    if at_end.left or at_end.both:
        faults.append(f"{at_end.left + at_end.both} samples still wait after an agent that ended")
    closed = sum(one.whole for one in balances)
    return [
        Outcome(
            "kill -9 of the agent",
            times,
            "generated = stored + still in outbox, 0 dropped, 0 doubled",
            f"the sum was right at {closed} of {len(balances)} looks, with {sum(one.left for one in balances)} samples "
            f"in the outbox alone and {sum(one.both for one in balances)} in both; after one run that ended {at_end}; "
            f"{whole} kills of the whole command; " + _told(faults, number),
            closed == len(balances) and at_end.whole and not faults,
        )
    ]


@dataclass(frozen=True)
class _Balance:
    """Where the samples of an outbox's sessions are."""

    generated: int
    stored: int
    left: int
    """In the outbox and not in the store."""
    both: int
    """In the outbox still, and stored: taken by the broker before the device heard so."""
    dropped: int
    doubled: int
    astray: int
    """Of sessions, by how many the sum is wrong, either way."""

    @property
    def whole(self) -> bool:
        return self.dropped == self.doubled == self.astray == 0 < self.generated

    def __str__(self) -> str:
        return (
            f"{self.generated:,} generated = {self.stored:,} stored + {self.left} in the outbox "
            f"({self.both} in both), {self.dropped} dropped, {self.doubled} doubled, {self.astray} astray"
        )


def _balance(outbox: Path, store: Path) -> _Balance:
    generated = _generated(outbox)
    with closing(sqlite3.connect(f"{outbox.as_uri()}?mode=ro", uri=True)) as device:
        (dropped,) = device.execute("SELECT sum(dropped) FROM session").fetchone()
        waiting = {
            (message.session, sample.viewer, sample.pass_, sample.t)
            for (body,) in device.execute("SELECT body FROM message")
            if isinstance(message := decode(body), Reactions)
            for sample in message.samples
        }
    with duckdb.connect(str(store / "store.duckdb"), read_only=True) as connection:
        rows = connection.execute("SELECT session, viewer, pass, t_ms FROM reaction").fetchall()
    stored = set(rows)
    there = Counter(session for session, *_ in stored | waiting)
    astray = sum(abs(generated.get(one, 0) - there[one]) for one in generated.keys() | there.keys())
    return _Balance(
        sum(generated.values()),
        len(stored),
        len(waiting - stored),
        len(waiting & stored),
        dropped,
        len(rows) - len(stored),
        astray,
    )


def _generated(outbox: Path) -> dict[str, int]:
    """Samples that each session ever put into the outbox, by its own account."""
    if not outbox.exists():
        return {}
    with closing(sqlite3.connect(f"{outbox.as_uri()}?mode=ro", uri=True, timeout=60)) as device:
        if not device.execute("SELECT 1 FROM sqlite_schema WHERE name = 'session'").fetchone():
            return {}  # killed before it had made its tables
        return dict(device.execute("SELECT session, generated FROM session").fetchall())


def _wait_for_samples(agent: Running, outbox: Path, chance: random.Random, *, skip: bool) -> None:
    """Until the agent has made some, and a random while more; with ``skip`` a random while from its start."""
    before = sum(_generated(outbox).values())
    until = time.monotonic() + 300
    while not skip and not agent.ended and time.monotonic() < until:
        if sum(_generated(outbox).values()) > before:
            break
        time.sleep(NAP_S)
    time.sleep(chance.uniform(0, 2))


def _agent_command(outbox: Path, address: str) -> list[str]:
    """The agent as a viewer starts it, on footage that is played for hours."""
    shared = Path(os.environ.get("HOUSELIGHTS_SHARED") or REPOSITORY.parent / "shared")
    clip = shared / "media" / CLIP
    if not clip.is_file():
        raise FileNotFoundError(f"no {clip}: name the shared data in HOUSELIGHTS_SHARED")
    return [
        *(sys.executable, "-m", "houselights", "agent", "run"),
        *("--film", "film", "--cut", "cut", "--screening", SCREENING, "--source", str(clip)),
        *("--rounds", "1000", "--to", f"kafka:{address}", "--outbox", str(outbox)),
    ]


def _kinds(chance: random.Random) -> Iterator[Moment | str]:
    while True:
        yield from chance.choices((START, ANY, COMMIT, PUBLISH, PURGE), weights=(2, 2, 3, 2, 1))


def _start_s(command: list[str], store: Path, log: Path) -> float:
    """How long ingest takes from its start to its first commit; it is killed then."""
    began = time.monotonic()
    with Running(command, log) as ingest:
        if not Moment("first", COMMIT.file, 1, 0).wait(ingest, store, random.Random(0), MOST_S):
            raise RuntimeError(f"ingest does not start: {ingest.said}")
    return time.monotonic() - began


def _strike(ingest: Running, kind: Moment | str, store: Path, chance: random.Random, start_s: float) -> str:
    """Kill at that moment, and say what it hit: what ingest was writing still lies there."""
    name = ANY
    if kind == START:
        time.sleep(chance.uniform(0, start_s))
        name = START
    elif isinstance(kind, Moment) and kind.wait(ingest, store, chance, PURGE_S if kind is PURGE else MOST_S):
        name = kind.name
    else:
        time.sleep(chance.uniform(0, 2 * start_s))
    ended = ingest.ended
    ingest.kill()
    if ended:
        return ENDED
    if name in (PUBLISH.name, PURGE.name) and isinstance(kind, Moment) and not (store / kind.file).exists():
        return f"just after it {name.removeprefix('while it ')}"
    return name


def _one_line(code: int, said: str, store: Path, pid: int) -> str:
    """Nothing when a second ingest was refused as it should be; else what it did."""
    lines = said.strip().splitlines()
    named = f"houselights: {store / 'store.duckdb'} is open in "
    who = (f"process {pid} ", "another process")
    if code == 1 and len(lines) == 1 and lines[0].startswith(tuple(named + one for one in who)):
        return ""
    return f"exit code {code}: {said.strip()[-300:]}"


def _failed(name: str, code: int, said: str) -> list[str]:
    return [f"{name} ended with exit code {code}: {said.strip()[-300:]}"] if code else []


def _unsaid(log: Path) -> list[str]:
    """A traceback in what processes said until they were killed."""
    text = log.read_text(encoding="utf-8", errors="replace")
    at = text.find("Traceback")
    return [f"a traceback: {text[at : at + 600]}"] if at >= 0 else []


def _ledger_faults(store: Path, load: Load) -> list[str]:
    closed = ledger(store)
    with duckdb.connect(str(store / "store.duckdb"), read_only=True) as connection:
        (letters,) = connection.execute("SELECT count(*) FROM reject").fetchall()[0]
        (due,) = connection.execute("SELECT count(*) FROM letter_due").fetchall()[0]
        (changed,) = connection.execute(
            "SELECT count(*) FROM reaction WHERE happy <> t_ms // 1000 % 101 OR happy + neutral <> 100"
        ).fetchall()[0]
    faults = [f"the ledger does not close: {closed.stdout.strip()[-300:]}"] if closed.returncode else []
    if letters != load.rejected:
        faults.append(f"{letters} dead letters, {load.rejected} were sent")
    if due:
        faults.append(f"{due} dead letters were not forwarded")
    if changed:
        faults.append(f"{changed} samples are not what was sent")
    return faults


def _traces_of_the_withdrawn(store: Path, load: Load) -> list[str]:
    """Rows or bytes of who took everything back; its random name alone is kept, to know what comes late."""
    names = sorted(load.withdrawn)
    faults = []
    with duckdb.connect(str(store / "store.duckdb"), read_only=True) as connection:
        for table in ("session", "reaction", "reject", "purge_due"):
            (rows,) = connection.execute(
                f"SELECT count(*) FROM {table} WHERE list_contains(?, session)", [names]
            ).fetchall()[0]
            if rows:
                faults.append(f"{rows} rows of sessions that withdrew in {table}")
        kept = connection.execute("SELECT session FROM withdrawn").fetchall()
        one_mark = connection.execute("SELECT agent_version FROM session LIMIT 1").fetchall()[0][0]
    if sorted(session for (session,) in kept) != names:
        faults.append(f"{len(kept)} sessions are known to have withdrawn, {len(names)} did")
    if "store.duckdb" not in files_with(store, [one_mark]):
        raise RuntimeError("a session that is there leaves no mark in the file: the search proves nothing")
    left = set(files_with(store, names)) - {"store.duckdb"} | set(files_with(store, load.withdrawn.values()))
    if left:
        faults.append(f"bytes of sessions that withdrew are in {', '.join(sorted(left))}")
    return faults


def _told(faults: list[str], number: int) -> str:
    return "; ".join([*faults, f"seed {number}"])
