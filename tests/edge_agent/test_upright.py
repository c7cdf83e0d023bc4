from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from edge_agent.faces import Face
from edge_agent.upright import Upright

PICTURE = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)


def faces(*probabilities: float) -> list[Face]:
    return [Face(np.zeros(4, np.float32), each, np.zeros((5, 2), np.float32)) for each in probabilities]


class TurnedRoom:
    """Has its faces when turned by ``right`` quarters; ``wrong`` is what any other turn seems to show."""

    def __init__(self, right: int, shown: list[Face], wrong: list[Face] | None = None) -> None:
        self._right = np.rot90(PICTURE, right)
        self._shown = shown
        self._wrong = wrong or []
        self.looks = 0

    def find(self, image: NDArray[np.uint8]) -> list[Face]:
        self.looks += 1
        return self._shown if np.array_equal(image, self._right) else self._wrong


def test_a_sure_upright_face_settles_it_without_a_search() -> None:
    room = TurnedRoom(0, faces(0.9999))
    upright = Upright(room)
    assert not upright.learn(PICTURE, faces(0.9999))
    assert not any(upright.learn(PICTURE, []) for _ in range(50))
    assert (room.looks, upright.turns) == (0, 0)
    assert upright.turned(PICTURE) is PICTURE


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_face_that_lies_turns_the_picture(turns: int) -> None:
    upright = Upright(TurnedRoom(turns, faces(0.9995), wrong=faces(0.9)))
    assert upright.learn(PICTURE, faces(0.9))
    assert upright.turns == turns
    assert np.array_equal(upright.turned(PICTURE), np.rot90(PICTURE, turns))
    assert not upright.learn(PICTURE, [])


def test_doubtful_faces_turn_nothing() -> None:
    upright = Upright(TurnedRoom(1, faces(0.98)))
    assert not any(upright.learn(PICTURE, []) for _ in range(20))
    hardly_more = Upright(TurnedRoom(1, faces(0.998)))
    assert not any(hardly_more.learn(PICTURE, faces(0.98)) for _ in range(20))


def test_many_doubtful_faces_together_are_enough() -> None:
    upright = Upright(TurnedRoom(3, faces(0.95, 0.92, 0.9)))
    assert upright.learn(PICTURE, [])
    assert upright.turns == 3


def test_an_empty_room_is_checked_ever_more_rarely() -> None:
    room = TurnedRoom(0, faces(0.9999))
    upright = Upright(room)
    for _ in range(4 * 3600):  # an hour at four pictures a second
        upright.learn(PICTURE, [])
    assert room.looks < 3 * 240
