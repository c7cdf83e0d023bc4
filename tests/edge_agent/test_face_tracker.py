"""When the tracking finder searches, for how small a face, and whom it keeps; the detector is scripted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from edge_agent.boxes import Box
from edge_agent.face_tracker import TrackingFinder
from edge_agent.faces import Face
from edge_agent.room import ROOMS, Room, smallest_face_px

Corners = tuple[float, float, float, float]
LEFT, RIGHT = (100.0, 100.0, 180.0, 200.0), (400.0, 100.0, 480.0, 200.0)
"""Faces 100 pixels high."""


@dataclass
class ScriptedDetector:
    """A room with ``there``: who is found by a search, and with what probability at their place."""

    there: dict[Corners, float] = field(default_factory=dict)
    searched: list[int] = field(default_factory=list)
    refined: int = 0

    def search(self, image: NDArray[np.uint8], smallest_px: int) -> list[Face]:
        assert image.ndim == 3
        self.searched.append(smallest_px)
        return [
            face(corners, probability) for corners, probability in self.there.items() if probability >= 0.7
        ]

    def refine(self, image: NDArray[np.uint8], boxes: Sequence[Box]) -> list[Face]:
        assert image.ndim == 3
        self.refined += len(boxes)
        return [face(tuple(box.tolist()), self.there.get(tuple(box.tolist()), 0.01)) for box in boxes]


def face(corners: Sequence[float], probability: float) -> Face:
    return Face(np.array(corners, np.float32), probability, np.zeros((5, 2), np.float32))


def room_picture(seed: int = 0, height: int = 480, width: int = 640) -> NDArray[np.uint8]:
    """Some place, different for each seed."""
    rough = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return np.repeat(np.repeat(rough, height // 6, axis=0), width // 8, axis=1)


PICTURE = room_picture()


def look(finder: TrackingFinder, times: int, picture: NDArray[np.uint8] = PICTURE) -> list[int]:
    """How many faces each look found."""
    return [len(finder.find(picture)) for _ in range(times)]


def searches_at(detector: ScriptedDetector, finder: TrackingFinder, times: int) -> list[int]:
    """Numbers of the looks that searched."""
    at = []
    for number in range(times):
        before = len(detector.searched)
        finder.find(PICTURE)
        if len(detector.searched) > before:
            at.append(number)
    return at


@pytest.mark.parametrize(("rate_hz", "every"), [(4.0, 8), (12.5, 25), (0.2, 1)])
def test_while_all_is_well_the_picture_is_searched_every_two_seconds_and_later_every_four(
    rate_hz: float, every: int
) -> None:
    detector = ScriptedDetector({LEFT: 1.0})
    looks = 12 * every
    at = searches_at(detector, TrackingFinder(detector, rate_hz=rate_hz), looks)
    assert at == [every * number for number in (0, 1, 2, 3, 4, 5, 7, 9, 11)]
    assert detector.refined == looks - 1


def test_a_newcomer_before_a_settled_audience_is_there_within_four_seconds_and_unsettles_it() -> None:
    detector = ScriptedDetector({LEFT: 1.0})
    finder = TrackingFinder(detector)
    assert searches_at(detector, finder, 41)[-1] == 40
    detector.there[RIGHT] = 0.95
    assert look(finder, 16) == [1] * 15 + [2]
    assert searches_at(detector, finder, 16) == [7, 15]


def test_a_newcomer_is_there_at_the_next_search_and_stays() -> None:
    detector = ScriptedDetector({LEFT: 1.0})
    finder = TrackingFinder(detector)
    look(finder, 3)
    detector.there[RIGHT] = 0.95
    assert look(finder, 8) == [1, 1, 1, 1, 1, 2, 2, 2]


def test_a_newcomer_must_be_sure_and_may_waver_later() -> None:
    detector = ScriptedDetector({LEFT: 0.85})
    finder = TrackingFinder(detector)
    assert look(finder, 20) == [0] * 20
    detector.there[LEFT] = 0.95
    assert look(finder, 8)[-1] == 1
    detector.there[LEFT] = 0.55
    assert look(finder, 8) == [1] * 8


def test_a_lost_face_is_searched_at_once_and_then_ever_more_rarely() -> None:
    detector = ScriptedDetector({LEFT: 1.0})
    finder = TrackingFinder(detector)
    look(finder, 2)
    detector.there = {}
    assert searches_at(detector, finder, 32) == [0, 1, 3, 7, 15, 23, 31]


def test_a_face_that_moved_far_is_found_in_the_same_picture() -> None:
    detector = ScriptedDetector({LEFT: 1.0})
    finder = TrackingFinder(detector)
    look(finder, 2)
    detector.there = {RIGHT: 1.0}
    (found,) = finder.find(PICTURE)
    assert found.box.tolist() == list(RIGHT)


def test_a_lost_face_that_comes_back_to_its_place_needs_no_search() -> None:
    detector = ScriptedDetector({LEFT: 1.0})
    finder = TrackingFinder(detector)
    look(finder, 2)
    detector.there = {}
    look(finder, 5)
    detector.there = {LEFT: 0.75}  # as a newcomer it would be too doubtful
    searched = len(detector.searched)
    assert look(finder, 1) == [1]
    assert len(detector.searched) == searched


def test_the_place_of_a_lost_face_is_given_up_in_the_end() -> None:
    detector = ScriptedDetector({LEFT: 1.0})
    finder = TrackingFinder(detector)
    look(finder, 2)
    detector.there = {}
    look(finder, 40)
    refined = detector.refined
    look(finder, 5)
    assert detector.refined == refined


def test_a_face_that_becomes_unsure_is_searched() -> None:
    detector = ScriptedDetector({LEFT: 1.0})
    finder = TrackingFinder(detector)
    look(finder, 2)
    detector.there = {LEFT: 0.6}
    assert searches_at(detector, finder, 7) == [0]


def test_two_boxes_on_one_face_are_one() -> None:
    detector = ScriptedDetector({LEFT: 1.0, (110.0, 110.0, 170.0, 190.0): 0.92})
    assert look(TrackingFinder(detector), 3) == [1, 1, 1]


def test_another_place_is_searched_at_once_and_forgets_who_is_not_there() -> None:
    detector = ScriptedDetector({LEFT: 1.0})
    finder = TrackingFinder(detector)
    look(finder, 2)
    detector.there = {RIGHT: 1.0}
    cut = room_picture(seed=1)
    assert look(finder, 1, cut) == [1]
    assert len(detector.searched) == 2
    refined = detector.refined
    look(finder, 1, cut)
    assert detector.refined == refined + 1


def test_another_place_with_the_same_faces_is_searched_too() -> None:
    detector = ScriptedDetector({LEFT: 1.0})
    finder = TrackingFinder(detector)
    look(finder, 2)
    detector.there[RIGHT] = 1.0
    assert look(finder, 1, room_picture(seed=1)) == [2]


def test_another_size_starts_over() -> None:
    detector = ScriptedDetector({LEFT: 1.0})
    finder = TrackingFinder(detector)
    look(finder, 2)
    detector.there = {(200.0, 200.0, 360.0, 400.0): 1.0}
    refined = detector.refined
    assert look(finder, 1, room_picture(height=960, width=1280)) == [1]
    assert detector.refined == refined  # nowhere to look again: pixels mean other places now


def test_lights_that_go_down_are_no_other_place() -> None:
    detector = ScriptedDetector({LEFT: 1.0})
    finder = TrackingFinder(detector)
    look(finder, 2)
    look(finder, 1, (PICTURE * 0.3).astype(np.uint8))
    assert len(detector.searched) == 1


def test_the_search_learns_how_small_faces_are_and_looks_deep_now_and_then() -> None:
    detector = ScriptedDetector({LEFT: 1.0})
    look(TrackingFinder(detector), 8 * 12)
    assert detector.searched == [20] + [50] * 7 + [
        20
    ]  # half of a face 100 pixels high; then the room's smallest


def test_with_nobody_known_it_looks_as_for_a_sofa() -> None:
    detector = ScriptedDetector()
    look(TrackingFinder(detector), 30, room_picture(height=1080, width=1920))
    assert detector.searched[:3] == [20, 60, 60]


@pytest.mark.parametrize(("room", "smallest"), [("laptop", 60), ("sofa", 27), ("auditorium", 20)])
def test_a_room_that_is_named_bounds_the_search(room: Room, smallest: int) -> None:
    nobody = ScriptedDetector()
    look(TrackingFinder(nobody, room=room), 30)
    assert set(nobody.searched) == {smallest}
    somebody = ScriptedDetector({LEFT: 1.0})
    look(TrackingFinder(somebody, room=room), 30)
    assert set(somebody.searched) == {smallest, max(smallest, 50)}


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_looks_for_faces_that_cannot_be_found(room: Room) -> None:
    assert smallest_face_px(room, 120) == 20
    assert 20 <= smallest_face_px(room, 2160) <= 270
