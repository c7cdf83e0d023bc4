"""What is published of a scene that a subtraction would expose somebody in."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.catalogue import Scene, Screening
from analytics.publish import publish
from tests.analytics.conftest import FilledStore, happy
from tests.analytics.made_audience import put

SECONDS = 20


@pytest.fixture
def late(store: FilledStore) -> FilledStore:
    """Seven viewers, one of whom missed the first four seconds of the only scene."""
    store.catalogue.save_scenes("film", "cut", [Scene("All", 0, 1000 * SECONDS)])
    store.catalogue.save_screening(Screening("s", "film", "cut", 5))
    store.connection.execute("BEGIN")
    for viewer in range(7):
        store.session(f"{viewer:032x}")
        for second in range(4 if viewer == 3 else 0, SECONDS):
            store.reaction(f"{viewer:032x}", 1000 * second, happy((11 * second + 17 * viewer) % 60))
    store.connection.execute("COMMIT")
    return store


def subtracted(store: FilledStore) -> float | None:
    """Viewer 3's mean, out of the published tables, where every second is there."""
    ((scene, viewers),) = store.sql("SELECT mean, viewers FROM scene_reaction WHERE emotion = 'happy'")
    ((seconds, total),) = store.sql(
        "SELECT count(*), sum(mean * viewers) FROM second_reaction WHERE emotion = 'happy'"
    )
    return (SECONDS * scene * viewers - total) / 4 if seconds == SECONDS else None


def test_the_published_tables_no_longer_show_one_viewer(late: FilledStore) -> None:
    truth = sum((11 * second + 17 * 3) % 60 for second in range(4, SECONDS)) / (SECONDS - 4)
    # With k = 1 nothing is withheld, and the attack gets what it wants: it is no made-up one.
    late.catalogue.save_screening(Screening("s", "film", "cut", 1))
    late.publish()
    assert subtracted(late) == pytest.approx(truth, abs=1e-3)
    late.catalogue.save_screening(Screening("s", "film", "cut", 5))
    late.publish()
    assert subtracted(late) is None
    assert late.sql("SELECT what, reason, cells, viewers_most FROM left_out") == [
        ("second", "differencing", 4, None)
    ]
    for table in ("second_reaction", "second_summary"):
        assert late.sql(f"SELECT count(DISTINCT t_ms) FROM {table}") == [(SECONDS - 4,)]
    # The scene stays, and so does how many seconds somebody was scored in, and who went on watching.
    assert late.sql("SELECT viewers FROM scene_summary") == [(7,)]
    assert late.sql("SELECT seconds FROM screening") == [(SECONDS,)]
    assert late.sql("SELECT DISTINCT watching FROM second_summary") == [(7,)]


def test_the_same_seconds_are_withheld_each_time(late: FilledStore) -> None:
    late.publish()
    before = late.sql("SELECT t_ms FROM second_summary ORDER BY t_ms")
    publish(late.connection, late.folder, anew=True)
    assert late.sql("SELECT t_ms FROM second_summary ORDER BY t_ms") == before
    assert late.publish().taken_over == 1
    assert late.sql("SELECT t_ms FROM second_summary ORDER BY t_ms") == before


def test_where_attention_alone_would_show_somebody_emotions_stay(store: FilledStore) -> None:
    """Faces are lost here and there, a few seconds of each viewer, but every device sampled; one began late."""
    store.catalogue.save_scenes("film", "cut", [Scene("All", 0, 1000 * SECONDS)])
    store.catalogue.save_screening(Screening("s", "film", "cut", 5))
    store.connection.execute("BEGIN")
    for viewer in range(12):
        store.session(f"{viewer:032x}")
        for second in range(4 if viewer == 3 else 0, SECONDS):
            lost = (second - viewer) % SECONDS < viewer % 4
            store.reaction(f"{viewer:032x}", 1000 * second, None if lost else happy(10), front=90)
    store.connection.execute("COMMIT")
    store.publish()
    assert store.sql("SELECT what, reason, cells FROM left_out") == [("attention", "differencing", 4)]
    assert store.sql("SELECT count(*), count(attention), count(valence) FROM second_summary") == [
        (SECONDS, SECONDS - 4, SECONDS)
    ]
    assert store.sql("SELECT attention FROM scene_summary") == [(90.0,)]


def test_an_audience_that_all_stayed_or_of_whom_many_missed_some_loses_nothing(store: FilledStore) -> None:
    store.catalogue.save_screening(Screening("s", "film", "cut", 5))
    for viewer in range(12):
        store.session(f"{viewer:032x}")
        for second in range(10):
            if viewer >= 6 or second != viewer % 5:
                store.reaction(f"{viewer:032x}", 1000 * second)
    store.publish()
    assert store.sql("SELECT * FROM left_out") == []


def test_a_moment_goes_with_its_peak_second_and_is_counted(store: FilledStore) -> None:
    store.catalogue.save_scenes("film", "cut", [Scene("All", 0, 200_000)])
    store.catalogue.save_screening(Screening("s", "film", "cut", 5))
    happy_at = np.random.default_rng(1).integers(0, 15, (7, 200)).astype(float)
    happy_at[:, 88:92] = 60
    put(store, "s", happy_at)
    store.publish()
    assert store.sql("SELECT kind, peak_ms FROM moment") == [("laugh", 88_000)]
    assert store.sql("SELECT what FROM left_out") == []
    # Four seconds that one viewer missed: four others go, so that no subtraction shows that viewer; 88 is one of them.
    store.connection.execute(
        "DELETE FROM reaction WHERE t_ms BETWEEN 100000 AND 103000 AND session = (SELECT min(session) FROM session)"
    )
    store.publish()
    assert store.sql("SELECT kind FROM moment") == []
    assert store.sql("SELECT what, reason, cells, viewers_most FROM left_out ORDER BY what") == [
        ("moment", "differencing", 1, None),
        ("second", "differencing", 4, None),
    ]
