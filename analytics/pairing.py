"""Which scene of one cut is which scene of another. Pure.

1. **By name**, wherever the scene now stands: capitals and spaces are forgiven. Names that are then the same within one
   cut are taken in film order.
2. **By place**, for what is left. The pairs by name that keep their order (as many as possible) are fixed points: a
   scene left over between two of them can only be one left over between the same two in the other cut. As many left
   on both sides are paired in order. Otherwise the stretch between the fixed points is laid onto the other's, from end
   to end, and the scenes are paired in order so that the overlap is greatest (the alignment of Needleman and Wunsch
   1970); a pair shares at least half of its shorter scene.
3. What is left then is in one cut only.

A scene taken out and another put in its place look like one renamed: the rule takes them for a pair.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from analytics.catalogue import Scene

LEAST_SHARED = 0.5
"""Share of the shorter scene that must lie in the other."""

Pair = tuple[int | None, int | None]
_Named = list[tuple[int, int]]


def pair_scenes(first: Sequence[Scene], second: Sequence[Scene]) -> list[Pair]:
    """Every scene of both cuts exactly once, as positions in ``first`` and ``second``, counted from 0.

    A scene of one cut only has None on the other side. In the film order of ``first``; what only ``second`` has
    stands where it would come. Exchanging the arguments exchanges the sides of the pairs and changes none.
    """
    # Ties are broken on one side: taking the cuts in an order of their own makes it the same side either way.
    if _order(second) < _order(first):
        pairs = [(one, other) for other, one in _pairs(second, first)]
    else:
        pairs = _pairs(first, second)
    partner = dict(pairs)
    return _in_film_order([(one, partner.get(one)) for one in range(len(first))], len(second))


def same_name(name: str) -> str:
    """What two names share that are meant as one: without capitals, and spaces told apart."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _order(scenes: Sequence[Scene]) -> list[tuple[str, int, int]]:
    return [(scene.name, scene.start_ms, scene.end_ms) for scene in scenes]


def _pairs(first: Sequence[Scene], second: Sequence[Scene]) -> _Named:
    named = _by_name(first, second)
    taken_first, taken_second = {one for one, _ in named}, {other for _, other in named}
    pairs = list(named)
    for (before, before2), (after, after2) in pairwise(
        [(-1, -1), *_in_order(named), (len(first), len(second))]
    ):
        left = [one for one in range(before + 1, after) if one not in taken_first]
        right = [other for other in range(before2 + 1, after2) if other not in taken_second]
        if len(left) == len(right):
            pairs += zip(left, right, strict=True)
        elif left and right:
            overlaps = _overlaps(
                _laid_out(first, left, before, after), _laid_out(second, right, before2, after2)
            )
            pairs += [(left[row], right[column]) for row, column in _best(overlaps)]
    return pairs


def _by_name(first: Sequence[Scene], second: Sequence[Scene]) -> _Named:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, scene in reversed(list(enumerate(second))):
        places[same_name(scene.name)].append(place)
    named = []
    for place, scene in enumerate(first):
        if there := places[same_name(scene.name)]:
            named.append((place, there.pop()))
    return named


def _in_order(named: _Named) -> _Named:
    """A longest run of pairs that stand in the same order in both cuts (patience sorting)."""
    ends: list[int] = []
    run_ends: list[int] = []
    came_from: list[int] = []
    for index, (_, other) in enumerate(named):
        length = bisect_left(ends, other)
        ends[length : length + 1] = [other]
        run_ends[length : length + 1] = [index]
        came_from.append(run_ends[length - 1] if length else -1)
    run: _Named = []
    index = run_ends[-1] if run_ends else -1
    while index >= 0:
        run.append(named[index])
        index = came_from[index]
    return run[::-1]


def _laid_out(
    scenes: Sequence[Scene], places: list[int], before: int, after: int
) -> list[tuple[float, float]]:
    """The scenes at ``places`` as [start, end) of the stretch between two fixed points, which is 0 to 1."""
    start = scenes[before].end_ms if before >= 0 else scenes[0].start_ms
    end = scenes[after].start_ms if after < len(scenes) else scenes[-1].end_ms
    length = max(1, end - start)
    return [((scenes[n].start_ms - start) / length, (scenes[n].end_ms - start) / length) for n in places]


def _overlaps(left: list[tuple[float, float]], right: list[tuple[float, float]]) -> list[list[float]]:
    """(left, right): how long two scenes run together; 0 where it is too little to pair them."""

    def shared(one: tuple[float, float], other: tuple[float, float]) -> float:
        overlap = min(one[1], other[1]) - max(one[0], other[0])
        return overlap if overlap >= LEAST_SHARED * min(one[1] - one[0], other[1] - other[0]) else 0.0

    return [[shared(one, other) for other in right] for one in left]


def _best(overlaps: list[list[float]]) -> _Named:
    """The pairs (row, column), in order, whose overlaps add up to the most."""
    rows, columns = len(overlaps), len(overlaps[0])
    most = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            here, without = overlaps[row][column], max(most[row + 1][column], most[row][column + 1])
            most[row][column] = max(without, here + most[row + 1][column + 1]) if here > 0 else without
    pairs, row, column = [], 0, 0
    while row < rows and column < columns:
        if most[row][column] == most[row + 1][column]:
            row += 1
        elif most[row][column] == most[row][column + 1]:
            column += 1
        else:
            pairs.append((row, column))
            row, column = row + 1, column + 1
    return pairs


def _in_film_order(pairs: list[Pair], seconds: int) -> list[Pair]:
    """With the scenes that only the second cut has, each after the one that comes before it there."""
    at = {other: place for place, (_, other) in enumerate(pairs) if other is not None}
    following: defaultdict[int, list[Pair]] = defaultdict(list)
    place = -1
    for other in range(seconds):
        if other in at:
            place = at[other]
        else:
            following[place].append((None, other))
    ordered = list(following[-1])
    for place, pair in enumerate(pairs):
        ordered += [pair, *following[place]]
    return ordered
