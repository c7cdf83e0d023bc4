from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_agent.training.dataset.settings import SHARES
from edge_agent.training.dataset.split import split_groups


def faces_of(sizes: list[int], seed: int = 1) -> list[int]:
    splits = split_groups(np.array(sizes, np.intp), SHARES, seed)
    return [int(np.array(sizes)[splits == split].sum()) for split in range(len(SHARES))]


def test_many_groups_meet_the_shares() -> None:
    sizes = np.random.default_rng(0).integers(1, 30, 200).tolist()
    shares = np.array(faces_of(sizes)) / sum(sizes)
    assert np.abs(shares - SHARES).max() < 0.005


@pytest.mark.parametrize(
    ("sizes", "faces"),
    [
        ([5], [5, 0, 0]),
        ([5, 9], [9, 5, 0]),
        ([5, 9, 2], [9, 5, 2]),
        ([1] * 10, [7, 2, 1]),
        ([7, 1, 1, 1], [7, 2, 1]),
    ],
)
def test_few_groups_fill_the_first_splits_first(sizes: list[int], faces: list[int]) -> None:
    assert faces_of(sizes) == faces


def test_none_is_none() -> None:
    assert len(split_groups(np.zeros(0, np.intp), SHARES, 1)) == 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 500), min_size=3, max_size=30), st.integers(0, 1000))
def test_no_split_is_empty_and_the_seed_decides(sizes: list[int], seed: int) -> None:
    assert all(faces_of(sizes, seed))
    one, other = (split_groups(np.array(sizes, np.intp), SHARES, seed) for _ in range(2))
    assert one.tolist() == other.tolist()


def test_another_seed_is_another_split_and_chance_does_not_look_at_the_length() -> None:
    sizes = np.arange(1, 101)
    splits = [split_groups(sizes, SHARES, seed) for seed in range(20)]
    assert len({tuple(split.tolist()) for split in splits}) == 20
    of_test = np.mean([sizes[split == 2].mean() for split in splits])
    assert 40 < of_test < 61  # the mean of all is 50.5
