from __future__ import annotations

import numpy as np
import pytest

from analytics.moments import find_moments
from tests.analytics.audience import reacting_alone

VIEWERS, SECONDS = 30, 600
EVERYBODY = np.ones((VIEWERS, SECONDS), bool)


def test_films_without_a_shared_reaction_show_a_moment_in_one_of_twenty() -> None:
    random = np.random.default_rng(1)
    films = 200
    flagged = sum(
        bool(find_moments([reacting_alone(random, VIEWERS, SECONDS)], EVERYBODY, least_viewers=5, draws=100))
        for _ in range(films)
    )
    # 5% of 200 films, and the binomial's 99.9% place.
    assert flagged <= 21


@pytest.mark.parametrize("joining", [0.5, 0.8])
def test_a_planted_laugh_is_found_where_it_was_planted(joining: float) -> None:
    random = np.random.default_rng(2)
    found = 0
    for _ in range(20):
        series = reacting_alone(random, VIEWERS, SECONDS, share=0.05)
        laughing = random.random(VIEWERS) < joining
        series[laughing, 300:304] = True
        moments = find_moments([series], EVERYBODY, least_viewers=5, draws=200)
        met = [one for one in moments if one.start < 304 and one.end > 300]
        found += bool(met)
        for one in met:
            assert abs(one.start - 300) <= 3
            assert one.viewers == one.audience == VIEWERS
            assert laughing.sum() <= one.joined
            assert one.showing == series[:, one.peak].sum()
    assert found >= 19


def test_a_second_that_too_few_watched_is_no_moment() -> None:
    random = np.random.default_rng(3)
    series, present = reacting_alone(random, VIEWERS, SECONDS, share=0.05), EVERYBODY.copy()
    present[4:, 300:] = False  # four stay, and all of them laugh
    series[:4, 400:410] = True
    assert not [one for one in find_moments([series], present, least_viewers=5) if one.start >= 300]


def test_a_split_needs_both_sides_at_once() -> None:
    random = np.random.default_rng(4)
    pleased, displeased = (reacting_alone(random, VIEWERS, SECONDS, share=0.05) for _ in range(2))
    pleased[:15, 100:106] = True
    pleased[:15, 300:306] = True
    displeased[15:, 300:306] = True
    (split,) = find_moments([pleased, displeased], EVERYBODY, least_viewers=5)
    assert 297 <= split.start <= split.peak < split.end <= 309
    assert split.joined == VIEWERS


def test_a_breath_in_a_laugh_does_not_make_two() -> None:
    series = reacting_alone(np.random.default_rng(5), VIEWERS, SECONDS, share=0.05)
    for stretch in (slice(200, 204), slice(206, 210)):
        series[:25, stretch] = True
    series[:25, 204:206] = False
    (laugh,) = find_moments([series], EVERYBODY, least_viewers=5)
    assert (laugh.start, laugh.end) == (200, 210)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_nobody_or_everybody_always_reacts_nothing_stands_out(share: float) -> None:
    assert find_moments([np.full((VIEWERS, SECONDS), bool(share))], EVERYBODY, least_viewers=5) == []


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="expected arrays of shape"):
        find_moments([EVERYBODY[:, 1:]], EVERYBODY, least_viewers=5)
