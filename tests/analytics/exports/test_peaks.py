from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from analytics.exports.figures import Second
from analytics.exports.peaks import Peak, fewest, peaks
from contract.emotions import EMOTIONS
from tests.analytics.exports.made import a_film, second


def _film(happy: Sequence[int], *, viewers: int = 42, missing: Sequence[int] = ()) -> list[Second]:
    return [
        second(at, {"happy": count}, viewers=viewers) for at, count in enumerate(happy) if at not in missing
    ]


def _spans(found: list[Peak]) -> list[tuple[str, int, int]]:
    return [(peak.emotion, peak.start_ms // 1000, peak.end_ms // 1000) for peak in found]


@given(st.integers(1, 300), st.floats(0.001, 0.999), st.floats(1e-9, 0.5))
def test_the_fewest_are_what_scipy_says(viewers: int, usual: float, level: float) -> None:
    found = fewest(viewers, usual, level)
    # P(X >= found) <= level < P(X >= found - 1); sf(x) is P(X > x).
    assert binom.sf(found - 1, viewers, usual) <= level * (1 + 1e-9)
    assert binom.sf(found - 2, viewers, usual) >= level * (1 - 1e-9)


def test_nobody_and_everybody_are_no_question() -> None:
    assert fewest(42, 0.0, 0.01) == 1
    assert fewest(42, 1.0, 0.01) == 43
    assert fewest(2, 0.5, 0.01) == 3  # two of two is a quarter of the time: never sure


def test_a_laugh_is_found_with_its_height_and_the_film_s_own_share() -> None:
    found = peaks(a_film().seconds)
    assert _spans(found) == [("happy", 70, 78), ("fear", 150, 153)]
    laugh = found[0]
    assert (laugh.height.showing, laugh.height.viewers, laugh.height_ms) == (26, 42, 73_000)
    assert laugh.usual == pytest.approx(sum(s.reactions["happy"].share for s in a_film().seconds) / 240)


def test_breath_does_not_part_a_laugh_and_a_long_silence_does() -> None:
    laugh = [2] * 30 + [20] * 3 + [2] * 2 + [20] * 3 + [2] * 3 + [20] * 2 + [2] * 60
    assert _spans(peaks(_film(laugh))) == [("happy", 30, 38), ("happy", 41, 43)]


def test_withheld_seconds_part_a_peak_like_a_silence() -> None:
    laugh = [2] * 30 + [20] * 9 + [2] * 60
    assert _spans(peaks(_film(laugh, missing=range(33, 36)))) == [("happy", 30, 33), ("happy", 36, 39)]


def test_what_is_sure_but_small_is_no_peak() -> None:
    # 60 of 1000 where 5 are usual: certain, and one viewer in seventeen.
    assert peaks(_film([5] * 100 + [60] * 5 + [5] * 100, viewers=1000)) == []


def test_neutral_has_no_peak_and_nothing_has_none() -> None:
    assert peaks([second(at, {"neutral": 40 if at > 90 else 2}) for at in range(100)]) == []
    assert peaks([]) == []


def test_the_strongest_are_kept_in_film_order() -> None:
    films = [2] * 20 + [18] * 2 + [2] * 20 + [30] * 2 + [2] * 20 + [24] * 2 + [2] * 60
    assert _spans(peaks(_film(films), most=2)) == [("happy", 42, 44), ("happy", 64, 66)]
    assert peaks(_film(films), most=0) == []


def test_at_most_one_film_in_twenty_without_a_shared_reaction_shows_a_peak() -> None:
    """Viewers who differ, and who keep an expression for some seconds, but react to nothing together."""
    rng = np.random.default_rng(5)
    flagged, films, length, viewers = 0, 120, 300, 30
    for _ in range(films):
        often = rng.beta(1, 12, (viewers, 1, len(EMOTIONS)))
        keeps = rng.random((viewers, length, len(EMOTIONS))) < 0.6
        showing = rng.random((viewers, length, len(EMOTIONS))) < often
        for at in range(1, length):
            showing[:, at] = np.where(keeps[:, at], showing[:, at - 1], showing[:, at])
        counts = showing.sum(0)
        flagged += bool(
            peaks(
                [
                    second(at, dict(zip(EMOTIONS, map(int, counts[at]), strict=True)), viewers=viewers)
                    for at in range(length)
                ]
            )
        )
    # Five in a hundred are promised; with 120 films, 12 or more would say otherwise at the 2% level.
    assert flagged < 12


def test_a_planted_reaction_is_found_among_few_and_many() -> None:
    rng = np.random.default_rng(6)
    for viewers in (12, 42, 200):
        found = 0
        for _ in range(20):
            counts = rng.binomial(viewers, 0.05, 400)
            counts[200:206] = rng.binomial(viewers, 0.7, 6)
            spans = _spans(peaks(_film([int(count) for count in counts], viewers=viewers)))
            found += any(start <= 203 < end for _, start, end in spans)
        assert found >= 19
