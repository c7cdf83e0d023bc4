"""The mechanism of randomised answers: what it promises, and what it costs."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from contract.randomised import ANSWERS, LIE_WEIGHT, Randomised, for_film, parse_randomised

mechanisms = st.builds(
    Randomised,
    st.integers(1, 2000),
    st.integers(1, 60).map(lambda minutes: minutes * 60_000),
    st.integers(1, 1440),
)


@given(mechanisms)
def test_what_one_session_gives_away_is_never_more_than_epsilon(how: Randomised) -> None:
    assert how.truth + (len(ANSWERS) - 1) * how.lie == pytest.approx(1)
    assert 1 <= how.answers <= how.blocks
    each = Decimal(how.truth_weight) / LIE_WEIGHT  # of one answer: no other ratio of chances is greater
    promised = (Decimal(how.epsilon) / 100).exp()
    assert each**how.answers <= promised
    assert (each + Decimal(1) / LIE_WEIGHT) ** how.answers > promised, "nor is much of it wasted"


@pytest.mark.parametrize("epsilon", [400, 800, 1200, 2000])
def test_so_many_answers_are_given_that_shares_come_out_most_exactly(epsilon: int) -> None:
    def error(answers: int) -> float:
        """Of one answer of so many blocks that each session gives one, times more answers."""
        alone = Randomised(epsilon // answers, 600_000, 1).error(1000)
        assert alone is not None
        return alone / math.sqrt(answers)

    assert min(range(1, 9), key=error) == Randomised(epsilon, 600_000, 12).answers


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
    sessions, share = 400, 0.2
    error = how.error(sessions, share)
    assert error is not None
    answers = sessions * how.answers // how.blocks
    named = how.lie + share * (how.truth - how.lie)
    low, high = binom.ppf([0.025, 0.975], answers, named) / answers
    assert 2 * error == pytest.approx((high - low) / (how.truth - how.lie), rel=0.1)
    assert how.error(0) is None
