from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contract.emotions import EMOTIONS, VALENCE_SIGN, valence

seven = st.lists(st.integers(0, 100), min_size=7, max_size=7)


def only(emotion: str) -> list[int]:
    return [100 * (name == emotion) for name in EMOTIONS]


def test_the_order_is_fer2013s() -> None:
    assert EMOTIONS == ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
    assert len(VALENCE_SIGN) == len(EMOTIONS)


@pytest.mark.parametrize(
    ("emotion", "expected"),
    [
        ("happy", 1),
        ("neutral", 0),
        ("surprise", 0),
        ("angry", -1),
        ("disgust", -1),
        ("fear", -1),
        ("sad", -1),
    ],
)
def test_valence_of_one_emotion_alone(emotion: str, expected: int) -> None:
    assert valence(only(emotion)) == expected


def test_valence_of_a_mixture() -> None:
    assert valence([10, 0, 0, 60, 20, 10, 0]) == pytest.approx(0.4)


@given(seven, st.integers(1, 50))
def test_valence_stays_in_its_range_whatever_the_unit(scores: list[int], unit: int) -> None:
    assume(sum(scores) > 0)
    assert -1 <= valence(scores) <= 1
    assert valence([score * unit for score in scores]) == pytest.approx(valence(scores))


@pytest.mark.parametrize(("scores", "says"), [([1] * 6, "expected 7 scores"), ([0] * 7, "sum to zero")])
def test_nonsense_is_refused(scores: list[int], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        valence(scores)
