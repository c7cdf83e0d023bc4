"""The mechanism of randomised answers: what it promises, and what it costs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from contract.randomised import ANSWERS, Randomised, for_film, parse_randomised

mechanisms = st.builds(
    Randomised,
    st.integers(1, 2000),
    st.integers(1, 60).map(lambda minutes: minutes * 60_000),
    st.integers(1, 1440),
)


@given(mechanisms)
def test_what_one_session_gives_away_is_epsilon(how: Randomised) -> None:
    assert how.truth + (len(ANSWERS) - 1) * how.lie == pytest.approx(1)
    each = math.log(how.truth / how.lie)  # of one answer: no other ratio of chances is greater
    assert each * how.answers == pytest.approx(how.epsilon / 100)
    assert 1 <= how.answers <= how.blocks


@given(mechanisms)
def test_it_is_said_and_read_alike(how: Randomised) -> None:
    assert parse_randomised(str(how)) == how


@pytest.mark.parametrize(
    "text",
    ["", "8", "8:10", "0:10:12", "8:0:12", "8:61:12", "8:10:0", "20.01:10:12", "-1:10:12", "8:10:12:1"],
)
def test_nonsense_is_none(text: str) -> None:
    assert parse_randomised(text) is None


def test_a_films_last_block_may_be_short() -> None:
    assert for_film(8, 10, 110 * 60_000 + 1) == Randomised(800, 600_000, 12)
    assert for_film(8, 10, 1) == Randomised(800, 600_000, 1)
    assert for_film(2.556, 10, 1) == Randomised(256, 600_000, 1)


def test_the_error_is_that_of_a_binomial() -> None:
    how = Randomised(800, 600_000, 12)
    viewers, share = 400, 0.2
    error = how.error(viewers, share)
    assert error is not None
    answers = viewers * how.answers // how.blocks
    named = how.lie + share * (how.truth - how.lie)
    low, high = binom.ppf([0.025, 0.975], answers, named) / answers
    assert 2 * error == pytest.approx((high - low) / (how.truth - how.lie), rel=0.08)
    assert how.error(0) is None
