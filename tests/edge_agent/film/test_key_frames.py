from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.film.key_frames import MOST, FrameKeeper


def kept(shots: list[int], late: int = 2) -> list[tuple[int, tuple[int, ...]]]:
    """Frame numbers of the middle and the spread of each shot; a cut is known ``late`` frames after it."""
    keeper, found, first = FrameKeeper[int](), [], 0
    ends, total = [], 0
    for length in shots:
        total += length
        ends.append(total)
    for frame in range(total):
        keeper.offer(frame, lambda frame=frame: frame)  # type: ignore[misc]
        if frame - late in ends[:-1]:
            end = frame - late
            keys = keeper.end_shot(first, end)
            assert keys is not None
            found.append((keys.middle, keys.spread))
            first = end
    keys = keeper.end_shot(first, total)
    if keys is not None:
        found.append((keys.middle, keys.spread))
    return found


@given(st.lists(st.integers(15, 3000), min_size=1, max_size=5))
def test_every_shot_has_frames_of_its_own_near_where_they_belong(shots: list[int]) -> None:
    found = kept(shots)
    assert len(found) == len(shots)
    first = 0
    for length, (middle, spread) in zip(shots, found, strict=True):
        slack = max(8, 2 * length / MOST * 2) + 3
        assert first <= min(spread) <= max(spread) < first + length
        assert middle == pytest.approx(first + length / 2, abs=slack)
        assert list(spread) == sorted(spread)
        first += length


def test_a_long_shot_keeps_few_frames() -> None:
    keeper, made = FrameKeeper[int](), []

    def keep() -> int:
        made.append(1)
        return len(made)

    for frame in range(200_000):
        keeper.offer(frame, keep)
    assert len(made) < 1000
