"""From noisy sums to figures with their error. Pure: nothing here sees a viewer, so nothing here costs privacy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from analytics.private.contributions import UNITS, WIDTHS, Group
from analytics.statistics import Z95
from contract.emotions import EMOTIONS

LEAST_VIEWERS = 4.0
"""Standard deviations of noise that the noisy number of viewers must reach to be divided by."""
MOST_ERROR = 0.5
"""Of a figure's range: a figure that is no righter than that is not told."""
FULL = {"mean": 100.0, "share": 1.0, "attention": 100.0}
"""The largest value of each figure."""


@dataclass(frozen=True, slots=True)
class PrivateFigure:
    """One cell of a release. ``error``: half of a 95% interval that is due to the noise alone."""

    scene: int
    figure: Group
    emotion: str | None
    value: float | None
    error: float | None


def private_figures(
    released: NDArray[np.int64], groups: Sequence[Group], scale: float
) -> list[PrivateFigure]:
    """``released``: (scenes, cells), noisy; ``scale``: the noise's standard deviation in the same unit."""
    found = []
    viewers_scale = scale / UNITS["viewers"]
    for scene, cells in enumerate(released, start=1):
        viewers = float(cells[0]) / UNITS["viewers"]
        start = 0
        for group in groups:
            of_group = cells[start : start + WIDTHS[group]]
            start += WIDTHS[group]
            if group == "viewers":
                found.append(
                    PrivateFigure(
                        scene, group, None, round(max(0.0, viewers), 1), _up(Z95 * viewers_scale, 1)
                    )
                )
                continue
            names = EMOTIONS if len(of_group) > 1 else (None,)
            for name, cell in zip(names, of_group, strict=True):
                value = error = None
                if viewers >= LEAST_VIEWERS * viewers_scale and viewers > 0:
                    share = min(1.0, max(0.0, float(cell) / UNITS[group] / viewers))
                    wrong = share_error(share, viewers, group, scale)
                    if wrong < MOST_ERROR:
                        value, error = round(share * FULL[group], 4), _up(FULL[group] * wrong, 4)
                found.append(PrivateFigure(scene, group, name, value, error))
    return found


def share_error(share: float, viewers: float, group: Group, scale: float) -> float:
    """Half of the 95% interval of a share of ``viewers``: noise above and below the line, to first order."""
    above, below = scale / UNITS[group], scale / UNITS["viewers"]
    return Z95 * sqrt(above**2 + (share * below) ** 2) / viewers


def _up(value: float, digits: int) -> float:
    """Rounded, never to less."""
    return float(np.ceil(value * 10**digits) / 10**digits)
