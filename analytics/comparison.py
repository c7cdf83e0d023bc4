"""Two audiences side by side, scene by scene and over the whole film: two cuts, or two cohorts. Pure.

The difference of two means over viewers, with

- a permutation test: who saw which cut is drawn anew, and the largest difference of any scene says what chance reaches
  anywhere (Westfall and Young 1993, step-down maxT), so that the p of each scene is corrected for the number of scenes;
- a bootstrap interval: viewers of each audience are drawn anew with replacement, those of one not with those of the
  other (Efron and Tibshirani 1993, section 8.3). It is of one scene alone, so it may leave out 0 where p is large.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PERMUTATIONS = 2000
LOOK = 200
FAR_FROM = 0.2
"""After LOOK permutations no scene has a p of FAR_FROM or less: no scene will have one that counts, and the rest is
spared. A p that is later called small has passed both, so it is called so no more often than it should be."""
RESAMPLES = 1000
SEED = 20
FEWEST = 2
"""Viewers of each audience that a scene needs."""
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one scene: second audience minus first. ``p`` is two-sided and corrected for the number of scenes.

    ``low``, ``high``: 95% interval of the difference, of this scene alone.
    """

    difference: float
    p: float
    first: int
    second: int
    low: float
    high: float


class _Sums(NamedTuple):
    """Of some viewers, a column a scene: how many have a figure, its sum, and the sum of its square."""

    n: _Floats
    total: _Floats
    squares: _Floats

    def __sub__(self, other: _Sums) -> _Sums:
        return _Sums(self.n - other.n, self.total - other.total, self.squares - other.squares)


