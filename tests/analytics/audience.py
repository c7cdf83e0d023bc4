"""Made audiences, whose truth is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def reacting_alone(
    random: np.random.Generator, viewers: int, seconds: int, share: float = 0.1, length: float = 4
) -> NDArray[np.bool_]:
    """Viewers who react each for themselves: a two-state Markov chain, (viewers, seconds).

    ``share``: of the time. ``length``: seconds that a reaction lasts, in the mean.
    """
    stop = 1 / length
    begin = stop * share / (1 - share)
    state = random.random(viewers) < share
    series = np.empty((viewers, seconds), bool)
    for second in range(seconds):
        drawn = random.random(viewers)
        state = np.where(state, drawn >= stop, drawn < begin)
        series[:, second] = state
    return series
