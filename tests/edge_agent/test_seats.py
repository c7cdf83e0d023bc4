from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from edge_agent.seats import CONFIRM_FRAMES, FORGET_FRAMES, PATIENCE_MS, WAIT_FRAMES, Seats


def face(x: float, y: float = 100, side: float = 20) -> NDArray[np.float32]:
    """A square box around (x, y)."""
    return np.array([x - side / 2, y - side / 2, x + side / 2, y + side / 2], np.float32)


def seat_two(seats: Seats) -> None:
    for frame in range(CONFIRM_FRAMES):
        seats.update(frame * 250, [face(100), face(300)])


def test_a_face_takes_a_seat_in_its_third_frame() -> None:
    seats = Seats()
    assert seats.update(0, [face(100)]) == [0]
    assert seats.update(250, [face(101)]) == [0]
    assert not seats.viewers
    assert seats.waiting == {0}
    assert seats.update(500, [face(102)]) == [0]
    assert seats.viewers == {0: 0}
    assert not seats.waiting


def test_a_flicker_makes_no_viewer() -> None:
    seats = Seats()
    for frame in range(60):
        seats.update(frame * 250, [face(100)] if frame % (FORGET_FRAMES + 1) == 0 else [])
    assert not seats.viewers


def test_a_doubtful_face_takes_no_seat_and_is_not_waited_for_for_ever() -> None:
    seats = Seats()
    for frame in range(WAIT_FRAMES - 1):
        seats.update(frame * 250, [face(100)], [0.99 if frame % 4 == 1 else 0.75])
    assert seats.waiting == {0}
    seats.update(WAIT_FRAMES * 250, [face(100)], [0.75])
    assert not seats.waiting
    assert not seats.viewers


def test_a_face_that_wavers_takes_one() -> None:
    seats = Seats()
    for frame, probability in enumerate([0.93, 0.8, 0.97, 0.9, 0.99]):
        assert not seats.viewers
        seats.update(frame * 250, [face(100)], [probability])
    assert seats.viewers == {0: 0}


def test_neighbours_keep_their_seats_whatever_the_order_of_faces() -> None:
    seats = Seats()
    seat_two(seats)
    assert seats.update(1000, [face(302), face(98)]) == [1, 0]


def test_a_lost_viewer_gets_the_same_seat_back() -> None:
    seats = Seats()
    seat_two(seats)
    for at_ms in range(750, 4000, 250):
        seats.update(at_ms, [face(300)])
    assert seats.update(4000, [face(120), face(300)]) == [0, 1]  # leaned over meanwhile
    assert len(seats.viewers) == 2


def test_a_seat_is_kept_for_whoever_comes_back_to_its_place() -> None:
    seats = Seats()
    seat_two(seats)
    later_ms = 500 + PATIENCE_MS * 20
    assert seats.update(later_ms, [face(105)]) == [0]


def test_a_face_elsewhere_after_a_long_loss_is_somebody_new() -> None:
    seats = Seats()
    seat_two(seats)
    later_ms = 500 + PATIENCE_MS + 1
    assert seats.update(later_ms, [face(125)]) == [2]


def test_two_boxes_on_one_face_are_one_viewer() -> None:
    seats = Seats()
    for frame in range(6):
        tracks = seats.update(frame * 250, [face(100), face(103, side=24)])
        assert sorted(tracks, key=str) == [0, None]
    assert len(seats.viewers) == 1


def test_a_far_larger_face_in_front_is_somebody_else() -> None:
    seats = Seats()
    for frame in range(CONFIRM_FRAMES):
        seats.update(frame * 250, [face(100, side=20)])
    assert seats.update(750, [face(100, side=60)]) == [1]


def test_who_walks_is_followed() -> None:
    seats = Seats()
    for frame in range(12):
        assert seats.update(frame * 250, [face(300 - 12 * frame, side=16)]) == [0]


positions = st.lists(
    st.tuples(st.floats(0, 480), st.floats(0, 270), st.floats(8, 80)), min_size=0, max_size=6
)


@settings(deadline=None)
@given(st.lists(positions, min_size=1, max_size=25))
def test_whatever_is_found_a_track_has_one_face_and_viewers_are_numbered_without_gaps(
    frames: list[list[tuple[float, float, float]]],
) -> None:
    seats = Seats()
    most = 0
    for number, found in enumerate(frames):
        tracks = seats.update(number * 250, [face(x, y, side) for x, y, side in found])
        given_out = [track for track in tracks if track is not None]
        assert len(tracks) == len(found)
        assert len(set(given_out)) == len(given_out)
        assert list(seats.viewers.values()) == list(range(len(seats.viewers)))
        assert len(seats.viewers) >= most  # nobody loses a seat
        most = len(seats.viewers)


@pytest.mark.parametrize("people", [1, 4, 12])
def test_jitter_and_missed_frames_do_not_change_the_count(people: int) -> None:
    random = np.random.default_rng(people)
    seats = Seats()
    for frame in range(200):
        found = [
            face(40 + 60 * person + random.normal(0, 2), 100 + random.normal(0, 2), 20 + random.normal(0, 1))
            for person in range(people)
            if random.random() < 0.8
        ]
        seats.update(frame * 250, found)
    assert len(seats.viewers) == people
