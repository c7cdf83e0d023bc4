"""What did not change is taken over, what did is computed, and nobody can tell which from the tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from analytics.catalogue import Cut, Film, Scene, Screening, Subtitle
from analytics.publish import STEPS_TO_SERVING, publish
from analytics.serving import SERVING_NAME
from analytics.taken_over import STATE_NAME
from tests.analytics.conftest import FilledStore, copied_store, filled_store, happy
from tests.analytics.made_audience import put

A = "a" * 32


def figures(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All that is published, in the order in which it lies there."""
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{folder / SERVING_NAME}' AS serving (READ_ONLY)")
        return {
            table: connection.execute(f"SELECT * FROM serving.{table}").fetchall()
            for table in STEPS_TO_SERVING
        }


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Screenings s, t and u of three viewers each, published."""
    with filled_store(tmp_path_factory.mktemp("published")) as store:
        for screening in "tu":
            store.catalogue.save_screening(Screening(screening, "film", "cut", 2))
        store.connection.execute("BEGIN")
        for screening in "stu":
            for viewer in range(3):
                session = f"{screening}{viewer:031x}".replace("s", "5").replace("t", "7").replace("u", "8")
                store.session(session, screening=screening)
                for second in range(10):
                    store.reaction(session, second * 1000, happy((7 * second + 13 * viewer) % 100))
        store.connection.execute("COMMIT")
        store.publish()
    return store.folder


@pytest.fixture
def three(published: Path, tmp_path: Path) -> Iterator[FilledStore]:
    with copied_store(published, tmp_path) as store:
        yield store


def session_of(store: FilledStore, screening: str) -> str:
    ((found,),) = store.connection.execute(
        "SELECT min(session) FROM session WHERE screening = ?", [screening]
    ).fetchall()
    return str(found)


def test_where_nothing_changed_everything_is_taken_over(three: FilledStore) -> None:
    before, version = figures(three.folder), three.serving.version()
    report = three.publish()
    assert report.taken_over == 3
    assert figures(three.folder) == before
    assert three.serving.version() == report.version != version


Change = Callable[[FilledStore], None]


def _sql(text: str) -> Change:
    def change(store: FilledStore) -> None:
        store.connection.execute(text, [session_of(store, "t")])

    return change


CHANGES: dict[str, tuple[Change, int]] = {
    "one more second": (lambda store: store.reaction(session_of(store, "t"), 10_000), 2),
    "one more viewer": (lambda store: store.session(A, screening="t"), 2),
    "a session ends or goes on": (_sql("UPDATE session SET ended = NOT ended WHERE session = ?"), 2),
    "a session turns out simulated": (_sql("UPDATE session SET simulated = true WHERE session = ?"), 2),
    "a session changes place": (_sql("UPDATE session SET screening = 'u' WHERE session = ?"), 1),
    "a viewer's rows go": (_sql("DELETE FROM reaction WHERE session = ?"), 2),
    "a session goes": (_sql("DELETE FROM session WHERE session = ?"), 2),
    "a score, by hand": (
        _sql(
            "UPDATE reaction SET happy = happy + 1, neutral = neutral - 1 WHERE session = ? AND t_ms = 3000"
        ),
        2,
    ),
    "a window's weight, by hand": (_sql("UPDATE reaction SET n = 9 WHERE session = ? AND t_ms = 3000"), 2),
    "attention, by hand": (_sql("UPDATE reaction SET front = 50 WHERE session = ? AND t_ms = 3000"), 2),
    "a face seen less, by hand": (
        _sql("UPDATE reaction SET seen = 50, front = 50 WHERE session = ? AND t_ms = 3000"),
        2,
    ),
    "a face found less, by hand": (
        _sql("UPDATE reaction SET seen = 99 WHERE session = ? AND t_ms = 3000"),
        2,
    ),
    "subtitles": (
        lambda store: store.catalogue.save_subtitles("film", "cut", [Subtitle(0, 2000, "A line")]),
        0,
    ),
    "the cut's length": (
        lambda store: store.catalogue.save_cut(Cut("film", "cut", "25", duration_ms=60_000)),
        0,
    ),
    "a second is moved, by hand": (
        _sql("UPDATE reaction SET t_ms = 12000 WHERE session = ? AND t_ms = 3000"),
        2,
    ),
    "a rewatch, by hand": (_sql("UPDATE reaction SET pass = 1 WHERE session = ? AND t_ms = 3000"), 2),
    "a window is doubled": (
        _sql("INSERT INTO reaction FROM reaction WHERE session = ? AND t_ms IN (3000, 4000)"),
        2,
    ),
    "k": (lambda store: store.catalogue.save_screening(Screening("t", "film", "cut", 3)), 2),
    "the cut it showed": (lambda store: store.catalogue.save_screening(Screening("t", "film", "b", 2)), 2),
    "a scene begins earlier": (
        lambda store: store.catalogue.save_scenes(
            "film", "cut", [Scene("One", 0, 3000), Scene("Two", 3000, 10_000)]
        ),
        0,
    ),
    "a scene is named": (
        lambda store: store.catalogue.save_scenes(
            "film", "cut", [Scene("Opening", 0, 5000), Scene("Two", 5000, 10_000)]
        ),
        3,
    ),
    "a title": (lambda store: store.catalogue.save_film(Film("film", "Another title")), 3),
    "a frame rate": (lambda store: store.catalogue.save_cut(Cut("film", "cut", "24")), 3),
    "a screening leaves the catalogue": (
        lambda store: (store.folder / "catalogue" / "screening" / "t.json").unlink(),
        2,
    ),
    "a screening to come": (
        lambda store: store.catalogue.save_screening(Screening("new", "film", "cut", 2)),
        3,
    ),
    "it is closed": (
        lambda store: store.catalogue.save_screening(
            Screening("t", "film", "cut", 2, open=False, closed_on="2026-03-01")
        ),
        3,
    ),
}


@pytest.mark.parametrize(("change", "taken_over"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_computes_what_it_touches(three: FilledStore, change: Change, taken_over: int) -> None:
    change(three)
    assert three.publish().taken_over == taken_over
    found = figures(three.folder)
    assert publish(three.connection, three.folder, anew=True).taken_over == 0
    assert figures(three.folder) == found
    came = three.connection.execute("SELECT DISTINCT screening FROM session").fetchall()
    assert three.publish().taken_over == len(
        {one for (one,) in came} & {row[0] for row in found["screening"]}
    )


def test_what_was_held_against_chance_is_taken_over_where_only_scenes_changed(store: FilledStore) -> None:
    happy_at = np.zeros((6, 200))
    happy_at[:, 100:105] = 50
    for screening in "tu":
        put(store, screening, happy_at + np.random.default_rng(1).integers(0, 15, happy_at.shape))
    store.publish()
    assert store.sql("SELECT count(DISTINCT screening) FROM moment") == [(2,)]
    # What stands there now could not have been computed.
    with duckdb.connect(str(store.folder / SERVING_NAME)) as serving:
        serving.execute("UPDATE moment SET strength = 1000 + strength WHERE screening = 't'")
        serving.execute("UPDATE screening_summary SET synchrony = -1, arc = 'Icarus' WHERE screening = 't'")
    store.catalogue.save_scenes("film", "cut", [Scene("Late", 90_000, 200_000)])
    store.catalogue.save_subtitles("film", "cut", [Subtitle(99_000, 101_000, "The joke")])
    assert store.publish().taken_over == 0
    assert store.sql("SELECT screening, strength > 1000, scene, line FROM moment WHERE kind = 'laugh'") == [
        ("t", True, 1, "The joke"),
        ("u", False, 1, "The joke"),
    ]
    assert store.sql("SELECT synchrony, arc FROM screening_summary WHERE screening = 't'") == [
        (-1.0, "Icarus")
    ]
    store.session("late", screening="t")
    store.reaction("late", 0)
    assert store.publish().taken_over == 1
    assert store.sql("SELECT count(*) FROM moment WHERE strength > 1000") == [(0,)]


def test_screenings_settle_a_few_at_a_time_the_newest_first(store: FilledStore) -> None:
    happy_at = np.zeros((6, 200))
    happy_at[:, 100:105] = 50
    for screening in "tuv":
        put(store, screening, happy_at + np.random.default_rng(1).integers(0, 15, happy_at.shape))

    def settled() -> str:
        found = store.sql("SELECT screening FROM screening_summary WHERE synchrony IS NOT NULL ORDER BY ALL")
        return "".join(screening for (screening,) in found)

    def publish_some(settled_at_once: int) -> tuple[str, int, int]:
        report = publish(store.connection, store.folder, settled_at_once=settled_at_once)
        return settled(), report.waiting, report.taken_over

    windows = 6 * 200
    assert publish_some(1) == ("v", 2, 0)  # one always, or a large one would wait for ever
    assert store.sql("SELECT count(*) FROM scene_summary WHERE screening = 't'") == [(2,)]
    assert publish_some(windows) == ("uv", 1, 2)
    store.reaction(session_of(store, "v"), 200_000)
    assert publish_some(windows) == ("uv", 1, 2)  # what changed before is newer than what waits
    assert publish_some(2 * windows) == ("tuv", 0, 2)
    assert publish_some(1) == ("tuv", 0, 3)
    found = figures(store.folder)
    assert publish(store.connection, store.folder, anew=True).waiting == 0
    assert figures(store.folder) == found


def test_a_change_that_is_taken_back_is_computed_both_times(three: FilledStore) -> None:
    before = figures(three.folder)
    three.reaction(session_of(three, "s"), 10_000)
    assert three.publish().taken_over == 2
    assert figures(three.folder) != before
    three.connection.execute("DELETE FROM reaction WHERE t_ms = 10000")
    assert three.publish().taken_over == 2
    assert figures(three.folder) == before


def _version_of_another(folder: Path) -> None:
    state = json.loads((folder / STATE_NAME).read_text())
    (folder / STATE_NAME).write_text(json.dumps(state | {"version": "0" * 16}))


DOUBTS: dict[str, Callable[[Path], object]] = {
    "no published.json": lambda folder: (folder / STATE_NAME).unlink(),
    "half a published.json": lambda folder: (folder / STATE_NAME).write_bytes(
        (folder / STATE_NAME).read_bytes()[:40]
    ),
    "an empty published.json": lambda folder: (folder / STATE_NAME).write_bytes(b""),
    "another kind of published.json": lambda folder: (folder / STATE_NAME).write_text('{"version": 1}'),
    "a published.json of another publish, as a crash before the rename leaves it": _version_of_another,
    "no serving file": lambda folder: (folder / SERVING_NAME).unlink(),
    "an empty serving file": lambda folder: (folder / SERVING_NAME).write_bytes(b""),
    "half a serving file": lambda folder: (folder / SERVING_NAME).write_bytes(
        (folder / SERVING_NAME).read_bytes()[: (folder / SERVING_NAME).stat().st_size // 2]
    ),
    "a serving file that is none": lambda folder: (folder / SERVING_NAME).write_bytes(b"x" * 10_000),
}


@pytest.mark.parametrize("doubt", DOUBTS.values(), ids=DOUBTS.keys())
def test_where_there_is_doubt_everything_is_computed(
    three: FilledStore, doubt: Callable[[Path], object]
) -> None:
    before = figures(three.folder)
    doubt(three.folder)
    assert three.publish().taken_over == 0
    assert figures(three.folder) == before
    assert three.publish().taken_over == 3


def test_a_damaged_block_of_the_old_file_is_healed(three: FilledStore) -> None:
    """Never copied on: whatever byte is wrong, DuckDB's checksum tells, and the store stays open."""
    before, path = figures(three.folder), three.folder / SERVING_NAME
    good, state = path.read_bytes(), (three.folder / STATE_NAME).read_bytes()
    taken_over = []
    for place in range(4096, len(good), len(good) // 6):
        path.unlink()  # what is open elsewhere keeps its bytes
        path.write_bytes(good[:place] + bytes([good[place] ^ 16]) + good[place + 1 :])
        (three.folder / STATE_NAME).write_bytes(state)
        taken_over.append(three.publish().taken_over)
        assert figures(three.folder) == before
    assert set(taken_over) <= {0, 3}
    assert 0 in taken_over


def test_a_new_version_of_another_file_fits_no_fingerprint(three: FilledStore, tmp_path: Path) -> None:
    """The serving file of another store directory, copied here."""
    other = tmp_path / "other"
    publish(three.connection, other)
    (three.folder / SERVING_NAME).unlink()
    (other / SERVING_NAME).rename(three.folder / SERVING_NAME)
    before = three.publish()
    assert (before.taken_over, before.screenings) == (0, 3)


def test_what_lies_beside_the_figures_says_nothing_of_anybody(three: FilledStore) -> None:
    state = json.loads((three.folder / STATE_NAME).read_text())
    assert state["version"] == three.serving.version()
    assert set(state["fingerprints"]) == {"s", "t", "u"}
    assert {len(one) for one in state["fingerprints"].values()} == {64}
    assert len(set(state["fingerprints"].values())) == 3
    assert session_of(three, "s") not in (three.folder / STATE_NAME).read_text()


@pytest.mark.parametrize("at_once", [1, 31, 10**9])
def test_how_much_is_computed_at_a_time_shows_nowhere(three: FilledStore, at_once: int) -> None:
    before = figures(three.folder)
    assert publish(three.connection, three.folder, anew=True, at_once=at_once).screenings == 3
    assert figures(three.folder) == before


def test_a_session_of_nobody_is_in_the_way_of_nothing(three: FilledStore) -> None:
    """Rows of a screening that the catalogue does not know, and of none."""
    three.session(A, screening="unheard-of")
    three.reaction(A, 0)
    three.reaction("b" * 32, 0)
    assert three.publish().taken_over == 3
