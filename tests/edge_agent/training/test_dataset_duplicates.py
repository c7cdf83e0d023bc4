from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from edge_agent.training.dataset.duplicates import (
    differing_bits,
    duplicate_of,
    hashes_of,
    linked,
    near_other_split,
)

few_bits = st.lists(st.integers(0, 255), min_size=1, max_size=40)


def hashes(numbers: list[int]) -> NDArray[np.uint64]:
    return hashes_of([f"{number:036x}" for number in numbers])


def test_differing_bits_are_counted_over_every_word() -> None:
    some = hashes_of(["0" * 36, "f" * 36, "8" + "0" * 34 + "1"])
    assert differing_bits(some, some).tolist() == [[0, 144, 2], [144, 0, 142], [2, 142, 0]]


def test_no_hash_is_no_face() -> None:
    none = hashes_of([])
    assert len(none) == 0
    assert len(duplicate_of(none, np.zeros(0), 20)) == 0
    assert len(linked(none, np.zeros(0, np.intp), np.zeros(0, np.intp), 28, 20)) == 0


def test_of_two_alike_the_sharper_is_kept_and_of_equals_the_earlier() -> None:
    alike = hashes([0b1, 0b11, 0b1])
    assert duplicate_of(alike, np.array([1.0, 3.0, 2.0]), 1).tolist() == [1, -1, 1]
    assert duplicate_of(alike, np.array([1.0, 1.0, 1.0]), 1).tolist() == [-1, 0, 0]


@settings(deadline=None)
@given(few_bits, st.integers(0, 8), st.randoms(use_true_random=False))
def test_kept_faces_differ_and_dropped_ones_repeat_a_kept_sharper_one(
    numbers: list[int], most_bits: int, chance: Random
) -> None:
    codes = hashes(numbers)
    sharpness = np.array([chance.random() for _ in numbers])
    repeats = duplicate_of(codes, sharpness, most_bits)
    bits = differing_bits(codes, codes)
    kept = np.nonzero(repeats < 0)[0]
    apart = bits[np.ix_(kept, kept)] + 255 * np.eye(len(kept), dtype=np.uint16)
    assert (apart > most_bits).all()
    for dropped in np.nonzero(repeats >= 0)[0]:
        like = repeats[dropped]
        assert repeats[like] == -1
        assert bits[dropped, like] <= most_bits
        assert sharpness[dropped] <= sharpness[like]


def test_shots_are_linked_through_others() -> None:
    codes = hashes([0b0000, 0b0011, 0b1111, 0xFF00])
    shots, film = np.array([0, 1, 2, 3]), np.zeros(4, np.intp)
    assert linked(codes, shots, film, 2, 2).tolist() == [0, 0, 0, 1]
    assert linked(codes, shots, film, 1, 1).tolist() == [0, 1, 2, 3]


def test_between_films_only_near_duplicates_link() -> None:
    codes, shots = hashes([0b00, 0b11, 0b1]), np.array([0, 1, 2])
    assert linked(codes, shots, np.array([0, 0, 1]), 2, 0).tolist() == [0, 0, 1]
    assert linked(codes, shots, np.array([0, 0, 1]), 2, 1).tolist() == [0, 0, 0]


def test_a_shot_without_a_face_is_a_group_of_its_own() -> None:
    assert linked(hashes([0, 0]), np.array([0, 2]), np.zeros(2, np.intp), 5, 5).tolist() == [0, 1, 0]


@settings(deadline=None)
@given(few_bits, st.integers(0, 6), st.data())
def test_what_is_near_is_in_one_group_or_left_out(
    numbers: list[int], most_bits: int, data: st.DataObject
) -> None:
    codes = hashes(numbers)
    of_each = st.lists(st.integers(0, 6), min_size=len(numbers), max_size=len(numbers))
    shots = np.array(data.draw(of_each), np.intp)
    group = linked(codes, shots, np.zeros_like(shots), most_bits, 0)[shots]
    near = differing_bits(codes, codes) <= most_bits
    assert (group[:, None] == group[None, :])[near].all()

    splits = np.array(data.draw(of_each), np.intp) % 3
    other = near_other_split(codes, splits, most_bits)
    left = np.nonzero(other < 0)[0]
    assert not (near & (splits[:, None] != splits[None, :]))[np.ix_(left, left)].any()
    assert (other[splits == splits.max()] == -1).all()
    for position in np.nonzero(other >= 0)[0]:
        assert splits[other[position]] > splits[position]
        assert near[position, other[position]]


@pytest.mark.parametrize("n", [63, 64, 65, 200])
def test_blocks_of_rows_give_the_same_answer(n: int) -> None:
    draw = np.random.default_rng(n)
    codes = hashes([int(number) for number in draw.integers(0, 1 << 12, n)])
    splits = draw.integers(0, 3, n)
    bits = differing_bits(codes, codes)
    alike = (bits <= 2) & (splits[None, :] > splits[:, None])
    assert ((near_other_split(codes, splits, 2) >= 0) == alike.any(1)).all()
