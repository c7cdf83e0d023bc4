"""Whole groups into splits, as near to the shares as the groups allow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_SHUFFLES = 1000  # of which the one that comes nearest to the shares is taken


def split_groups(sizes: NDArray[np.intp], shares: Sequence[float], seed: int) -> NDArray[np.intp]:
    """The split of each group, given the number of faces in each, none of them 0.

    A shuffle of the groups is cut where the faces so far come nearest to the shares, and each split gets at least
    one group while there are enough of them (else the first splits do). Of many shuffles the one whose shares are the
    nearest wins; so chance decides, not the length of a shot. The same ``seed`` gives the same splits.
    """
    n, n_splits = len(sizes), len(shares)
    answer = np.zeros(n, np.intp)
    if n <= n_splits:
        largest_first = np.argsort(-sizes, kind="stable")
        answer[largest_first] = np.arange(n)
        return answer
    wanted = np.cumsum(shares)[:-1] * sizes.sum()
    generator = np.random.default_rng(seed)
    nearest = np.inf
    for _ in range(_SHUFFLES):
        order = generator.permutation(n)
        so_far = np.cumsum(sizes[order])
        cuts = _cuts(so_far, wanted)
        off = float(np.abs(so_far[cuts] - wanted).sum())
        if off < nearest:
            nearest = off
            answer[order] = np.searchsorted(cuts, np.arange(n), side="left")
            if off == 0:
                break
    return answer


def _cuts(so_far: NDArray[np.intp], wanted: NDArray[np.float64]) -> NDArray[np.intp]:
    """Position of the last group of each split but the last one, strictly rising, one group left at least."""
    n, n_cuts = len(so_far), len(wanted)
    cuts: NDArray[np.intp] = np.abs(so_far[None, :] - wanted[:, None]).argmin(1)
    for number in range(n_cuts):
        least = cuts[number - 1] + 1 if number else 0
        cuts[number] = min(max(cuts[number], least), n - 1 - (n_cuts - number))
    return cuts
