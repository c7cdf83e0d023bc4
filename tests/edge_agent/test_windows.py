from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.messages import Reactions, Sample, decode, encode
from edge_agent.windows import Sighting, Windows, whole_percents

HAPPY = np.array([0, 0, 0, 1, 0, 0, 0], np.float32)
SAD = np.array([0, 0, 0, 0, 0, 1, 0], np.float32)


def seen(track: int, scores: np.ndarray | None = HAPPY, *, front: bool = True) -> Sighting:
    return Sighting(track, front, scores)


def test_a_second_is_given_once_the_film_is_past_it() -> None:
    windows, viewers = Windows(), {0: 0}
    assert windows.add(0, 0, [seen(0)], viewers) == []
    assert windows.add(999, 0, [seen(0, SAD, front=False)], viewers) == []
    assert windows.add(1000, 0, [seen(0)], viewers) == [
        Sample(t=0, d=1000, pass_=0, viewer=0, n=2, seen=100, front=50, p=(0, 0, 0, 50, 0, 50, 0))
    ]
    assert windows.flush(viewers) == [
        Sample(t=1000, d=1000, pass_=0, viewer=0, n=1, seen=100, front=100, p=(0, 0, 0, 100, 0, 0, 0))
    ]
    assert windows.flush(viewers) == []
    assert windows.seconds == 2


def test_a_viewer_who_is_not_seen_still_has_a_sample() -> None:
    windows = Windows()
    windows.add(0, 0, [seen(0)], {0: 0})
    windows.add(1000, 0, [], {0: 0})
    assert windows.add(2000, 0, [], {0: 0}) == [
        Sample(t=1000, d=1000, pass_=0, viewer=0, n=0, seen=0, front=0)
    ]


def test_a_seat_brings_the_frames_that_confirmed_it() -> None:
    windows = Windows()
    assert windows.add(750, 0, [seen(0)], {}, {0}) == []
    assert windows.add(1000, 0, [seen(0)], {}, {0}) == []
    late = windows.add(1250, 0, [seen(0)], {0: 0})
    assert late == [
        Sample(t=0, d=1000, pass_=0, viewer=0, n=1, seen=100, front=100, p=(0, 0, 0, 100, 0, 0, 0))
    ]
    (now,) = windows.flush({0: 0})
    assert (now.t, now.n, now.seen) == (1000, 2, 100)


def test_frames_before_the_seat_was_taken_count_as_not_seen() -> None:
    windows = Windows()
    windows.add(0, 0, [], {})
    windows.add(250, 0, [seen(0)], {}, {0})
    windows.add(500, 0, [seen(0)], {}, {0})
    windows.add(750, 0, [seen(0)], {0: 0})
    (sample,) = windows.flush({0: 0})
    assert (sample.n, sample.seen) == (3, 75)


def test_a_face_that_got_no_seat_leaves_nothing() -> None:
    windows = Windows()
    windows.add(0, 0, [seen(7)], {}, {7})
    assert windows.add(1000, 0, [], {}, set()) == []
    assert windows.flush({}) == []


def test_found_and_not_classified_is_seen_without_scores() -> None:
    windows = Windows()
    windows.add(0, 0, [seen(0, None)], {0: 0})
    assert windows.flush({0: 0}) == [Sample(t=0, d=1000, pass_=0, viewer=0, n=0, seen=100, front=100)]


def test_a_rewatch_is_a_window_of_its_own() -> None:
    windows = Windows()
    windows.add(500, 0, [seen(0)], {0: 0})
    (first,) = windows.add(0, 1, [seen(0, SAD)], {0: 0})
    (second,) = windows.flush({0: 0})
    assert (first.t, first.pass_, first.p) == (0, 0, (0, 0, 0, 100, 0, 0, 0))
    assert (second.t, second.pass_, second.p) == (0, 1, (0, 0, 0, 0, 0, 100, 0))


def test_a_clock_that_steps_back_over_a_boundary_repeats_no_window() -> None:
    windows = Windows()
    windows.add(990, 0, [seen(0)], {0: 0})
    windows.add(1010, 0, [seen(0)], {0: 0})
    assert windows.add(995, 0, [seen(0)], {0: 0}) == []
    (sample,) = windows.flush({0: 0})
    assert (sample.t, sample.n) == (1000, 1)


frames = st.lists(
    st.tuples(
        st.integers(0, 400),  # ms since the frame before
        st.lists(
            st.tuples(
                st.integers(0, 3), st.booleans(), st.lists(st.floats(0.001, 1), min_size=7, max_size=7)
            ),
            max_size=4,
            unique_by=lambda sighting: sighting[0],
        ),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(frames)
def test_every_window_has_one_valid_sample_for_each_viewer(
    script: list[tuple[int, list[tuple[int, bool, list[float]]]]],
) -> None:
    windows, viewers, hits = Windows(), dict[int, int](), Counter[int]()
    samples: list[Sample] = []
    film_ms, found = 0, 0
    for step_ms, faces in script:
        film_ms += step_ms
        sightings = []
        for track, front, weights in faces:
            scores = np.array(weights, np.float32)
            sightings.append(Sighting(track, front, scores / scores.sum()))
            hits[track] += 1
            if hits[track] == 3:
                viewers[track] = len(viewers)
        waiting = {track for track in hits if track not in viewers}
        samples += windows.add(film_ms, 0, sightings, viewers, waiting)
    samples += windows.flush(viewers)
    found = sum(hits[track] for track in viewers)

    keys = [(sample.pass_, sample.t, sample.viewer) for sample in samples]
    assert len(set(keys)) == len(keys)
    assert sum(sample.n for sample in samples) == found  # no frame of a viewer is lost or counted twice
    if samples:
        message = Reactions(session="0" * 32, seq=1, samples=samples)
        assert decode(encode(message)) == message


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e300), min_size=7, max_size=7).filter(lambda shares: sum(shares) > 0))
def test_percents_sum_to_a_hundred_and_are_within_one_of_the_share(shares: list[float]) -> None:
    percents = whole_percents(shares)
    assert sum(percents) == 100
    largest = max(shares)
    scaled = [share / largest for share in shares]
    exact = [share * 100 / sum(scaled) for share in scaled]
    assert all(abs(percent - share) < 1 + 1e-9 for percent, share in zip(percents, exact, strict=True))
    assert all(percents[i] >= percents[j] for i in range(7) for j in range(7) if shares[i] > shares[j])


def test_equal_shares_give_the_remainder_to_the_first() -> None:
    assert whole_percents([1] * 7) == (15, 15, 14, 14, 14, 14, 14)


@pytest.mark.parametrize("shares", [[0] * 7, [1] * 6, [1, 1, 1, 1, 1, 1, -1], [float("nan")] * 7])
def test_what_are_no_shares_is_refused(shares: list[float]) -> None:
    with pytest.raises(ValueError, match="expected 7 shares"):
        whole_percents(shares)
