from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from analytics.reacting import KINDS, Reacting, Scores, reacting

SECONDS = 60


def found(**given: NDArray[np.float64]) -> dict[str, Reacting]:
    """Of one viewer; zero where nothing is given, and looking at the screen."""
    scores = {name: np.zeros((1, SECONDS)) for name in ("happy", "fear", "surprise", "sad", "valence")}
    scores["front"] = np.full((1, SECONDS), 100.0)
    return {one.kind: one for one in reacting(Scores(**(scores | given)))}


def course(rest: float, **stretches: float) -> NDArray[np.float64]:
    series = np.full((1, SECONDS), float(rest))
    for stretch, score in stretches.items():
        begin, end = (int(part) for part in stretch.removeprefix("s").split("_"))
        series[0, begin:end] = score
    return series


def seconds(one: NDArray[np.bool_]) -> list[int]:
    return np.flatnonzero(one[0]).tolist()


def test_the_kinds_come_in_their_order() -> None:
    assert tuple(found()) == KINDS


@pytest.mark.parametrize(("kind", "score"), [("laugh", "happy"), ("tears", "sad")])
def test_a_level_counts_from_the_viewers_own_median(kind: str, score: str) -> None:
    series = course(40, s10_13=60, s20_23=59)
    assert seconds(found(**{score: series})[kind].sides[0]) == [10, 11, 12]


@pytest.mark.parametrize("score", ["fear", "surprise"])
def test_a_jump_is_a_quick_rise_and_a_slow_one_is_none(score: str) -> None:
    quick = course(0, s10_14=30)
    assert seconds(found(**{score: quick})["jump"].sides[0]) == [10, 11]
    slow = np.clip(np.arange(SECONDS) - 10.0, 0, 60)[None, :]
    assert seconds(found(**{score: slow})["jump"].sides[0]) == []


def test_a_dip_is_attention_over_five_seconds() -> None:
    flicker = course(100, s10_11=0)
    assert seconds(found(front=flicker)["dip"].sides[0]) == []
    away = course(100, s30_40=0)
    dip = found(front=away)["dip"].sides[0]
    assert seconds(dip) == list(range(29, 41))
    average = uniform_filter1d(away, 5, axis=1, mode="nearest")
    assert (dip == (average <= 75)).all()


def test_a_dip_counts_who_is_not_scored() -> None:
    unscored = course(0, s20_30=np.nan)
    one = found(valence=unscored, happy=unscored, front=course(100, s20_30=0))
    assert one["dip"].present.all()
    assert seconds(one["dip"].sides[0]) == list(range(19, 31))
    assert seconds(~one["laugh"].present) == list(range(20, 30))


def test_a_split_has_the_pleased_and_the_displeased() -> None:
    pleased, displeased = found(valence=course(-10, s5_7=10, s40_42=-30))["split"].sides
    assert (seconds(pleased), seconds(displeased)) == ([5, 6], [40, 41])


def test_who_was_never_scored_reacts_to_nothing() -> None:
    nothing = np.full((1, SECONDS), np.nan)
    for one in found(
        **dict.fromkeys(("happy", "fear", "surprise", "sad", "valence", "front"), nothing)
    ).values():
        assert not one.present.any()
        assert not any(side.any() for side in one.sides)
