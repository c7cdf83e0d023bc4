"""Disks that are full: under the store, and under the outbox."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from analytics.errors import AnalyticsError
from analytics.serving import Serving
from contract.messages import Withdraw, new_session_id
from edge_agent.agent import RunReport, run_agent
from edge_agent.clocks.cue import CueClock
from edge_agent.outbox import Outbox
from edge_agent.settings import AgentSettings
from edge_agent.sources import Frame
from ingest.errors import IngestError, StoreError
from ingest.ledger import SessionLedger, ledgers, read_ledger, write_ledger
from ingest.outbox_source import OutboxSource
from ingest.service import run
from ingest.store_file import opened_to_read
from tests.chaos.damage import bit_flips, wal_cut
from tests.chaos.outcome import Outcome, Tell
from tests.chaos.quick_agent import GreyFilm, Happy, TwoFaces
from tests.chaos.replay import REPOSITORY, messages, write_outbox
from tests.chaos.small_disk import SmallDisk, small_disk
from tests.chaos.tried import Tried, said_by, summary
from tests.chaos.world import SCREENING, compare, ingest_once, screening, sessions, whole_session

__all__ = ["bit_flips", "disk_full_outbox", "disk_full_store", "wal_cut"]

MIB = 2**20
STORE_DISK_MIB = 24
MOST_FREE = {"from nothing": 4 * MIB, "beside figures": 4 * MIB, "with a viewer taken back": 3 * MIB}
"""Left free at most: about what it takes, so that every step of ingest meets the end of the disk."""
_STAGES = {
    "store.duckdb.wal": "a commit",
    "store.duckdb.purged": "the purge",
    "serving.duckdb.new": "the publish",
    "create checkpoint": "a checkpoint",
    "cannot open": "the start",
    "cannot make": "the start",
}
"""What a refusal's line names, and where ingest then was; the first that fits."""


def disk_full_store(folder: Path, *, short: bool, tell: Tell) -> list[Outcome]:
    """Ingest from an outbox on a disk with less and less room, then with enough."""
    outbox = folder / "all.outbox"
    sent = write_outbox(outbox, messages())
    first = folder / "first.outbox"
    gone, *others = sessions(6)
    earlier = write_outbox(first, (one for name in (gone, *others) for one in whole_session(name, 20)))
    taken_back = folder / "taken back.outbox"
    kept = write_outbox(taken_back, [*messages(), Withdraw(gone)]) | {name: earlier[name] for name in others}
    del kept[gone]
    template = folder / "template"
    screening(template)
    run(OutboxSource(first), template, once=True)
    times = 2 if short else 20
    with small_disk(folder / "disk", STORE_DISK_MIB) as disk:
        return [
            _fill_store(disk, outbox, sent, "from nothing", None, times, tell),
            _fill_store(disk, outbox, sent | earlier, "beside figures", template, times, tell),
            _fill_store(disk, taken_back, kept, "with a viewer taken back", template, times, tell),
            _full_ledger(disk, template),
        ]


