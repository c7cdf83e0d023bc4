from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.usable import unusable
from tests.analytics.conftest import FilledStore
from tests.analytics.made_audience import put


@pytest.mark.parametrize(
    ("sampled", "scored", "covered", "seen", "why"),
    [
        (7200, 7000, 7200, 97.0, None),
        (3600, 3500, 7200, 97.0, None),  # left at half time
        (720, 720, 7200, 97.0, None),
        (719, 719, 7200, 97.0, "too_little_watched"),
        (7200, 719, 7200, 97.0, "too_little_face"),
        (7200, 7000, 7200, 25.0, None),
        (7200, 7000, 7200, 24.9, "too_little_face"),
        (0, 0, 7200, 0.0, "too_little_watched"),
        (1, 1, 10, 100.0, None),
        (0, 0, 0, 0.0, None),
    ],
)
def test_the_rule(sampled: int, scored: int, covered: int, seen: float, why: str | None) -> None:
    assert unusable(sampled, scored, covered, seen) == why


def audience(*watched: int, seconds: int = 100) -> NDArray[np.float64]:
    """One viewer each, who watches so many seconds, smiling now and then."""
    happy = np.full((len(watched), seconds), np.nan)
    for viewer, until in enumerate(watched):
        happy[viewer, :until] = 30 * (np.arange(until) % 7 == viewer % 7)
    return happy


def test_who_leaves_at_half_time_stays_in_the_figures_of_the_first_half(store: FilledStore) -> None:
    put(store, "t", audience(100, 100, 100, 100, 100, 50, 50))
    store.publish()
    assert store.sql(
        "SELECT DISTINCT viewers FROM second_summary WHERE screening = 't' AND t_ms < 50000"
    ) == [(7,)]
    assert store.sql("SELECT viewers FROM screening_summary WHERE screening = 't'") == [(7,)]
    assert store.sql("SELECT * FROM left_out WHERE screening = 't'") == []


def test_who_gave_too_little_is_in_no_figure_and_counted(store: FilledStore) -> None:
    kept = audience(100, 100, 100, 90, 80, 100)
    put(store, "t", kept)
    put(store, "u", np.vstack([kept, audience(8, 5)]))
    store.session("blind", screening="u")
    for second in range(100):
        store.reaction("blind", second * 1000, None, front=0)
    store.publish()
    for table in (
        "second_reaction",
        "second_summary",
        "scene_reaction",
        "scene_summary",
        "moment",
        "scene_step",
    ):
        without, with_them = (
            store.sql(f"SELECT * EXCLUDE (screening) FROM {table} WHERE screening = '{one}' ORDER BY ALL")
            for one in "tu"
        )
        assert without == with_them
    assert store.sql(
        "SELECT * EXCLUDE (screening) FROM screening_summary WHERE screening = 't'"
    ) == store.sql("SELECT * EXCLUDE (screening) FROM screening_summary WHERE screening = 'u'")
    assert store.sql(
        "SELECT reason, cells, viewers_most FROM left_out WHERE screening = 'u' AND what = 'viewer'"
    ) == [
        ("too_little_face", 1, None),
        ("too_little_watched", 2, None),
    ]
    assert store.sql("SELECT viewers FROM screening WHERE screening = 'u'") == [(8,)]


def test_a_face_that_is_seldom_found_does_not_count(store: FilledStore) -> None:
    put(store, "t", audience(100, 100, 100, 100, 100))
    put(store, "u", audience(100, 100, 100, 100, 100), seen=20)
    store.publish()
    assert store.sql("SELECT screening FROM screening_summary") == [("t",)]
    assert store.sql("SELECT screening, reason, cells FROM left_out WHERE what = 'viewer'") == [
        ("u", "too_little_face", 5)
    ]


def test_one_device_with_a_wrong_clock_makes_nobody_unusable(store: FilledStore) -> None:
    put(
        store, "t", np.vstack([audience(100, 100, 100, 100, 100, seconds=5000), audience(5000, seconds=5000)])
    )
    store.publish()
    assert store.sql("SELECT viewers FROM screening_summary WHERE screening = 't'") == [(6,)]
    assert store.sql("SELECT count(*) FROM second_summary WHERE screening = 't'") == [(100,)]


def test_where_too_few_came_nobody_is_left_out_for_what_they_gave(store: FilledStore) -> None:
    put(store, "t", audience(100, 3))
    store.publish()
    assert store.sql("SELECT what, cells FROM left_out WHERE screening = 't' ORDER BY what") == [
        ("scene", 2),
        ("second", 100),
    ]