def compare(
    first: _Floats,
    second: _Floats,
    *,
    permutations: int = PERMUTATIONS,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> list[Difference | None]:
    """One entry a scene; None where an audience has fewer than FEWEST viewers, or nobody differs from anybody.

    ``first``, ``second``: (viewers, scenes), one figure a viewer and scene, NaN where there is none. Columns may
    as well be scenes and measures; p is then corrected for all of them. Raises ValueError when they have different
    numbers of scenes.
    """
    if first.shape[1] != second.shape[1]:
        raise ValueError(f"expected the same scenes, got {first.shape[1]} and {second.shape[1]}")
    values, there = _centred(np.concatenate([first, second]))
    group = np.zeros(len(values), bool)
    group[len(first) :] = True
    observed = np.abs(_statistics(values, there, group[None, :]))[0]
    usable = ~np.isnan(observed)
    p = np.full(len(observed), np.nan)
    if usable.any():
        p[usable] = _corrected(
            observed[usable], values[:, usable], there[:, usable], group, permutations, seed
        )
    counts = [part.sum(0) for part in (there[~group], there[group])]
    difference = _mean(values[group], there[group]) - _mean(values[~group], there[~group])
    low, high = _interval(values[:, usable], there[:, usable], len(first), resamples, seed)
    place = np.cumsum(usable) - 1
    return [
        Difference(
            float(difference[scene]),
            float(p[scene]),
            int(counts[0][scene]),
            int(counts[1][scene]),
            float(low[place[scene]]),
            float(high[place[scene]]),
        )
        if usable[scene]
        else None
        for scene in range(len(observed))
    ]


def over_scenes(values: _Floats, weights: _Floats) -> _Floats:
    """One figure a viewer and measure of all scenes together, (viewers, measures); NaN for who has none in any scene.

    Its mean over viewers is the mean of the scenes' means, by weight: it tells nothing that those do not, and who left
    early does not bend it. Each viewer's figure is the jackknife's pseudo-value (Tukey 1958): what leaving this viewer
    out would change. Of a viewer whom everybody else sat beside to the end it is the mean of their scenes, by weight.

    ``values``: (viewers, scenes, measures), NaN where there is none; ``weights``: (scenes,), such as their lengths.
    """
    there = np.isfinite(values)
    seen = there.sum(0)
    means = np.where(there, values, 0.0).sum(0) / np.maximum(seen, 1)
    share = np.where(seen > 0, weights[:, None], 0.0)
    share /= np.maximum(share.sum(0), np.finfo(float).tiny)
    some = there.any(1)
    # A scene of a single viewer tells nothing about how viewers differ: that viewer is its mean.
    counts = share * (some.sum(0) - 1) / np.maximum(seen - 1, 1)
    own = (np.where(there, values - means, 0.0) * counts).sum(1)
    whole: _Floats = np.where(some, (share * means).sum(0) + own, np.nan)
    return whole


def _centred(values: _Floats) -> tuple[_Floats, _Floats]:
    """The figures minus the mean of their scene, 0 where there is none, and 1 where there is one.

    A shift of all viewers changes no difference, and sums of squares keep their digits.
    """
    there = np.isfinite(values)
    filled = np.where(there, values, 0.0)
    mean = filled.sum(0) / np.maximum(there.sum(0), 1)
    return np.where(there, filled - mean, 0.0), there.astype(np.float64)


def _corrected(
    observed: _Floats, values: _Floats, there: _Floats, group: NDArray[np.bool_], permutations: int, seed: int
) -> _Floats:
    """The p of each scene, whose figures are in ``values``."""
    order = np.argsort(-observed)
    ordered = observed[order]
    # What rounding may take from the equal statistic of an equal division of viewers.
    ordered -= np.where(np.isfinite(ordered), 1e-9 * np.maximum(1.0, ordered), 0.0)
    values, there = values[:, order], there[:, order]
    random = np.random.default_rng(seed)
    reached = np.zeros(len(order), np.int64)
    tried = 0
    while tried < permutations:
        some = min(LOOK, permutations - tried)
        drawn = np.abs(_statistics(values, there, random.permuted(np.tile(group, (some, 1)), axis=1)))
        tried += some
        drawn = np.where(np.isnan(drawn), 0.0, drawn)
        # A scene competes with itself and with the weaker ones: the stronger ones are settled before it.
        strongest = np.maximum.accumulate(drawn[:, ::-1], axis=1)[:, ::-1]
        reached += (strongest >= ordered).sum(0)
        if tried == LOOK and (reached.min() + 1) / (tried + 1) > FAR_FROM:
            break
    p = np.empty(len(order))
    p[order] = np.maximum.accumulate((reached + 1) / (tried + 1))
    return p


def _statistics(values: _Floats, there: _Floats, second: NDArray[np.bool_]) -> _Floats:
    """Welch's t of each division of viewers and scene, (divisions, scenes): its scale is the same in all scenes.

    ``second``: (divisions, viewers). NaN where an audience is too small or nobody differs from anybody; infinite where
    viewers differ between the audiences only.
    """
    squares = values * values
    whole = _Sums(there.sum(0), values.sum(0), squares.sum(0))
    chosen = second.astype(np.float64)
    b = _Sums(chosen @ there, chosen @ values, chosen @ squares)
    a = whole - b
    (mean_a, var_a), (mean_b, var_b) = _moments(a), _moments(b)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (mean_b - mean_a) / np.sqrt(var_a / a.n + var_b / b.n)
    return np.where((a.n >= FEWEST) & (b.n >= FEWEST), t, np.nan)


def _moments(sums: _Sums) -> tuple[_Floats, _Floats]:
    """Mean and variance."""
    mean = sums.total / np.maximum(sums.n, 1)
    left = sums.squares - mean * sums.total
    # Viewers who are all alike: what remains is rounding.
    left = np.where(left <= 1e-12 * sums.squares, 0.0, left)
    return mean, left / np.maximum(sums.n - 1, 1)


def _mean(values: _Floats, there: _Floats) -> _Floats:
    mean: _Floats = values.sum(0) / np.maximum(there.sum(0), 1)
    return mean


def _interval(
    values: _Floats, there: _Floats, firsts: int, resamples: int, seed: int
) -> tuple[_Floats, _Floats]:
    """Ends of the 95% percentile interval of each scene's difference."""
    drawn = [
        _resampled(values[part], there[part], resamples, seed + number)
        for number, part in enumerate((slice(0, firsts), slice(firsts, None)))
    ]
    # A row a scene, so that each is put in order where it lies.
    difference = np.ascontiguousarray((drawn[1] - drawn[0]).T)
    if not difference.size:
        return np.empty(0), np.empty(0)
    # A draw without any viewer of a scene says nothing of it; quantiles that look out for those take long.
    whole = np.isfinite(difference).all(1)
    ends = np.empty((2, len(difference)))
    ends[:, whole] = np.quantile(difference[whole], (0.025, 0.975), axis=1)
    if not whole.all():
        ends[:, ~whole] = np.nanquantile(difference[~whole], (0.025, 0.975), axis=1)
    return ends[0], ends[1]


def _resampled(values: _Floats, there: _Floats, resamples: int, seed: int) -> _Floats:
    """Means of one audience drawn anew, (resamples, scenes)."""
    weights = _weights(len(values), resamples, seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        means: _Floats = (weights @ values) / (weights @ there)
    return means


@lru_cache(maxsize=8)
def _weights(viewers: int, resamples: int, seed: int) -> _Floats:
    """How often each viewer is drawn, (resamples, viewers): 3 MB for 200 viewers."""
    drawn = np.random.default_rng(seed).multinomial(viewers, np.full(viewers, 1 / viewers), size=resamples)
    return drawn.astype(np.float64)
