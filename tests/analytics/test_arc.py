"""Held against SciPy's filters and cosine transform, and statsmodels' kernel regression."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.fft import dct
from scipy.ndimage import gaussian_filter1d
from statsmodels.nonparametric.kernel_regression import KernelReg

from analytics.arc import NO_ARC, SHAPES, _modes, smoothed, story_arc
from tests.analytics.test_synchrony import wandering

TIME = np.linspace(0, 1, 400)
COURSES = {
    "Rags to riches": TIME,
    "Tragedy": -TIME,
    "Man in a hole": (TIME - 0.5) ** 2,
    "Icarus": -((TIME - 0.5) ** 2),
    "Cinderella": np.interp(TIME, [0, 1 / 3, 2 / 3, 1], [0, 1, 0, 1]),
    "Oedipus": np.interp(TIME, [0, 1 / 3, 2 / 3, 1], [1, 0, 1, 0]),
}


def test_the_course_is_scipys_gaussian_filter_where_every_second_is_there() -> None:
    values = np.random.default_rng(1).normal(size=800)
    ours, theirs = smoothed(values, np.full(800, 7.0)), gaussian_filter1d(values, 20, truncate=4)
    np.testing.assert_allclose(ours[80:-80], theirs[80:-80], atol=1e-12)


def test_the_course_is_statsmodels_kernel_regression_across_gaps() -> None:
    random = np.random.default_rng(2)
    values, there = random.normal(size=200), random.random(200) < 0.7
    time = np.arange(200.0)
    theirs, _ = KernelReg(values[there], time[there], "c", reg_type="lc", bw=[5.0], rng=1).fit(time)
    # Theirs is not cut off at four standard deviations.
    np.testing.assert_allclose(smoothed(values, there.astype(float)), theirs, atol=2e-4)


def test_a_second_weighs_by_its_viewers() -> None:
    values, weights = np.array([0.0, 1.0, 0.0]), np.array([0.0, 30.0, 10.0])
    near = np.exp(-0.5 * (1 / 2) ** 2)
    assert smoothed(values, weights)[1] == pytest.approx(30 / (30 + 10 * near))


def test_the_modes_are_scipys_cosine_transform() -> None:
    course = np.random.default_rng(3).normal(size=300)
    ours = _modes(8 * course, np.full(300, 8), 5)
    np.testing.assert_allclose(ours, dct(course, 2)[1:4] / 300, atol=1e-12)


@pytest.mark.parametrize(("name", "course"), COURSES.items(), ids=COURSES.keys())
def test_the_six_shapes_are_told_apart(name: str, course: NDArray[np.float64]) -> None:
    for seed in range(5):
        series = 2 * course / np.ptp(course) + wandering(np.random.default_rng(seed))
        found = story_arc(series, least_viewers=5)
        assert found is not None
        assert found.shape == name
        assert found.p <= 0.01
    assert name in sum(SHAPES, ())


def test_viewers_who_follow_nothing_together_have_no_arc() -> None:
    random = np.random.default_rng(4)
    audiences = 200
    found = [story_arc(wandering(random), least_viewers=5, draws=99) for _ in range(audiences)]
    assert (
        sum(one is not None and one.shape != NO_ARC for one in found) <= 21
    )  # 5%, and the binomial's 99.9% place


def test_an_arc_is_not_made_by_who_leaves() -> None:
    """Viewers with sad resting faces stay, those with pleased ones go: the mean falls, and nobody felt anything."""
    series = wandering(np.random.default_rng(5)) * 0.1
    series[:6] += 30
    for viewer in range(6):
        series[viewer, 50 * (viewer + 1) :] = np.nan
    found = story_arc(series, least_viewers=5)
    assert found is not None
    assert found.p > 0.05


def test_a_film_without_a_course_has_no_arc() -> None:
    assert story_arc(np.zeros((6, 11)), least_viewers=5) is None
    assert story_arc(np.zeros((4, 400)), least_viewers=5) is None
    still = story_arc(np.zeros((6, 400)), least_viewers=5)
    assert still is not None
    assert (still.shape, still.p) == (NO_ARC, 1.0)
