"""Whatever happens to a store and its catalogue, a publish that takes figures over gives what one from nothing does."""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from analytics.catalogue import Catalogue, Cut, Film, Scene, Screening
from analytics.final import FINAL_NAME
from analytics.publish import STEPS_TO_SERVING, publish
from analytics.serving import SERVING_NAME
from analytics.taken_over import STATE_NAME
from contract.messages import End, Message, Reactions, Sample, Start, Withdraw
from ingest.batch import plan
from ingest.retention import remove_old
from ingest.service import admissions
from ingest.store import Store
from ingest.store_file import STORE_NAME
from tests.ingest.conftest import record

SESSIONS = [letter * 32 for letter in "abcdef"]
SHOWN = {"s": "one", "t": "two", "u": "two"}
SCREENINGS, CUTS = list(SHOWN), ["one", "two"]
TODAY = date(2026, 3, 31)

scores = st.sampled_from([(0, 0, 0, 100, 0, 0, 0), (0, 0, 10, 30, 60, 0, 0), (5, 0, 0, 0, 90, 5, 0), None])
samples = st.builds(
    lambda second, long, pass_, seat, p: Sample(
        second * 1000, 3000 if long else 1000, pass_, seat, 4 if p else 0, 100, 90 if p else 20, p
    ),
    second=st.integers(0, 8),
    long=st.sampled_from([False, False, False, True]),
    pass_=st.sampled_from([0, 0, 0, 1]),
    seat=st.integers(0, 1),
    p=scores,
)
scene_ends = st.lists(st.integers(1, 9), min_size=0, max_size=3, unique=True).map(sorted)


