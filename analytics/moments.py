"""Moments: stretches in which more of an audience reacts at once than chance explains. Pure.

A moment of a kind is found in each viewer's yes-or-no series, one value a film second (a laugh: happy well above the
viewer's own ordinary score). In each second the number of viewers who react is held against what that kind's own
frequency in this film gives, in standard deviations of a binomial. How high the highest of all seconds climbs when
every viewer's series is moved round in time (``shift_null``) says what chance reaches anywhere in a film: what lies
above its 95% place is a moment. So one film in twenty without any shared reaction shows one (Nichols and Holmes 2002,
the maximum statistic), however long the film is and however long its viewers smile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.shift_null import DRAWS, SEED, shifted_sums, shifts

LONGEST_GAP_S = 2
"""Stretches with no more than this between them are one moment: a laugh that takes breath."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Film seconds ``start`` to ``end``, half open; ``peak`` is the second in which most react.

    ``showing`` of ``viewers`` react at the peak; ``joined`` of ``audience`` at any time in it. ``sides``: how many on
    each of the sides that must meet. ``strength``: standard deviations above the ordinary at the peak, of the weaker.
    """

    start: int
    end: int
    peak: int
    showing: int
    viewers: int
    joined: int
    audience: int
    sides: tuple[int, ...]
    strength: float


def find_moments(
    reacting: Sequence[NDArray[np.bool_]],
    present: NDArray[np.bool_],
    *,
    least_viewers: int,
    level: float = 0.05,
    draws: int = DRAWS,
    seed: int = SEED,
    moved_present: Sequence[NDArray[np.int32]] | None = None,
) -> list[Moment]:
    """The moments of one kind in film order.

    ``present``: (viewers, seconds), whether the viewer was scored in that second. ``reacting``: one array of the same
    shape, or several: all of them must climb in the same second (a split needs both the pleased and the displeased),
    and the weakest counts. ``level``: how often a film without any shared reaction may show a moment; divide it by the
    number of kinds looked for. Seconds with fewer than ``least_viewers`` are not looked at. ``moved_present``: of
    ``move_present``, where it serves several kinds. Raises ValueError for arrays of different shapes.
    """
    if not reacting or any(each.shape != present.shape for each in reacting):
        raise ValueError(f"expected arrays of shape {present.shape}, got {[each.shape for each in reacting]}")
    seen = [each & present for each in reacting]
    viewers = present.sum(0)
    rates = [each.sum() / max(1, present.sum()) for each in seen]
    if min(rates) in (0.0, 1.0) or not (viewers >= least_viewers).any():
        return []
    climb = _climb([each.sum(0) for each in seen], viewers, rates, least_viewers)
    by = shifts(present.shape[0], present.shape[1], draws, seed)
    highest = [
        _climb(sums, moved, rates, least_viewers).max()
        for moved, *sums in zip(
            moved_present or shifted_sums(present, by),
            *(shifted_sums(each, by) for each in seen),
            strict=True,
        )
    ]
    threshold = np.quantile(highest, 1 - level, method="higher")
    return [_moment(stretch, seen, present, climb) for stretch in _stretches(climb > threshold)]


def move_present(present: NDArray[np.bool_], draws: int = DRAWS, seed: int = SEED) -> list[NDArray[np.int32]]:
    """The number of viewers in each second, (seconds,), once a draw: a tenth of the work of ``find_moments``."""
    return list(shifted_sums(present, shifts(present.shape[0], present.shape[1], draws, seed)))


def _climb(
    showing: Sequence[NDArray[np.integer]], viewers: NDArray[np.integer], rates: Sequence[float], least: int
) -> NDArray[np.float64]:
    """Standard deviations above the ordinary, of the weakest of ``showing``: (seconds,); -inf where few are seen."""
    enough = viewers >= least
    n = np.where(enough, viewers, 1)
    above = [
        (each - n * rate) / np.sqrt(n * rate * (1 - rate)) for each, rate in zip(showing, rates, strict=True)
    ]
    return np.where(enough, np.minimum.reduce(above), -np.inf)


def _stretches(above: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Half-open stretches of True, short gaps closed."""
    seconds = np.flatnonzero(above)
    if not len(seconds):
        return []
    breaks = np.flatnonzero(np.diff(seconds) > LONGEST_GAP_S + 1)
    starts = seconds[np.concatenate([[0], breaks + 1])]
    ends = seconds[np.concatenate([breaks, [len(seconds) - 1]])] + 1
    return [(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]


def _moment(
    stretch: tuple[int, int],
    seen: Sequence[NDArray[np.bool_]],
    present: NDArray[np.bool_],
    climb: NDArray[np.float64],
) -> Moment:
    start, end = stretch
    peak = start + int(climb[start:end].argmax())
    any_of = np.logical_or.reduce(seen)
    return Moment(
        start,
        end,
        peak,
        showing=int(any_of[:, peak].sum()),
        viewers=int(present[:, peak].sum()),
        joined=int(any_of[:, start:end].any(1).sum()),
        audience=int(present[:, start:end].any(1).sum()),
        sides=tuple(int(each[:, peak].sum()) for each in seen),
        strength=float(climb[peak]),
    )
