"""The course of valence over a film, and the story shape it is nearest to. Pure.

The shapes are the six of Reagan et al. (2016, "The emotional arcs of stories are dominated by six basic shapes"), found
in what words of 1,327 novels say; here they name what faces did, which is a metaphor. As there, a course is laid upon
smooth modes; these are the first three cosines over the length of the film, each of which has two directions.
Chance is what the same audience gives with each viewer's series moved round in time (``shift_null``): the largest
shape of any, so that one audience in twenty that follows nothing is given a name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.shift_null import DRAWS_OF_ONE, SEED, in_windows, shifts

NO_ARC = "no clear arc"
SHAPES = (
    ("Tragedy", "Rags to riches"),  # falls; rises
    ("Man in a hole", "Icarus"),  # falls, then rises; rises, then falls
    ("Oedipus", "Cinderella"),  # falls, rises, falls; rises, falls, rises
)
"""For one, two and three half waves over the film: the shape that begins high, and the one that begins low."""
KERNEL_SHARE, LEAST_KERNEL_S, MOST_KERNEL_S = 1 / 40, 2.0, 180.0
"""Standard deviation of the smoothing kernel: a fortieth of the film, about a scene; three minutes of two hours."""
SHORTEST = 12
"""Windows that a film needs to have a course of three half waves."""
FINEST = 400
"""Windows that a film is cut into, at most: three half waves do not tell more of them apart."""
_REACH = 4
"""Standard deviations at which the kernel is cut off: 0.006% of it lies beyond."""


@dataclass(frozen=True, slots=True)
class Arc:
    """``shape``: one of SHAPES, or NO_ARC where ``p`` is above the level asked for."""

    shape: str
    p: float


def smoothed(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means of ``values`` (seconds,) under a Gaussian kernel around each second, weighted; any unit.

    ``weights`` (seconds,): 0 where there is no value. At the ends the kernel leans inward (Nadaraya and Watson 1964).
    NaN where no weight is in reach.
    """
    spread = min(MOST_KERNEL_S, max(LEAST_KERNEL_S, len(values) * KERNEL_SHARE))
    reach = int(np.ceil(_REACH * spread))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / spread) ** 2)
    weighed = np.where(weights > 0, values, 0.0) * weights
    total, weight = (
        np.convolve(series, kernel)[reach : reach + len(values)] for series in (weighed, weights)
    )
    return np.where(weight > 0, total / np.where(weight > 0, weight, 1), np.nan)


def story_arc(
    series: NDArray[np.float64],
    *,
    least_viewers: int,
    level: float = 0.05,
    draws: int = DRAWS_OF_ONE,
    seed: int = SEED,
) -> Arc | None:
    """Of ``series`` (viewers, seconds), any unit, NaN where a viewer was not scored.

    Windows with fewer than ``least_viewers`` are not looked at; None where there are fewer than SHORTEST others.
    """
    series = in_windows(series, -(-series.shape[1] // FINEST))
    scored = np.isfinite(series)
    # Each viewer from their own mean: or the course would follow who leaves, not what is felt.
    own = np.where(scored, series, 0.0).sum(1) / np.maximum(scored.sum(1), 1)
    centred = np.where(scored, series - own[:, None], 0.0)
    windows = series.shape[1]
    if int((scored.sum(0) >= least_viewers).sum()) < SHORTEST:
        return None
    found = _modes(centred.sum(0), scored.sum(0), least_viewers)
    # Twice over, so that a series moved round is one stretch of memory.
    twice, counted = (np.concatenate([each, each], axis=1) for each in (centred, scored.astype(np.uint16)))
    largest = []
    for drawn in shifts(len(series), windows, draws, seed):
        total, viewers = np.zeros(windows), np.zeros(windows, np.uint16)
        for viewer, start in enumerate(drawn):
            total += twice[viewer, start : start + windows]
            viewers += counted[viewer, start : start + windows]
        largest.append(np.abs(_modes(total, viewers, least_viewers)).max())
    mode = int(np.abs(found).argmax())
    # The observed order is one of the possible ones, so p is never 0 (Phipson and Smyth 2010).
    p = (int((np.array(largest) >= abs(found[mode])).sum()) + 1) / (draws + 1)
    return Arc(SHAPES[mode][0 if found[mode] > 0 else 1] if p <= level else NO_ARC, p)


def _modes(
    total: NDArray[np.float64], viewers: NDArray[np.integer], least_viewers: int
) -> NDArray[np.float64]:
    """How much of each of the three cosines is in the course of the mean: (3,), unit of the series."""
    kept = viewers >= least_viewers
    if not kept.any():
        return np.zeros(len(SHAPES))
    course = total[kept] / viewers[kept]
    place = (np.flatnonzero(kept) + 0.5) / len(total)
    waves = np.cos(np.pi * np.outer(np.arange(1, len(SHAPES) + 1), place))
    found: NDArray[np.float64] = 2 * waves @ (course - course.mean()) / len(course)
    return found