class StoreAndCatalogue(RuleBasedStateMachine):
    """An ingest's store, what organisers do beside it, and the publishes between."""

    def __init__(self) -> None:
        super().__init__()
        self._temporary = tempfile.TemporaryDirectory()
        self._folder = Path(self._temporary.name) / "store"
        self._plain = Path(self._temporary.name) / "plain"
        self._plain.mkdir()
        self._catalogue = Catalogue(self._folder)
        self._catalogue.save_film(Film("film", "The Film"))
        for cut in CUTS:
            self._catalogue.save_cut(Cut("film", cut))
        for screening, cut in SHOWN.items():
            self._catalogue.save_screening(Screening(screening, "film", cut, 1))
        self._store = Store(self._folder)
        self._next_offset = 0
        self._published = True
        # Somebody is everywhere, and one session is still to come.
        for number, session in enumerate(SESSIONS[:5]):
            screening = SCREENINGS[number % 3]
            self._take(
                Start(session, screening, "film", SHOWN[screening], 1, "en", "0.1", "bundled", 80),
                Reactions(
                    session, 1, [Sample(at * 1000, 1000, 0, 0, 4, 100, 90, _happy(at)) for at in range(6)]
                ),
            )
        self._store.publish()

    def teardown(self) -> None:
        self._store.close()
        self._temporary.cleanup()

    @rule(session=st.sampled_from(SESSIONS), found=st.lists(samples, min_size=1, max_size=4))
    def send(self, session: str, found: list[Sample]) -> None:
        seq = self._store.last_seqs([session]).get(session, 0) + 1
        self._take(Reactions(session, seq, found))

    @rule(
        session=st.sampled_from(SESSIONS),
        screening=st.sampled_from(SCREENINGS),
        cut=st.sampled_from(CUTS),
        simulated=st.booleans(),
    )
    def start(self, session: str, screening: str, cut: str, simulated: bool) -> None:
        self._take(Start(session, screening, "film", cut, 1, "en", "0.1", "bundled", 80, simulated=simulated))

    @rule(session=st.sampled_from(SESSIONS))
    def end(self, session: str) -> None:
        self._take(End(session, 9, 9, 0, 0))

    @rule(session=st.sampled_from(SESSIONS))
    def withdraw(self, session: str) -> None:
        self._take(Withdraw(session))

    @rule()
    def purge(self) -> None:
        self._store.purge()

    @rule()
    def restart(self) -> None:
        self._store.close()
        self._store = Store(self._folder)

    @rule(
        screening=st.sampled_from(SCREENINGS),
        cut=st.sampled_from(CUTS),
        k=st.integers(1, 3),
        closed=st.booleans(),
    )
    def change_screening(self, screening: str, cut: str, k: int, closed: bool) -> None:
        day = "2026-03-01" if closed else None
        self._catalogue.save_screening(Screening(screening, "film", cut, k, open=not closed, closed_on=day))
        self._published = False

    @rule(screening=st.sampled_from(SCREENINGS))
    def forget_screening(self, screening: str) -> None:
        (self._catalogue.folder / "screening" / f"{screening}.json").unlink(missing_ok=True)
        self._published = False

    @rule(cut=st.sampled_from(CUTS), ends=scene_ends)
    def name_scenes(self, cut: str, ends: list[int]) -> None:
        self._catalogue.save_scenes(
            "film",
            cut,
            [
                Scene(f"Scene {begin}", begin * 1000, end * 1000)
                for begin, end in zip([0, *ends], ends, strict=False)
            ],
        )
        self._published = False

    @rule()
    def remove_old_rows(self) -> None:
        remove_old(self._store, 30, TODAY)
        self._published = False

    @rule(session=st.sampled_from(SESSIONS), t_ms=st.sampled_from([0, 3000]))
    def change_by_hand(self, session: str, t_ms: int) -> None:
        self._store.connection.execute(
            "UPDATE reaction SET happy = neutral, neutral = happy WHERE session = ? AND t_ms = ?",
            [session, t_ms],
        )
        self._published = False

    @rule()
    def put_back_a_backup(self) -> None:
        """Of the store, not of what was published."""
        self._store.close()
        backup = Path(self._temporary.name) / "backup.duckdb"
        if backup.exists():
            shutil.copyfile(backup, self._folder / STORE_NAME)
        else:
            shutil.copyfile(self._folder / STORE_NAME, backup)
        self._store = Store(self._folder)
        self._published = False

    @rule()
    def crash_before_the_rename(self) -> None:
        """As a kill leaves it: fingerprints of a file that was never put in place."""
        serving = (self._folder / SERVING_NAME).read_bytes()
        self._store.publish()
        (self._folder / SERVING_NAME).unlink()
        (self._folder / SERVING_NAME).write_bytes(serving)
        self._published = False

    @rule()
    def lose_what_lies_beside(self) -> None:
        (self._folder / STATE_NAME).unlink(missing_ok=True)

    @invariant()
    def the_figures_are_those_of_a_publish_from_nothing(self) -> None:
        if self._published:
            return
        self._store.publish()
        self._published = True
        shutil.rmtree(self._plain)
        shutil.copytree(self._catalogue.folder, self._plain / "catalogue")
        if (self._folder / FINAL_NAME).exists():
            shutil.copyfile(self._folder / FINAL_NAME, self._plain / FINAL_NAME)
        assert publish(self._store.connection, self._plain).taken_over == 0
        assert _figures(self._folder) == _about(_figures(self._plain))
        state = json.loads((self._folder / STATE_NAME).read_text())
        assert not any(session in str(state) for session in SESSIONS)

    def _take(self, *found: Message) -> None:
        sessions = {message.session for message in found}
        batch = plan(
            [record(message, self._next_offset + place) for place, message in enumerate(found)],
            admissions(self._catalogue),
            self._store.last_seqs(sessions),
            self._store.withdrawn(sessions),
        )
        self._store.write(batch, "test", self._store.offsets("test"), {0: self._next_offset + len(found)})
        self._next_offset += len(found)
        self._published = False


def _happy(at: int) -> tuple[int, int, int, int, int, int, int]:
    return (0, 0, 0, 15 * at, 100 - 15 * at, 0, 0)


def _figures(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{folder / SERVING_NAME}' AS serving (READ_ONLY)")
        return {
            table: connection.execute(f"SELECT * FROM serving.{table}").fetchall()
            for table in STEPS_TO_SERVING
        }


def _about(figures: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Sums of fractions may differ in their last bits, so what was rounded may differ in its last digit."""
    return {
        table: [
            tuple(pytest.approx(one, abs=2e-6) if isinstance(one, float) else one for one in row)
            for row in rows
        ]
        for table, rows in figures.items()
    }


TestStoreAndCatalogue = StoreAndCatalogue.TestCase
TestStoreAndCatalogue.settings = settings(
    max_examples=6, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