def _fill_store(
    disk: SmallDisk,
    outbox: Path,
    sent: dict[str, int],
    name: str,
    template: Path | None,
    times: int,
    tell: Tell,
) -> Outcome:
    store, source = disk.folder / "store", outbox.with_suffix(".tried")
    stages: Counter[str] = Counter()
    broken: list[str] = []
    for number in range(times):
        tell(f"{name}, {number} of {times}")
        shutil.rmtree(store, ignore_errors=True)
        disk.empty()
        shutil.copyfile(outbox, source)
        if template is None:
            screening(store)
        else:
            shutil.copytree(template, store)
        before = _figures(store)
        # From no room at all up to enough: each step is met by some of them.
        disk.leave_free(MOST_FREE[name] * number // times)
        ended = ingest_once(f"outbox:{source}", store)
        stages[_stage(ended)] += 1
        wrong = _unclear(ended) if ended.returncode else ""
        if ended.returncode and before is not None and _figures(store) != before:
            wrong = wrong or "the old figures cannot be read"
        disk.empty()
        try:
            run(OutboxSource(source), store, once=True)
        except (AnalyticsError, IngestError) as error:
            wrong = wrong or f"with room again: {error}"
        else:
            found = compare(store, sent)
            wrong = wrong or ("" if found.whole and found.stored == sum(sent.values()) else str(found))
            wrong = wrong or ("" if _figures(store) not in (None, before) else "nothing published")
        if wrong:
            broken.append(wrong)
    shutil.rmtree(store)
    where = ", ".join(f"{count} in {stage}" for stage, count in stages.most_common())
    return Outcome(
        f"disk full at the store, {name}",
        times,
        "one clear line, old figures readable; with room again 0 lost, 0 doubled",
        f"{where}; " + (f"{len(broken)} broken: {broken[0]}" if broken else "0 lost, 0 doubled"),
        not broken,
    )


def _stage(ended: subprocess.CompletedProcess[str]) -> str:
    if ended.returncode == 0:
        return "none: it fitted"
    return next((stage for word, stage in _STAGES.items() if word in ended.stderr), "another place")


def _unclear(ended: subprocess.CompletedProcess[str]) -> str:
    """What is wrong with a refusal; nothing when it is one line that names the disk."""
    lines = [line for line in ended.stderr.splitlines() if line.strip()]
    clear = len(lines) == 1 and lines[0].startswith("houselights: ") and "No space left" in lines[0]
    return "" if ended.returncode == 1 and clear else f"exit {ended.returncode}: {ended.stderr[-500:]}"


def _figures(store: Path) -> list[tuple[object, ...]] | None:
    """All that is published of the scenes, and when; None where nothing is, or it cannot be read."""
    try:
        found = Serving(store).run_sql("SELECT * FROM published, scene_summary ORDER BY ALL")
    except AnalyticsError:
        return None
    return found.rows


def _full_ledger(disk: SmallDisk, template: Path) -> Outcome:
    store = disk.folder / "store"
    shutil.copytree(template, store)
    before = read_ledger(store)
    many = [SessionLedger(f"{number:032x}", SCREENING, 1, 1, 0, 0) for number in range(10_000)]
    disk.leave_free(0)
    said = ""
    try:
        write_ledger(store, many)
    except StoreError as error:
        said = str(error)
    held = "No space left" in said and read_ledger(store) == before
    disk.empty()
    write_ledger(store, many)
    held = held and read_ledger(store) == many
    shutil.rmtree(store)
    return Outcome(
        "disk full at ledger.json", 1, "one clear line, the old one readable; then the new one", said, held
    )


FILM_S = 60
OUTBOX_DISK_MIB = 8


@dataclass(eq=False)
class FillingFilm(GreyFilm):
    """Film during which the outbox's disk is full from one frame on, up to another or to the end."""

    disk: SmallDisk
    full_from: int
    full_until: int | None

    def __post_init__(self) -> None:
        super().__init__(FILM_S)
        self._frame = 0

    def grab(self) -> Frame | None:
        if self._frame == self.full_from:
            self.disk.leave_free(0)
        if self._frame == self.full_until:
            self.disk.empty()
        self._frame += 1
        return super().grab()


def disk_full_outbox(folder: Path, *, short: bool, tell: Tell) -> list[Outcome]:
    """The agent on a disk that gets full while the film plays; a device that dies on a full disk."""
    chance = random.Random(5)
    times = 4 if short else 30
    with small_disk(folder / "disk", OUTBOX_DISK_MIB) as disk:
        for_a_while = [_watch(disk, folder / f"a{number}", chance, True, tell) for number in range(times)]
        to_the_end = [_watch(disk, folder / f"b{number}", chance, False, tell) for number in range(times)]
        killed = [_die_full(disk, tell) for _ in range(1 if short else 10)]
    return [
        summary("outbox's disk full for a while", "the film goes on, 0 lost, 0 doubled", for_a_while),
        summary(
            "outbox's disk full to the end", "generated = stored + dropped, or the session named", to_the_end
        ),
        summary("outbox's disk full, then kill -9", "all that append took is there", killed),
    ]


def _watch(disk: SmallDisk, store: Path, chance: random.Random, freed: bool, tell: Tell) -> Tried:
    path = disk.folder / "viewer.outbox"
    frames = FILM_S * 4
    full_from = chance.randint(4, frames // 2)
    full_until = chance.randint(full_from + 4, frames - 4) if freed else None
    tell(f"disk full from frame {full_from} to {full_until or 'the end'}")
    with said_by("edge_agent") as said:
        report = _run_agent(path, FillingFilm(disk, full_from, full_until))
    disk.empty()
    with Outbox(path) as outbox:
        left = outbox.ledger(report.session).left
    screening(store)
    run(OutboxSource(path), store, once=True)
    stored = compare(store, {report.session: report.left})
    with opened_to_read(store) as connection:
        (ledger,) = ledgers(connection)
    for file in disk.folder.iterdir():
        file.unlink()
    wrong = ""
    if report.generated != 2 * FILM_S or report.generated != report.left + report.dropped:
        wrong = f"the agent's own ledger is open: {report}"
    elif left != report.left or not stored.whole or stored.stored != left:
        wrong = f"{left} in the outbox, told {report.left}, {stored}"
    elif freed and (report.dropped or not ledger.closes):
        wrong = f"lost although there was room again: {report}, {ledger}"
    elif len(said) != (2 if freed else 1) or "waits in memory" not in said[0]:
        wrong = f"said while the film played: {said}"
    elif not freed and not (report.dropped and report.warning and "disk" in report.warning):
        wrong = f"nothing said: {report}"
    elif ledger.state not in {"closed", "running"} or (ledger.state == "running" and freed):
        wrong = f"the store's ledger: {ledger}"
    counted = Counter(generated=report.generated, stored=stored.stored, dropped=report.dropped)
    counted["sessions named as not ended"] = int(ledger.state == "running")
    return Tried(counted, wrong)


def _run_agent(path: Path, film: FillingFilm) -> RunReport:
    clock = CueClock()
    clock.cue(0)
    settings = AgentSettings("film", "cut", SCREENING, "grey", batch_seconds=2, simulated=True)
    with Outbox(path) as outbox:
        return run_agent(
            settings, source=film, clock=clock, finder=TwoFaces(), classifier=Happy(), outbox=outbox
        )


DIE_FULL = """
import os, signal, sys
from pathlib import Path
from edge_agent.errors import OutboxStuckError
from edge_agent.outbox import Outbox
from tests.chaos.world import whole_session
outbox, kept = Outbox(Path(sys.argv[1])), 0
try:
    for message in whole_session(sys.argv[2], 100_000):
        outbox.append(message)
        kept += 1
except OutboxStuckError:
    print(kept, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def _die_full(disk: SmallDisk, tell: Tell) -> Tried:
    tell("kill -9 on a full disk")
    path, session = disk.folder / "viewer.outbox", new_session_id()
    disk.leave_free(MIB)
    child = subprocess.run(
        [sys.executable, "-c", DIE_FULL, str(path), session],
        cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    if child.returncode >= 0:
        raise RuntimeError(f"it did not die: {child.stderr[-2000:]}")
    disk.empty()
    with Outbox(path) as outbox:
        kept = len(outbox.pending(1_000_000))
    for file in disk.folder.iterdir():
        file.unlink()
    told = int(child.stdout)
    return Tried(Counter({"messages kept": kept}), "" if kept == told else f"{told} appended, {kept} there")
