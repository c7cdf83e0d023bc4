from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.synchrony import synchrony
from tests.support.brainiak_synchrony import AUDIENCES, GOLDEN, audience

VIEWERS, SECONDS = 12, 400


def wandering(random: np.random.Generator, viewers: int = VIEWERS) -> NDArray[np.float64]:
    """Series that drift, each for itself: (viewers, SECONDS)."""
    return np.stack(
        [np.convolve(random.normal(size=SECONDS + 9), np.ones(10) / 10, "valid") for _ in range(viewers)]
    )


def test_it_is_the_mean_correlation_with_the_others() -> None:
    random = np.random.default_rng(1)
    series = wandering(random) + wandering(random, 1)
    found = synchrony(series, draws=20)
    assert found is not None
    each = [np.corrcoef(series[one], np.delete(series, one, 0).mean(0))[0, 1] for one in range(VIEWERS)]
    assert found.value == pytest.approx(np.tanh(np.arctanh(each).mean()))
    assert found.viewers == VIEWERS


def test_viewers_of_different_films_are_in_step_in_one_audience_of_twenty() -> None:
    random = np.random.default_rng(2)
    audiences = 100
    found = [synchrony(wandering(random), draws=99) for _ in range(audiences)]
    assert sum(one is not None and one.p <= 0.05 for one in found) <= 13  # the binomial's 99.9% place


def test_a_film_that_moves_them_all_is_told_from_chance() -> None:
    random = np.random.default_rng(3)
    for _ in range(10):
        found = synchrony(wandering(random) + 0.7 * wandering(random, 1), draws=99)
        assert found is not None
        assert found.p <= 0.02
        assert found.value > found.chance


def test_seconds_without_a_score_are_left_out() -> None:
    random = np.random.default_rng(4)
    shared = wandering(random, 1)
    series = 0.3 * wandering(random) + shared
    series[random.random(series.shape) < 0.3] = np.nan
    found = synchrony(series, draws=50)
    assert found is not None
    assert found.value > 0.8


def test_too_few_viewers_or_seconds_say_nothing() -> None:
    series = wandering(np.random.default_rng(5))
    assert synchrony(series[:1]) is None
    assert synchrony(series[:4], least_viewers=5) is None
    assert synchrony(series[:, :20]) is None
    assert synchrony(np.zeros((VIEWERS, SECONDS))) is None


def test_brainiak_says_the_same() -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert len(golden) == len(AUDIENCES)
    for given, says in zip(AUDIENCES, golden, strict=True):
        found = synchrony(audience(*given))
        assert found is not None
        assert found.value == pytest.approx(says["synchrony"], abs=1e-9)
        # It moves one viewer at a time against the others as they were, so its p is another, if seldom far off.
        assert (found.p < 0.01) == (says["p"] < 0.01)
        assert found.p == pytest.approx(says["p"], abs=0.1)
