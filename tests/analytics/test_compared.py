"""Comparisons in the published tables: which, of whom, and never of fewer than k."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from analytics.audiences import MOST, pairs
from analytics.catalogue import Comparison, Cut, Scene, Screening
from analytics.errors import CatalogueError
from analytics.final import keep_final
from analytics.publish import publish
from tests.analytics.conftest import FilledStore, happy

SCENES = [Scene("One", 0, 4000), Scene("Two", 4000, 8000), Scene("Three", 8000, 12_000)]
Scores = Callable[[np.random.Generator, int], int]


def fill(
    store: FilledStore,
    screening: str,
    viewers: int,
    seed: int,
    *,
    cut: str = "cut",
    cohort: str | None = None,
    scores: Scores = lambda random, _second: int(random.integers(0, 60)),
    k: int = 3,
    ended: bool = True,
    of: str = "film",
) -> None:
    """A screening whose viewers' happiness is drawn each second."""
    random = np.random.default_rng(seed)
    store.catalogue.save_screening(Screening(screening, of, cut, k, cohort=cohort))
    store.connection.execute("BEGIN")
    for viewer in range(viewers):
        session = f"{seed:016x}{viewer:016x}"
        store.session(session, screening=screening, ended=ended)
        store.connection.execute("UPDATE session SET film = ?, cut = ? WHERE session = ?", [of, cut, session])
        level = int(random.integers(0, 30))
        for second in range(12):
            store.reaction(session, second * 1000, happy(min(100, level + scores(random, second))))
    store.connection.execute("COMMIT")


@pytest.fixture
def film(store: FilledStore) -> FilledStore:
    store.catalogue.save_scenes("film", "cut", SCENES)
    (store.folder / "catalogue" / "screening" / "s.json").unlink()
    return store


