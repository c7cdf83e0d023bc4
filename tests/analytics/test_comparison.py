from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analytics.comparison import compare, over_scenes


def test_one_scene_gives_the_p_of_an_independent_permutation_test() -> None:
    random = np.random.default_rng(1)
    first, second = random.normal(size=6), random.normal(0.8, size=5)
    (found,) = compare(first[:, None], second[:, None], permutations=10_000)
    assert found is not None
    reference = stats.permutation_test(
        (first, second),
        lambda a, b: abs(stats.ttest_ind(a, b, equal_var=False).statistic),
        n_resamples=10_000,  # more than there are ways to draw: every one is tried once
        alternative="greater",
    )
    assert found.p == pytest.approx(reference.pvalue, abs=0.015)
    assert found.difference == pytest.approx(second.mean() - first.mean())
    assert (found.first, found.second) == (6, 5)


def test_two_audiences_of_one_cut_differ_somewhere_in_one_pair_of_twenty() -> None:
    random = np.random.default_rng(3)
    pairs = 200
    flagged = 0
    for _ in range(pairs):
        found = compare(random.normal(size=(15, 12)), random.normal(size=(20, 12)), permutations=99)
        flagged += any(one is not None and one.p <= 0.05 for one in found)
    assert flagged <= 21  # the binomial's 99.9% place


def test_many_measures_of_one_thing_are_one_family() -> None:
    """Seven emotions that add up to 100, valence and attention: a pair is flagged for any of them in any scene."""
    random = np.random.default_rng(6)
    pairs, flagged = 200, 0
    for _ in range(pairs):
        sides = []
        for viewers in (8, 11):
            emotions = 100 * random.dirichlet(np.full(7, 0.4), (viewers, 4))
            valence = (emotions[..., 3] - emotions[..., [0, 1, 2, 5]].sum(2)) / 100
            attention = random.beta(8, 1, (viewers, 4))
            values = np.concatenate([emotions, valence[..., None], attention[..., None]], axis=2)
            values[random.random((viewers, 4)) < 0.1] = np.nan
            sides.append(values.reshape(viewers, -1))
        found = compare(*sides, permutations=199)
        flagged += any(one is not None and one.p <= 0.05 for one in found)
    assert flagged <= 21  # the binomial's 99.9% place


def test_the_interval_is_the_bootstrap_of_an_independent_library() -> None:
    random = np.random.default_rng(7)
    first, second = random.normal(size=20), random.normal(1, 2, size=25)
    (found,) = compare(first[:, None], second[:, None])
    assert found is not None
    reference = stats.bootstrap(
        (first, second),
        lambda a, b, axis: b.mean(axis) - a.mean(axis),
        method="percentile",
        n_resamples=20_000,
        rng=np.random.default_rng(1),
    ).confidence_interval
    width = reference.high - reference.low
    assert found.low == pytest.approx(reference.low, abs=0.05 * width)
    assert found.high == pytest.approx(reference.high, abs=0.05 * width)


def test_viewers_who_differ_between_the_audiences_only_are_the_strongest_difference() -> None:
    (found,) = compare(np.zeros((6, 1)), np.ones((6, 1)))
    assert found is not None
    assert found.difference == 1
    assert found.p < 0.01  # two of the 924 divisions of twelve viewers are like this one


def test_the_scenes_that_differ_are_found_and_the_others_are_not() -> None:
    random = np.random.default_rng(4)
    first, second = random.normal(size=(25, 10)), random.normal(size=(25, 10))
    second[:, [2, 7]] += 1.5
    found = compare(first, second)
    assert [scene for scene, one in enumerate(found) if one is not None and one.p <= 0.05] == [2, 7]


def test_a_scene_that_too_few_were_scored_in_has_no_answer_and_the_others_do() -> None:
    random = np.random.default_rng(5)
    first, second = random.normal(size=(6, 3)), random.normal(size=(6, 3))
    first[1:, 1] = np.nan
    second[2, 0] = np.nan
    found = compare(first, second, permutations=50)
    assert [one is None for one in found] == [False, True, False]
    assert found[0] is not None
    assert (found[0].first, found[0].second) == (6, 5)


def test_scenes_of_different_films_are_refused() -> None:
    with pytest.raises(ValueError, match="the same scenes"):
        compare(np.zeros((3, 2)), np.zeros((3, 4)))


def test_a_viewer_of_every_scene_has_the_mean_of_their_scenes_by_length() -> None:
    values = np.random.default_rng(8).normal(size=(5, 3, 2))
    weights = np.array([60.0, 20.0, 40.0])
    assert over_scenes(values, weights) == pytest.approx(np.average(values, axis=1, weights=weights))


def leavers(random: np.random.Generator, viewers: int) -> np.ndarray:
    """Six scenes, each higher than the one before, and half of the viewers leave after one of them."""
    values = random.normal(size=(viewers, 1)) + random.normal(size=(viewers, 6)) + np.arange(6)
    for viewer in range(viewers // 2):
        values[viewer, int(random.integers(1, 6)) :] = np.nan
    return values


def test_who_left_early_does_not_bend_the_whole_film() -> None:
    values = leavers(np.random.default_rng(9), 12)
    lengths = np.arange(1.0, 7)
    whole = over_scenes(values[..., None], lengths)[:, 0]
    assert whole.mean() == pytest.approx(np.average(np.nanmean(values, axis=0), weights=lengths))
    nobody = np.concatenate([values, np.full((1, 6), np.nan)])
    assert np.isnan(over_scenes(nobody[..., None], lengths)[-1, 0])


def test_the_interval_of_the_whole_film_is_the_bootstrap_of_the_mean_of_scenes() -> None:
    """Viewers drawn anew, each with all their scenes, some of which are missing: what the pseudo-values stand for."""
    random = np.random.default_rng(10)
    first, second = leavers(random, 30), leavers(random, 30)
    whole = [over_scenes(side[..., None], np.ones(6)) for side in (first, second)]
    (found,) = compare(*whole)
    assert found is not None

    def difference(one: np.ndarray, other: np.ndarray) -> float:
        return float(np.nanmean(second[other], axis=0).mean() - np.nanmean(first[one], axis=0).mean())

    reference = stats.bootstrap(
        (np.arange(30), np.arange(30)),
        difference,
        vectorized=False,
        method="percentile",
        n_resamples=4000,
        rng=np.random.default_rng(1),
    ).confidence_interval
    width = reference.high - reference.low
    assert found.low == pytest.approx(reference.low, abs=0.1 * width)
    assert found.high == pytest.approx(reference.high, abs=0.1 * width)


def test_whole_films_that_differ_by_chance_alone_do_so_in_one_pair_of_twenty() -> None:
    random = np.random.default_rng(11)
    pairs, flagged = 300, 0
    for _ in range(pairs):
        sides = [over_scenes(leavers(random, viewers)[..., None], np.ones(6)) for viewers in (10, 16)]
        (found,) = compare(*sides, permutations=199, resamples=2, seed=int(random.integers(1 << 30)))
        flagged += found is not None and found.p <= 0.05
    assert flagged <= 28  # the binomial's 99.9% place
