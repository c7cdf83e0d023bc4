"""Figures of a screening through a real publish, held against SciPy, statsmodels and counting by hand."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import t as student
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from analytics.arc import NO_ARC
from analytics.catalogue import Cut, Scene, Screening, Subtitle
from analytics.errors import PublishStoppedError
from analytics.publish import publish
from tests.analytics.conftest import NEUTRAL, FilledStore, happy
from tests.analytics.made_audience import put

SECONDS, VIEWERS = 120, 12


def smiles(seed: int, viewers: int = VIEWERS, seconds: int = SECONDS) -> NDArray[np.float64]:
    """Whole percents, each viewer for itself; negative is sad."""
    random = np.random.default_rng(seed)
    return np.round(random.normal(0, 15, (viewers, seconds))).clip(-60, 60)


def summary(store: FilledStore, screening: str = "t") -> dict[str, Any]:
    found = store.serving.run_sql(f"FROM screening_summary WHERE screening = '{screening}'").dicts()
    return found[0] if found else {}


def test_the_interval_of_a_seconds_valence_is_statsmodels(store: FilledStore) -> None:
    scores = smiles(1)
    scores[random_absence(scores.shape)] = np.nan
    put(store, "t", scores)
    store.publish()
    rows = store.sql(
        "SELECT t_ms // 1000, valence, valence_low, valence_high FROM second_summary WHERE screening = 't' ORDER BY 1"
    )
    assert len(rows) > 100
    for second, *found in rows:
        there = scores[np.isfinite(scores[:, second]), second] / 100
        low, high = DescrStatsW(there).tconfint_mean()
        assert found == pytest.approx([there.mean(), max(-1, low), min(1, high)], abs=2e-4)


def random_absence(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    return np.random.default_rng(9).random(shape) < 0.1


def test_a_publish_that_is_told_to_stop_leaves_what_was_there(store: FilledStore) -> None:
    """Told so at every question in turn: before, between and after the draws of chance."""
    before = store.publish().version
    put(store, "t", smiles(3))
    told = 0
    while store.serving.version() == before:
        questions = iter(range(told))
        with suppress(PublishStoppedError):
            publish(store.connection, store.folder, stopped=lambda: next(questions, None) is None)  # noqa: B023
            break
        told += 1
        assert [path.name for path in store.folder.glob("*.new*")] == []
    assert 5 < told < 100
    assert store.serving.version() != before
    assert summary(store)["viewers"] == VIEWERS


def test_students_quantile_in_sql_is_scipys(store: FilledStore) -> None:
    from analytics.serving import SQL_DIR

    store.connection.execute((SQL_DIR / "publish" / "student.sql").read_text(encoding="utf-8"))
    rows = store.connection.execute("SELECT n, t_95(n) FROM range(1, 500) AS freedom (n)").fetchall()
    for freedom, quantile in rows:
        exact = student.ppf(0.975, freedom)
        assert quantile == pytest.approx(
            exact, rel=0.15 if freedom < 3 else 0.002 if freedom < 5 else 2e-4
        ), freedom
    assert store.connection.execute("SELECT t_95(0)").fetchall() == [(None,)]


def test_the_shares_intervals_are_statsmodels_wilson(store: FilledStore) -> None:
    put(store, "t", smiles(2))
    store.publish()
    rows = store.sql(
        "SELECT DISTINCT showing, viewers, share_low, share_high FROM second_reaction WHERE screening = 't'"
    )
    assert len(rows) > 3
    for showing, viewers, *found in rows:
        assert found == pytest.approx(proportion_confint(showing, viewers, method="wilson"), abs=1e-6)


def test_who_is_watching_is_counted_until_the_last_score(store: FilledStore) -> None:
    scores = smiles(3)
    lasts = [20, 40, 40, 60, 90, *[SECONDS - 1] * 7]
    for viewer, last in enumerate(lasts):
        scores[viewer, last + 1 :] = np.nan
    scores[11, 10:30] = np.nan  # turned away, and came back
    put(store, "t", scores)
    store.publish()
    rows = store.sql(
        "SELECT t_ms // 1000, watching, viewers FROM second_summary WHERE screening = 't' ORDER BY 1"
    )
    assert [watching for _, watching, _ in rows] == [
        sum(last >= second for last in lasts) for second in range(SECONDS)
    ]
    assert all(watching >= viewers >= 5 for _, watching, viewers in rows)
    found = summary(store)
    assert found["stayed_half"] == pytest.approx(9 / 12, abs=1e-6)  # the one who left at 60 s saw its middle
    assert found["stayed_end"] == pytest.approx(7 / 12, abs=1e-6)
    assert found["coverage_median"] == pytest.approx((100 / 120 + 1) / 2, abs=1e-6)


def test_a_film_ends_where_its_cut_does(store: FilledStore) -> None:
    put(store, "t", smiles(3))
    store.catalogue.save_cut(Cut("film", "cut", duration_ms=300_000))
    store.publish()
    assert (summary(store)["stayed_half"], summary(store)["stayed_end"]) == (0.0, 0.0)
    store.catalogue.save_cut(Cut("film", "cut", duration_ms=126_000))
    store.publish()
    assert (summary(store)["stayed_half"], summary(store)["stayed_end"]) == (1.0, 1.0)


def test_polarisation_is_how_often_two_viewers_stand_on_opposite_sides(store: FilledStore) -> None:
    scores = smiles(4, viewers=11)
    scores[:4, :60] += 40
    scores[4:9, :60] -= 40
    store.catalogue.save_scenes(
        "film", "cut", [Scene("A", 0, 60_000), Scene("B", 60_000, 80_000), Scene("C", 80_000, 120_000)]
    )
    put(store, "t", scores)
    store.publish()
    found = dict(store.sql("SELECT scene, polarisation FROM scene_summary WHERE screening = 't'"))
    values = scores / 100
    expected = {}
    for scene, (begin, end) in enumerate(((0, 60), (60, 80), (80, 120)), start=1):
        side = np.sign(np.trunc((values[:, begin:end].mean(1) - values.mean(1)) / 0.1))
        opposite = sum(one * other < 0 for one, other in combinations(side, 2))
        most = (len(side) / 2) ** 2  # pairs of two equal camps
        expected[scene] = opposite / most
    assert found == pytest.approx(expected, abs=1e-6)
    assert found[1] > 0.5
    mean = (60 * expected[1] + 20 * expected[2] + 40 * expected[3]) / 120
    assert summary(store)["polarisation"] == pytest.approx(mean, abs=1e-6)


def test_peak_and_end(store: FilledStore) -> None:
    scores = np.zeros((6, 200))
    scores[:, 50:60] = -80  # the deepest
    scores[:, 120:128] = 40
    scores[:, 180:] = 10
    put(store, "t", scores)
    store.publish()
    found = summary(store)
    assert found["peak_ms"] in (54_000, 55_000)
    assert found["peak_valence"] < -0.4
    assert store.sql(
        f"SELECT arc FROM second_summary WHERE screening = 't' AND t_ms = {found['peak_ms']}"
    ) == [(found["peak_valence"],)]
    assert found["end_valence"] == pytest.approx(0.1)
    assert found["strongest"] == "sad"  # ten seconds of each viewer, where happy is shown in eight


def test_synchrony_is_the_mean_correlation_with_the_others(store: FilledStore) -> None:
    shared = smiles(5, viewers=1)
    scores = np.round(0.5 * smiles(6) + 0.8 * shared)
    put(store, "t", scores)
    put(store, "u", smiles(7))
    store.publish()
    windows = scores.reshape(VIEWERS, -1, 2).mean(2)
    each = [np.corrcoef(windows[one], np.delete(windows, one, 0).mean(0))[0, 1] for one in range(VIEWERS)]
    together, apart = summary(store), summary(store, "u")
    assert together["synchrony"] == pytest.approx(np.tanh(np.arctanh(each).mean()), abs=1e-6)
    assert together["synchrony_viewers"] == VIEWERS
    assert together["synchrony"] > together["synchrony_chance"] > -1
    assert together["synchrony_p"] == pytest.approx(1 / 201, abs=1e-6)
    assert apart["synchrony_p"] > 0.01


STEP_SCENES = [Scene("A", 0, 30_000), Scene("B", 30_000, 60_000), Scene("C", 60_000, 90_000)]


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6])
def test_no_step_between_scenes_stands_for_few(store: FilledStore, k: int) -> None:
    """Whatever is published, and what is left when it is taken from `of`, stands for k viewers."""
    random = np.random.default_rng(k)
    for number in range(6):
        viewers = int(random.integers(5, 16))
        level = random.choice([-40, 0, 40], size=(viewers, 3), p=[0.2, 0.3, 0.5])
        put(store, f"t{number}", np.repeat(level, 30, axis=1).astype(float), k=k)
    store.catalogue.save_scenes("film", "cut", STEP_SCENES)
    store.publish()
    steps = store.serving.run_sql("FROM scene_step").dicts()
    assert len(steps) > (6 if k < 6 else 0)
    groups: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for step in steps:
        assert step["next_scene"] == step["scene"] + 1
        assert (step["emotion"] == "other") == (step["next_emotion"] == "other")
        groups.setdefault((step["screening"], step["scene"]), []).append(step)
    for rows in groups.values():
        (of,) = {row["of"] for row in rows}
        assert of >= k
        assert all(row["viewers"] >= k for row in rows)
        assert sum(row["viewers"] for row in rows) == of


def test_steps_are_counted_over_viewers(store: FilledStore) -> None:
    level = np.array([[40, -40, 40]] * 4 + [[40, 40, -40]] * 3 + [[-40, 0, 40]] * 1)
    put(store, "t", np.repeat(level, 30, axis=1).astype(float), k=1)
    store.catalogue.save_scenes("film", "cut", STEP_SCENES)
    store.publish()
    words = {40: "happy", -40: "sad", 0: "neutral"}
    expected: Counter[tuple[int, str, str]] = Counter()
    for viewer in level:
        for scene, (one, following) in enumerate(pairwise(viewer.tolist()), start=1):
            expected[scene, words[one], words[following]] += 1
    found = store.sql("SELECT scene, emotion, next_emotion, viewers FROM scene_step WHERE screening = 't'")
    assert {(scene, one, following): viewers for scene, one, following, viewers in found} == expected


def laugh_at(seconds: slice, viewers: int = VIEWERS) -> NDArray[np.float64]:
    scores = np.zeros((viewers, 200))
    scores[:, seconds] = 50
    return scores + (np.random.default_rng(8).random(scores.shape) < 0.02) * 30


@pytest.mark.parametrize(
    ("subtitles", "line"),
    [
        ([], (None, None)),
        ([Subtitle(50_000, 99_000, "Before"), Subtitle(120_000, 121_000, "After")], (None, None)),
        ([Subtitle(98_000, 102_500, "The joke"), Subtitle(120_000, 121_000, "After")], ("The joke", 98_000)),
        (
            [Subtitle(98_000, 101_500, "The joke"), Subtitle(102_500, 104_000, "Drowned")],
            ("Drowned", 102_500),
        ),
    ],
    ids=["none", "elsewhere", "on as it starts", "begins in it"],
)
def test_a_moment_names_the_line_it_runs_over(
    store: FilledStore, subtitles: list[Subtitle], line: tuple[str | None, int | None]
) -> None:
    put(store, "t", laugh_at(slice(100, 106)))
    store.catalogue.save_scenes("film", "cut", [Scene("One", 0, 50_000), Scene("Two", 50_000, 200_000)])
    store.catalogue.save_subtitles("film", "cut", subtitles)
    store.publish()
    assert store.sql(
        "SELECT moment, kind, start_ms, end_ms, scene, showing, viewers, joined, audience, share, displeased, line, "
        "line_ms FROM moment WHERE screening = 't' AND kind = 'laugh'"
    ) == [(1, "laugh", 100_000, 106_000, 2, 12, 12, 12, 12, 1.0, None, *line)]
    assert store.sql("SELECT text FROM subtitle ORDER BY start_ms") == [(one.text,) for one in subtitles]


def test_a_split_tells_its_two_sides(store: FilledStore) -> None:
    scores = laugh_at(slice(100, 106))
    scores[7:] *= -1
    put(store, "t", scores)
    store.publish()
    ((showing, displeased),) = store.sql(
        "SELECT showing, displeased FROM moment WHERE screening = 't' AND kind = 'split'"
    )
    assert (showing, displeased) == (12, 5)


def test_while_an_audience_watches_nothing_is_held_against_chance(store: FilledStore) -> None:
    put(store, "t", laugh_at(slice(100, 106)), ended=False)
    store.publish()
    found = summary(store)
    chance = ("synchrony", "synchrony_chance", "synchrony_p", "arc", "arc_p", "stayed_half", "stayed_end")
    assert {found[column] for column in (*chance, "synchrony_viewers")} == {None}
    assert found["viewers"] == VIEWERS
    assert store.sql("FROM moment") == []
    # Eleven of twelve have ended; the last one's device broke off.
    store.connection.execute("UPDATE session SET ended = session <> 't/3'")
    store.publish()
    assert summary(store)["arc"] is not None
    assert store.sql("SELECT count(*) FROM moment") != [(0,)]


def test_a_screening_that_is_closed_is_settled(store: FilledStore) -> None:
    put(store, "t", laugh_at(slice(100, 106)), ended=False)
    assert store.publish().taken_over == 0
    store.catalogue.save_screening(Screening("t", "film", "cut", 5, open=False, closed_on="2026-03-01"))
    assert store.publish().taken_over == 0
    assert summary(store)["synchrony"] is not None
    assert store.publish().taken_over == 1


def test_under_k_nothing_of_it_is_published(store: FilledStore) -> None:
    put(store, "t", laugh_at(slice(100, 106), viewers=4))
    store.publish()
    for table in ("screening_summary", "moment", "scene_step"):
        assert store.sql(f"FROM {table} WHERE screening = 't'") == []


def test_a_handful_of_seconds_is_summed_up_all_the_same(store: FilledStore) -> None:
    for viewer in range(5):
        store.session(f"v{viewer}")
        for second in range(4):
            store.reaction(f"v{viewer}", second * 1000, happy(10 * second) if viewer else NEUTRAL)
    store.publish()
    found = summary(store, "s")
    assert (found["viewers"], found["synchrony"], found["arc"]) == (5, None, None)
    assert found["end_valence"] == pytest.approx(0.24)
    assert store.sql("FROM moment") == []


def test_an_audience_that_never_moves_has_no_arc(store: FilledStore) -> None:
    put(store, "t", np.zeros((6, 100)))
    store.publish()
    found = summary(store)
    assert (found["synchrony"], found["arc"], found["strongest"], found["peak_ms"]) == (None, NO_ARC, None, 0)
