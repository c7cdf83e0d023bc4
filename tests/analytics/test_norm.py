"""A scene's place among the scenes of other films."""

from __future__ import annotations

import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from analytics.catalogue import Cut, Scene, Screening
from tests.analytics.conftest import FilledStore, happy


def show(store: FilledStore, film: str, screening: str, levels: list[int]) -> None:
    """Two viewers who are as happy as ``levels`` says, two seconds a scene."""
    store.catalogue.save_cut(Cut(film, "cut"))
    scenes = [Scene(f"S{number}", 2000 * number, 2000 * number + 2000) for number in range(len(levels))]
    store.catalogue.save_scenes(film, "cut", scenes)
    store.catalogue.save_screening(Screening(screening, film, "cut", 2))
    for viewer in range(2):
        session = f"{screening:>016}{viewer:016x}".replace(" ", "0")
        store.session(session, screening=screening)
        store.connection.execute("UPDATE session SET film = ? WHERE session = ?", [film, session])
        for second in range(2 * len(levels)):
            store.reaction(session, 1000 * second, happy(levels[second // 2]))


@pytest.fixture
def catalogue(store: FilledStore) -> FilledStore:
    """Five films of one screening and three scenes each, and the film that is looked at."""
    (store.folder / "catalogue" / "screening" / "s.json").unlink()
    for number in range(5):
        show(store, f"other{number}", f"o{number}", [10 * number, 10 * number + 4, 50])
    show(store, "film", "mine", [24, 60, 50])
    return store


def test_a_scene_stands_where_scipy_puts_it(catalogue: FilledStore) -> None:
    catalogue.publish()
    others = [level for number in range(5) for level in (10 * number, 10 * number + 4, 50)]
    found = catalogue.sql(
        "SELECT scene, value, percentile, low, high, screenings, scenes FROM norm "
        "WHERE screening = 'mine' AND measure = 'happy' AND scene IS NOT NULL"
    )
    assert [row[0] for row in found] == [1, 2, 3]
    for (_, value, percentile, low, high, screenings, scenes), level in zip(found, (24, 60, 50), strict=True):
        assert value == level
        assert percentile == pytest.approx(stats.percentileofscore(others, level, "mean"), abs=1e-3)
        below = percentile / 100 * 15
        assert (low / 100, high / 100) == pytest.approx(
            proportion_confint(below, 15, method="wilson"), abs=1e-4
        )
        assert (screenings, scenes) == (5, 15)


def test_a_whole_screening_is_measured_against_whole_cuts(catalogue: FilledStore) -> None:
    catalogue.publish()
    ((value, percentile, screenings, scenes),) = catalogue.sql(
        "SELECT value, percentile, screenings, scenes FROM norm "
        "WHERE screening = 'mine' AND measure = 'happy' AND scene IS NULL"
    )
    assert value == pytest.approx((24 + 60 + 50) / 3, abs=1e-6)
    means = [round((20 * number + 54) / 3, 6) for number in range(5)]
    assert percentile == stats.percentileofscore(means, value, "mean")
    assert (screenings, scenes) == (5, None)


def test_a_film_shown_often_is_not_most_of_the_catalogue(catalogue: FilledStore) -> None:
    catalogue.publish()
    before = catalogue.sql("SELECT percentile FROM norm WHERE screening = 'mine' AND measure = 'happy'")
    for again in range(4):
        show(catalogue, "other0", f"again{again}", [0, 4, 50])
    catalogue.publish()
    after = catalogue.sql(
        "SELECT percentile, screenings, scenes FROM norm WHERE screening = 'mine' AND measure = 'happy'"
    )
    assert [percentile for percentile, _, _ in after] == [percentile for (percentile,) in before]
    assert {(screenings, scenes) for _, screenings, scenes in after} == {(9, 15), (9, None)}


def test_among_few_others_nothing_is_said(catalogue: FilledStore) -> None:
    (catalogue.folder / "catalogue" / "screening" / "o4.json").unlink()
    catalogue.publish()
    assert catalogue.sql("SELECT count(*) FROM norm WHERE screening = 'mine'") == [(0,)]
    # For each of the others mine is one of four more films: still four.
    assert catalogue.sql("SELECT count(*) FROM norm") == [(0,)]


def test_what_k_withholds_counts_for_nobody(catalogue: FilledStore) -> None:
    catalogue.catalogue.save_screening(Screening("o4", "other4", "cut", 3))
    catalogue.publish()
    assert catalogue.sql("SELECT count(*) FROM norm") == [(0,)]
