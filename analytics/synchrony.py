"""Whether an audience moves together. Pure.

Leave-one-out inter-subject correlation (Hasson et al. 2004; Nastase et al. 2019): each viewer's series is correlated
with the mean of all the others', and the audience's synchrony is the mean over viewers, through Fisher's z. Chance is
what the same audience gives with each viewer's series moved round in time (``shift_null``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.shift_null import DRAWS_OF_ONE, SEED, shifts

FEWEST_WINDOWS = 30
"""Shared with the others, for a viewer's correlation to mean anything: a minute of windows of two seconds."""


@dataclass(frozen=True, slots=True)
class Synchrony:
    """``value`` and ``chance``, what 95 of 100 draws of the null stay under: -1 to 1. ``p`` is one-sided."""

    value: float
    chance: float
    p: float
    viewers: int


def synchrony(
    series: NDArray[np.float64], *, draws: int = DRAWS_OF_ONE, seed: int = SEED, least_viewers: int = 2
) -> Synchrony | None:
    """Of ``series`` (viewers, windows), any unit, NaN where a viewer was not scored.

    None where fewer than ``least_viewers`` have FEWEST_WINDOWS and a series that moves at all.
    """
    enough = np.isfinite(series).sum(1) >= FEWEST_WINDOWS
    moving = np.array(
        [np.nanstd(row) > 0 if ok else False for row, ok in zip(series, enough, strict=True)], bool
    )
    kept = series[moving]
    if len(kept) < max(2, least_viewers):
        return None
    value = _Moved(kept, np.float64).leave_one_out(np.zeros(len(kept), np.int64))
    if value is None:
        return None
    # Half the digits do for chance, at half the time.
    moved = _Moved(kept, np.float32)
    null = [
        chance
        for drawn in shifts(len(kept), kept.shape[1], draws, seed)
        if (chance := moved.leave_one_out(drawn)) is not None
    ]
    at_least = sum(chance >= value for chance in null)
    # The observed order is one of the possible ones, so p is never 0 (Phipson and Smyth 2010).
    p = (at_least + 1) / (len(null) + 1)
    return Synchrony(value, float(np.quantile(null, 0.95)) if null else 0.0, p, len(kept))


class _Moved:
    """The audience with each viewer's series moved round by some time.

    The correlations come from sums over windows: what is moved is where in memory a sum begins. For a viewer with
    scores x, and others whose sum is S - x and number C - 1, in the windows that the viewer and another share:
    the mean of the others is (S - x) / (C - 1), so all sums that a correlation is made of are products of 1, x or x²
    with vectors that viewers share.
    """

    def __init__(self, series: NDArray[np.float64], kind: type[np.floating[Any]]) -> None:
        scored = np.isfinite(series)
        own = np.where(scored, series, 0.0).sum(1) / scored.sum(1)
        # Each from their own mean, or the others' mean would follow who is scored, not what they feel.
        filled = np.where(scored, series - own[:, None], 0.0)
        self._windows = series.shape[1]
        powers = np.stack([scored, filled, filled * filled], axis=1)
        # Twice over, so that a series moved round is one stretch of memory: (viewers, 3, 2 windows).
        self._twice = np.concatenate([powers, powers], axis=2).astype(kind)

    def leave_one_out(self, by: NDArray[np.int64]) -> float | None:
        """``by`` (viewers,): windows that each is moved."""
        ends = by + self._windows
        total, viewers = np.zeros((2, self._windows), self._twice.dtype)
        for one, start, end in zip(self._twice, by, ends, strict=True):
            viewers += one[0, start:end]
            total += one[1, start:end]
        met = viewers > 1
        weight = np.where(met, 1 / np.maximum(viewers - 1, 1), 0).astype(total.dtype)
        shared = np.stack([met, weight, weight**2, total * weight, total * weight**2, (total * weight) ** 2])
        shared = shared.astype(total.dtype)
        # (viewers, 3, 6): sums of 1, x and x² with each of them. One power at a time: BLAS is quickest so.
        sums = np.array(
            [
                [shared @ power[start:end] for power in one]
                for one, start, end in zip(self._twice, by, ends, strict=True)
            ],
            np.float64,
        )
        n, x, x2 = sums[:, 0, 0], sums[:, 1, 0], sums[:, 2, 0]
        others = sums[:, 0, 3] - sums[:, 1, 1]
        others2 = sums[:, 0, 5] - 2 * sums[:, 1, 4] + sums[:, 2, 2]
        product = sums[:, 1, 3] - sums[:, 2, 1]
        often = np.maximum(n, 1)
        varied = (x2 - x**2 / often) * (others2 - others**2 / often)
        usable = (n >= FEWEST_WINDOWS) & (varied > 1e-9 * x2 * others2)
        if not usable.any():
            return None
        r = (product - x * others / often)[usable] / np.sqrt(varied[usable])
        return float(np.tanh(np.arctanh(np.clip(r, -0.999999, 0.999999)).mean()))