def rows(store: FilledStore, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
    return store.sql(
        f"SELECT {columns} FROM comparison WHERE {where} ORDER BY kind, first, second, first_scene, measure"
    )


def test_the_values_are_those_of_the_scenes_and_the_difference_theirs(film: FilledStore) -> None:
    fill(film, "a", 6, 1)
    fill(film, "b", 8, 2)
    film.publish()
    found = rows(
        film,
        "first_scene, second_scene, name, measure, first_value, second_value, difference, low, high",
        "first_scene IS NOT NULL",
    )
    assert len(found) == 3 * 9
    scene = {
        (screening, number, measure): value
        for screening, number, measure, value in film.sql(
            "SELECT screening, scene, emotion, mean FROM scene_reaction UNION ALL "
            "SELECT screening, scene, 'valence', valence FROM scene_summary UNION ALL "
            "SELECT screening, scene, 'attention', attention FROM scene_summary"
        )
    }
    for first_scene, second_scene, name, measure, first, second, difference, low, high in found:
        assert first_scene == second_scene
        assert name == SCENES[first_scene - 1].name
        assert (first, second) == (scene["a", first_scene, measure], scene["b", second_scene, measure])
        assert difference == pytest.approx(second - first, abs=1e-6)
        if measure in {"happy", "valence"}:
            assert low < difference < high
    assert rows(film, "DISTINCT first_viewers, second_viewers") == [(6, 8)]


def test_p_is_that_of_an_independent_permutation_test(film: FilledStore) -> None:
    """With one scene in which one thing varies there is one test: happy, neutral and valence are the same figure."""
    film.catalogue.save_scenes("film", "cut", [Scene("All", 0, 12_000)])
    fill(film, "a", 6, 1)
    fill(film, "b", 7, 2, scores=lambda random, _: int(random.integers(10, 70)))
    film.publish()
    means = [
        np.array(
            [
                value
                for (value,) in film.connection.execute(
                    "SELECT avg(happy) FROM reaction JOIN session USING (session) WHERE screening = ? GROUP BY session",
                    [screening],
                ).fetchall()
            ]
        )
        for screening in "ab"
    ]
    reference = stats.permutation_test(
        means,
        lambda x, y: abs(stats.ttest_ind(x, y, equal_var=False).statistic),
        n_resamples=10_000,
        alternative="greater",
    )
    found = dict(rows(film, "measure, p"))
    assert found["happy"] == found["valence"] == found["neutral"]
    assert found["happy"] == pytest.approx(reference.pvalue, abs=0.03)
    assert found["attention"] is None  # nobody looked away: nobody differs


def test_a_planted_difference_is_found_where_it_is(film: FilledStore) -> None:
    fill(film, "a", 15, 1)
    fill(film, "b", 15, 2, scores=lambda random, second: int(random.integers(0, 60)) + 40 * (4 <= second < 8))
    fill(film, "c", 15, 3, scores=lambda random, _: int(random.integers(0, 60)) + 25)
    film.publish()
    assert {scene for (scene,) in rows(film, "first_scene", "p <= 0.05 AND second = 'b'")} == {2}
    columns, of_b, of_c = (
        "difference, low, high",
        "first = 'a' AND second = 'b'",
        "first = 'a' AND second = 'c'",
    )
    ((difference, low, high),) = rows(film, columns, f"{of_b} AND first_scene = 2 AND measure = 'happy'")
    assert 20 < low < difference < high < 60
    whole = "first_scene IS NULL AND measure = 'happy' AND p <= 0.05"
    ((difference, low, high),) = rows(film, columns, f"{of_c} AND {whole}")
    assert 10 < low < difference < high < 40


def test_null_data_flags_one_comparison_in_twenty_at_most(film: FilledStore) -> None:
    """Any scene, any measure: 20 films of two screenings that differ by chance alone."""
    for number in range(20):
        film.catalogue.save_scenes(f"film{number}", "cut", SCENES)
        for side in "ab":
            fill(film, f"{side}{number}", 6, 2 * number + 1 + (side == "b"), of=f"film{number}")
    film.publish()
    found = film.sql("SELECT min(p) FROM comparison GROUP BY film")
    assert len(found) == 20
    assert sum(p <= 0.05 for (p,) in found) <= 4  # the binomial's 99.7% place


def test_two_cuts_are_compared_scene_by_scene_of_the_same_name(film: FilledStore) -> None:
    film.catalogue.save_cut(Cut("film", "recut", "25"))
    recut = [Scene("Three", 0, 4000), Scene("New", 4000, 6000), Scene("One", 6000, 12_000)]
    film.catalogue.save_scenes("film", "recut", recut)
    fill(film, "a", 5, 1)
    fill(film, "b", 5, 2)
    fill(film, "c", 5, 3, cut="recut")
    film.publish()
    assert rows(
        film,
        "DISTINCT first, second, first_cut, second_cut, first_scene, second_scene, first_viewers, second_viewers",
        "kind = 'cut' AND measure = 'happy'",
    )[0] == ("cut", "recut", "cut", "recut", 1, 3, 10, 5)
    assert {(one, other) for one, other in rows(film, "first_scene, second_scene", "kind = 'cut'")} >= {
        (1, 3),
        (3, 1),
    }
    assert {(a, b) for a, b in rows(film, "first, second", "kind = 'screening'")} == {
        ("a", "b"),
        ("a", "c"),
        ("b", "c"),
    }


def test_the_whole_film_is_the_mean_of_its_scenes_by_length_and_of_nothing_else(film: FilledStore) -> None:
    """Of a cut alone, too: "New" is in the second only, and "Two" in the first; "Three" too few of the first saw."""
    film.catalogue.save_cut(Cut("film", "recut", "25"))
    recut = [Scene("Three", 0, 4000), Scene("New", 4000, 6000), Scene("One", 6000, 12_000)]
    film.catalogue.save_scenes("film", "recut", recut)
    fill(film, "a", 5, 1)
    fill(film, "b", 5, 2, cut="recut")
    few = [f"{1:016x}{viewer:016x}" for viewer in range(3)]
    film.connection.execute("DELETE FROM reaction WHERE t_ms >= 8000 AND list_contains(?, session)", [few])
    film.publish()
    scene = {
        (screening, number): value
        for screening, number, value in film.sql(
            "SELECT screening, scene, mean FROM scene_reaction WHERE emotion = 'happy'"
        )
    }
    ((first, second, *viewers),) = rows(
        film,
        "first_value, second_value, first_viewers, second_viewers, name",
        "kind = 'screening' AND first_scene IS NULL AND measure = 'happy'",
    )
    assert first == pytest.approx((scene["a", 1] * 4 + scene["a", 2] * 4) / 8, abs=1e-6)
    assert second == pytest.approx((scene["b", 2] * 2 + scene["b", 3] * 6) / 8, abs=1e-6)
    assert viewers == [5, 5, None]


def test_cohorts_are_pooled(film: FilledStore) -> None:
    for number, (screening, cohort) in enumerate([("a", "students"), ("b", "students"), ("c", "over 60")]):
        fill(film, screening, 5, number + 1, cohort=cohort)
    film.publish()
    assert set(rows(film, "first, second, first_viewers, second_viewers", "kind = 'cohort'")) == {
        ("over 60", "students", 5, 10)
    }
    assert film.sql("SELECT screening, cohort FROM screening") == [
        ("a", "students"),
        ("b", "students"),
        ("c", "over 60"),
    ]


def test_a_screening_with_fewer_than_k_is_in_no_comparison_and_in_no_pool(film: FilledStore) -> None:
    """A pool with it, minus the pool's other screening, would be its two viewers."""
    fill(film, "a", 5, 1, cohort="x")
    fill(film, "few", 2, 2, cohort="x")
    fill(film, "c", 5, 3, cohort="y")
    film.publish()
    assert set(rows(film, "kind, first, second, first_viewers, second_viewers")) == {
        ("cohort", "x", "y", 5, 5),
        ("screening", "a", "c", 5, 5),
    }


def test_an_audience_that_still_watches_is_not_compared(film: FilledStore) -> None:
    fill(film, "a", 5, 1)
    fill(film, "b", 5, 2, ended=False)
    film.publish()
    assert rows(film, "first") == []
    film.catalogue.save_screening(Screening("b", "film", "cut", 3, open=False))
    film.publish()
    assert len(rows(film, "first")) == (3 + 1) * 9


def test_of_many_screenings_the_last_and_those_asked_for() -> None:
    screenings = [Screening(f"night-{number}", "film", "cut") for number in range(1, 13)]
    ready = {one.id for one in screenings} - {"night-12"}
    asked = [
        Comparison("night-2", "night-1"),
        Comparison("night-1", "night-2"),
        Comparison("night-1", "night-12"),
    ]
    found = {(one.name, other.name) for one, other in pairs(screenings, asked, ready)}
    assert len(found) == MOST * (MOST - 1) // 2 + 1
    assert ("night-2", "night-1") in found
    assert ("night-10", "night-11") in found
    assert ("night-6", "night-7") in found
    assert not any("night-5" in pair for pair in found)


def test_what_is_asked_for_must_make_sense(film: FilledStore) -> None:
    fill(film, "a", 3, 1)
    film.catalogue.save_screening(Screening("other", "another-film", "cut"))
    for second, why in (("nobody", "there are: a, other"), ("a", "twice"), ("other", "one film")):
        with pytest.raises(CatalogueError, match=why):
            film.catalogue.save_comparison(Comparison("a", second))
    assert film.catalogue.comparisons() == []
    film.catalogue.save_screening(Screening("b", "film", "cut"))
    film.catalogue.save_comparison(Comparison("a", "b"))
    assert film.catalogue.comparisons() == [Comparison("a", "b")]
    assert film.catalogue.remove_comparison(Comparison("a", "b"))
    assert not film.catalogue.remove_comparison(Comparison("a", "b"))


def test_taken_over_or_computed_they_are_the_same(film: FilledStore) -> None:
    for number, screening in enumerate("abc"):
        fill(film, screening, 5, number + 1, cohort="xy"[number % 2])
    film.publish()
    before = rows(film, "*")
    assert film.publish().taken_over == 3
    assert rows(film, "*") == before
    film.reaction(f"{2:016x}{0:016x}", 12_000, happy(90))
    film.connection.execute(
        "UPDATE reaction SET happy = 90, neutral = 10 WHERE session = ?", [f"{2:016x}{0:016x}"]
    )
    assert film.publish().taken_over == 2
    changed = rows(film, "*")
    assert rows(film, "*", "first = 'a' AND second = 'c'") != []
    assert changed != before
    assert publish(film.connection, film.folder, anew=True).taken_over == 0
    assert rows(film, "*") == changed


def test_a_comparison_outlives_the_rows_of_its_viewers(film: FilledStore) -> None:
    fill(film, "a", 5, 1)
    fill(film, "b", 5, 2)
    film.publish()
    before = rows(film, "*", "kind = 'screening'")
    keep_final(film.folder, ["a"])
    film.connection.execute(
        "DELETE FROM reaction WHERE session IN (SELECT session FROM session WHERE screening = 'a')"
    )
    film.connection.execute("DELETE FROM session WHERE screening = 'a'")
    film.publish()
    assert rows(film, "*", "kind = 'screening'") == before
    film.catalogue.save_screening(Screening("a", "film", "cut", 6))
    film.publish()
    assert rows(film, "first") == []
