"""What a subtraction shows: found, against arithmetic that does it and against trying every way."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.differencing import left_over, withheld

Truths = NDArray[np.bool_]


def audience(viewers: int, seconds: int, missing: dict[int, list[int]]) -> Truths:
    scored = np.ones((viewers, seconds), bool)
    for viewer, gone in missing.items():
        scored[viewer, gone] = False
    return scored


def all_published(scored: Truths, k: int) -> Truths:
    published: Truths = scored.sum(0) >= k
    return published


def fewest_by_trying(scored: Truths, published: Truths, k: int) -> int | None:
    """The fewest viewers, fewer than k, that some weighting of the seconds leaves; every set of viewers is tried.

    A set can be left when the scene's row, of everybody else's unknowns, is a sum of the seconds' rows: linear algebra,
    not the rule under test.
    """
    viewers = np.flatnonzero(scored.any(1))
    unknown = [(v, t) for v in viewers for t in np.flatnonzero(scored[v])]
    scene = np.array([1 / scored[v].sum() for v, _ in unknown])
    seconds = np.array([[float(t == s) for _, t in unknown] for s in np.flatnonzero(published)])
    for size in range(k):
        for left in combinations(viewers, size):
            rest = np.array([v not in left for v, _ in unknown])
            if not rest.any():
                continue
            weights, *_ = np.linalg.lstsq(seconds[:, rest].T, scene[rest], rcond=None)
            if np.allclose(seconds[:, rest].T @ weights, scene[rest], atol=1e-9):
                return size
    return None


def test_one_viewers_score_can_be_had_by_subtraction_and_is_found() -> None:
    """The attack itself, on means as they are published."""
    random = np.random.default_rng(1)
    scored = audience(8, 20, {3: [4, 5, 6]})
    scores = np.where(scored, random.integers(0, 101, scored.shape), 0)
    scene = np.mean(scores.sum(1) / scored.sum(1))
    second = scores.sum(0) / scored.sum(0)
    # Everybody else's part of 20 times the scene is the sum of their seconds.
    left = 20 * 8 * scene - (second * scored.sum(0)).sum()
    had = left / (20 / 17 - 1) / 17
    assert had == pytest.approx(scores[3].sum() / 17)
    found = left_over(scored, all_published(scored, 5), 5)
    assert found is not None
    assert found.tolist() == [3]


@pytest.mark.parametrize(
    ("missing", "left"),
    [
        ({}, None),
        ({0: [1], 1: [2], 2: [3]}, [0, 1, 2]),
        ({0: [1], 1: [2], 2: [3], 3: [4]}, [0, 1, 2, 3]),
        ({0: [1], 1: [2], 2: [3], 3: [4], 4: [5]}, None),
        ({viewer: [viewer] for viewer in range(10)}, None),
        ({viewer: list(range(10, 20)) for viewer in range(10)}, None),
    ],
    ids=["nobody missed any", "three did", "four did", "five did: k", "all missed one", "all left half-way"],
)
def test_who_is_left(missing: dict[int, list[int]], left: list[int] | None) -> None:
    scored = audience(10, 20, missing)
    found = left_over(scored, all_published(scored, 5), 5)
    assert (None if found is None else found.tolist()) == left


def test_two_groups_that_share_no_second_are_subtracted_each_for_itself() -> None:
    """Half saw the first ten seconds, half six of the last ten; one viewer saw both."""
    scored = np.zeros((13, 20), bool)
    scored[:6, :10] = True
    scored[6:12, 14:] = True
    scored[12, :] = True
    found = left_over(scored, all_published(scored, 5), 5)
    assert found is not None
    assert found.tolist() == [12]


def test_a_second_that_is_not_published_hides_who_was_in_it_unless_they_are_few() -> None:
    scored = audience(9, 10, {viewer: [9] for viewer in range(6)})
    found = left_over(scored, all_published(scored, 5), 5)
    assert found is not None
    assert found.tolist() == [6, 7, 8]


@pytest.mark.parametrize("seed", range(6))
def test_it_is_what_linear_algebra_finds(seed: int) -> None:
    random = np.random.default_rng(seed)
    exposed = 0
    for _ in range(40):
        k = int(random.integers(2, 5))
        scored = random.random((int(random.integers(k, 7)), int(random.integers(1, 5)))) < random.choice(
            [0.6, 0.8, 0.95]
        )
        if scored.any(1).sum() < k:
            continue
        published = all_published(scored, k)
        found = left_over(scored, published, k)
        fewest = fewest_by_trying(scored, published, k) if published.any() else None
        assert (0 if found is None else len(found)) == (fewest or 0)
        exposed += found is not None
    assert exposed > 0


@pytest.mark.parametrize("seed", range(3))
def test_after_withholding_nothing_is_left_to_find(seed: int) -> None:
    random = np.random.default_rng(seed)
    tried = 0
    for viewers, k, share in product((5, 6, 8, 12, 30), (3, 5), (0.9, 0.98, 0.995)):
        scored = random.random((viewers, 30)) < share
        published = all_published(scored, k)
        chosen = withheld(scored, published, k)
        tried += bool(len(chosen))
        published[chosen] = False
        assert left_over(scored, published, k) is None
        assert len(chosen) <= max(1, 0.25 * 30)
    assert tried > 0


def test_the_same_seconds_are_withheld_each_time_and_more_when_more_was_missed() -> None:
    one, four = audience(10, 40, {0: [3]}), audience(10, 40, {0: [3, 4, 5, 6]})
    first = withheld(one, all_published(one, 5), 5)
    more = withheld(four, all_published(four, 5), 5)
    assert (len(first), len(more)) == (1, 4)
    assert set(first) < set(more)


@pytest.mark.parametrize(("missed", "least_miss"), [(30, 4), (6, 9), (2, 20)])
def test_how_closely_withheld_seconds_can_be_guessed(missed: int, least_miss: float) -> None:
    """docs/privacy.md: from their neighbours; viewers' means differ by 12 points (SD), their seconds by 12."""
    random = np.random.default_rng(5)
    misses = []
    for _ in range(200):
        scored = audience(12, 60, {0: list(range(missed))})
        level = random.gamma(1, 12, 12)
        scores = np.clip(level[:, None] + random.normal(0, 12, (12, 60)), 0, 100) * scored
        published = all_published(scored, 5)
        hidden = withheld(scored, published, 5)
        means = scores.sum(0) / scored.sum(0)
        seen = np.setdiff1d(np.arange(60), hidden)
        guessed = np.interp(np.arange(60), seen, means[seen])
        scene = np.mean(scores.sum(1) / scored.sum(1))
        had = (60 * 12 * scene - (guessed * scored.sum(0)).sum()) / missed
        truth = scores[0].sum() / (60 - missed)
        misses.append(had - truth)
    assert float(np.std(misses)) > least_miss
