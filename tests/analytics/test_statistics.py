from __future__ import annotations

import duckdb
import numpy as np
import pytest

from analytics.serving import SQL_DIR
from analytics.statistics import SEED, bootstrap_mean, wilson


# Published values: Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I,
# method 3.
@pytest.mark.parametrize(
    ("showing", "viewers", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(showing: int, viewers: int, low: float, high: float) -> None:
    assert wilson(showing, viewers) == pytest.approx((low, high), abs=5e-5)


def test_wilson_reaches_one_when_all_show_and_mirrors() -> None:
    assert wilson(20, 20) == pytest.approx((1 - 0.161125, 1.0), abs=5e-5)
    low, high = wilson(3, 11)
    assert wilson(8, 11) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(("showing", "viewers"), [(0, 0), (3, 2), (-1, 2)])
def test_wilson_refuses_what_cannot_be(showing: int, viewers: int) -> None:
    with pytest.raises(ValueError, match="expected 0 <= showing <= viewers"):
        wilson(showing, viewers)


def test_the_interval_in_sql_is_the_same() -> None:
    with duckdb.connect() as connection:
        connection.execute((SQL_DIR / "publish" / "wilson.sql").read_text(encoding="utf-8"))
        rows = connection.execute(
            "SELECT x, n, wilson_low(x, n), wilson_high(x, n) FROM range(1, 60) a(n), range(0, 60) b(x) "
            "WHERE x <= n"
        ).fetchall()
    assert len(rows) > 1700
    for showing, viewers, low, high in rows:
        assert (low, high) == pytest.approx(wilson(showing, viewers), abs=1e-12)


def test_bootstrap_is_the_same_every_time_and_surrounds_the_mean() -> None:
    values = np.random.default_rng(1).normal(50, 10, (40, 3))
    first, second = bootstrap_mean(values), bootstrap_mean(values.copy())
    assert first is not None
    assert second is not None
    np.testing.assert_array_equal(first, second)
    assert (first[0] < values.mean(axis=0)).all()
    assert (values.mean(axis=0) < first[1]).all()


def test_measures_side_by_side_have_the_intervals_that_each_has_alone() -> None:
    values = np.random.default_rng(3).normal(50, 10, (23, 4))
    together = bootstrap_mean(values)
    assert together is not None
    for column in range(4):
        alone = bootstrap_mean(values[:, column : column + 1])
        assert alone is not None
        assert (together[0][column], together[1][column]) == pytest.approx((alone[0][0], alone[1][0]))


@pytest.mark.parametrize("resamples", [2, 3, 40, 41, 500, 2000])
def test_the_ends_are_numpys_percentiles(resamples: int) -> None:
    values = np.random.default_rng(resamples).normal(0, 1, (9, 3))
    drawn = np.random.default_rng(SEED).multinomial(9, np.full(9, 1 / 9), size=resamples)
    interval = bootstrap_mean(values, resamples)
    assert interval is not None
    np.testing.assert_allclose(
        interval, np.percentile(drawn @ values / 9, [2.5, 97.5], axis=0), rtol=0, atol=1e-12
    )


def test_bootstrap_covers_the_truth_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(7)
    covered = 0
    for _ in range(300):
        interval = bootstrap_mean(random.exponential(20, (40, 1)), resamples=500)
        assert interval is not None
        covered += bool(interval[0][0] <= 20 <= interval[1][0])
    assert (
        0.88 <= covered / 300 <= 0.98
    )  # a skewed audience of 40: a little under 95% is the method's known price


def test_one_viewer_says_nothing_about_others() -> None:
    assert bootstrap_mean(np.ones((1, 8))) is None


def test_viewers_who_agree_leave_no_doubt() -> None:
    interval = bootstrap_mean(np.full((5, 1), 30.0))
    assert interval is not None
    assert (interval[0][0], interval[1][0]) == pytest.approx((30, 30))
