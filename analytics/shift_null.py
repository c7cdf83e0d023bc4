"""What an audience would look like if its viewers did not follow the same film. Pure.

Each viewer's series is kept whole, how often and how long they smile included, and moved round by a random time of
its own (circular shifts, as for brains that watch one film: Kauppi et al. 2010). Whatever then still meets, meets by
chance.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

DRAWS = 400
"""The 95% place of a maximum moves by about 2% from seed to seed."""
DRAWS_OF_ONE = 200
"""Enough for a figure that is one for the whole film: its p is known to 0.005, the 95% place of its chance to 5%."""
SEED = 20
_BYTE_HOLDS = 255


def in_windows(series: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Means of ``length`` seconds each: (viewers, windows); NaN where a viewer was not scored in any of them.

    ``series``: (viewers, seconds), NaN where not scored. What is left over at the end is a shorter window.
    """
    scored = np.isfinite(series)
    begins = np.arange(0, series.shape[1], length)
    total = np.add.reduceat(np.where(scored, series, 0.0), begins, axis=1)
    n = np.add.reduceat(scored, begins, axis=1, dtype=np.int64)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)


def shifts(viewers: int, seconds: int, draws: int = DRAWS, seed: int = SEED) -> NDArray[np.int64]:
    """How far each viewer is moved round: (draws, viewers), 0 to ``seconds`` - 1. The same every time."""
    return np.random.default_rng(seed).integers(0, max(1, seconds), size=(draws, viewers))


def shifted_sums(series: NDArray[np.bool_], by: NDArray[np.int64]) -> Iterator[NDArray[np.int32]]:
    """The number of viewers in each second (seconds,), once for each row of ``by`` (draws, viewers).

    ``series``: (viewers, seconds).
    """
    viewers, seconds = series.shape
    # Twice over, so that a series moved round is one stretch of memory.
    twice = np.concatenate([series, series], axis=1).view(np.uint8)
    for drawn in by:
        total = np.zeros(seconds, np.int32)
        for first in range(0, viewers, _BYTE_HOLDS):
            # In single bytes, which no more than these viewers can fill: ten times as quick as wider numbers.
            few = np.zeros(seconds, np.uint8)
            for viewer in range(first, min(first + _BYTE_HOLDS, viewers)):
                start = drawn[viewer]
                few += twice[viewer, start : start + seconds]
            total += few
        yield total
