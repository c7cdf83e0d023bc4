"""Which viewer reacts when: a yes or no a film second for each kind of moment, from scores. Pure.

Every rule is a rise above, or a fall below, what is ordinary for that viewer: a resting face reads as sad on some
people and as pleased on others. Twenty points of a hundred, as everywhere in the published tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KINDS = ("laugh", "jump", "tears", "dip", "split")
RISE = 20.0
"""Points above a viewer's own median."""
STARTLE_S = 2
"""A startle is over in about a second (Ekman, Friesen and Simons 1985); a window may cut it in two."""
ATTENTION_S = 5
"""A window holds four or five frames, so its attention moves in steps of a quarter: five are averaged."""
FALL = 25.0
"""Points of attention, averaged so, below a viewer's own median: a quarter of the time turned away more than usual."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one audience: (viewers, seconds) float64 each, NaN where a viewer was not scored.

    Emotions and ``front`` are 0 to 100, ``valence`` -100 to 100; ``front`` is there wherever the device looked.
    """

    happy: NDArray[np.float64]
    fear: NDArray[np.float64]
    surprise: NDArray[np.float64]
    sad: NDArray[np.float64]
    valence: NDArray[np.float64]
    front: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reacting:
    """``sides``: one array, or two that must meet (a split); ``present``: all (viewers, seconds) bool."""

    kind: str
    sides: tuple[NDArray[np.bool_], ...]
    present: NDArray[np.bool_]


def reacting(scores: Scores) -> Iterator[Reacting]:
    """The kinds, in the order of KINDS."""
    scored = np.isfinite(scores.valence)
    yield Reacting("laugh", (_above(scores.happy),), scored)
    yield Reacting("jump", (_rising(scores.fear) | _rising(scores.surprise),), scored)
    yield Reacting("tears", (_above(scores.sad),), scored)
    yield Reacting("dip", (_looking_away(scores.front),), np.isfinite(scores.front))
    yield Reacting("split", (_above(scores.valence), _above(-scores.valence)), scored)


def _above(score: NDArray[np.float64]) -> NDArray[np.bool_]:
    # NaN is above nothing.
    return score >= _own_median(score) + RISE


def _rising(score: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Up by RISE from the lowest of the STARTLE_S seconds before."""
    lowest = np.full(score.shape, np.nan)
    for back in range(1, STARTLE_S + 1):
        lowest[:, back:] = np.fmin(lowest[:, back:], score[:, :-back])
    return score >= lowest + RISE


def _looking_away(front: NDArray[np.float64]) -> NDArray[np.bool_]:
    there = np.isfinite(front)
    sums, counts = (
        np.pad(each, ((0, 0), (ATTENTION_S // 2 + 1, ATTENTION_S // 2))).cumsum(1)
        for each in (np.where(there, front, 0.0), there.astype(np.int64))
    )
    total, n = (each[:, ATTENTION_S:] - each[:, :-ATTENTION_S] for each in (sums, counts))
    average = np.where(there, total / np.maximum(n, 1), np.nan)
    return average <= _own_median(average) - FALL


def _own_median(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """(viewers, 1); NaN for a viewer without a score."""
    medians = np.full((len(score), 1), np.nan)
    for viewer, row in enumerate(score):
        there = row[np.isfinite(row)]
        if len(there):
            medians[viewer] = np.median(there)
    return medians
