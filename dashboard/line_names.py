"""Where each line's name goes: at its height, beside no other name, so that nobody need tell colours apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import words
from dashboard.series import HEADROOM

_LOWEST = 0.4
"""A name stays where its line has this much of its height, or it would seem another's."""
_TRIED = 60


@dataclass(frozen=True)
class Plot:
    """What is drawn on: film time [start_ms, end_ms) and 0 to ``top``, in so many pixels, with letters of a size.

    Only the browser knows how wide a plot is: ``width_px`` is of a narrow one.
    """

    start_ms: int
    end_ms: int
    top: float
    width_px: float = 500
    height_px: float = 300
    letter_px: float = 7.6
    line_px: float = 16


@dataclass(frozen=True)
class _Place:
    """A name's middle, in pixels."""

    x: float
    y: float
    half: float

    def covers(self, other: _Place, line_px: float) -> bool:
        return abs(self.x - other.x) < self.half + other.half and abs(self.y - other.y) < line_px


def line_names(drawn: pd.DataFrame, plot: Plot) -> pd.DataFrame:
    """mid_ms, level, emotion, name, inside: a row a line; the highest line chooses first.

    ``drawn``: mid_ms, level, emotion. ``inside``: the name belongs under the line, for it is too near the top.
    """
    lines = {
        str(emotion): (line["mid_ms"].to_numpy(), line["level"].to_numpy(float))
        for emotion, line in drawn.groupby("emotion", observed=True)
    }
    taken: list[_Place] = []
    found = []
    for emotion in sorted(lines, key=lambda one: -float(lines[one][1].max())):
        at_ms, levels = lines[emotion]
        name = words.LOOKED[emotion]
        half = len(name) * plot.letter_px / 2
        places = [(at, _place(plot, float(at_ms[at]), float(levels[at]), half)) for at in _candidates(levels)]
        free = (
            (at, place)
            for at, place in places
            if half <= place.x <= plot.width_px - half
            and not any(place.covers(one, plot.line_px) for one in taken)
        )
        at, place = next(free, places[0])
        taken.append(place)
        found.append((int(at_ms[at]), float(levels[at]), emotion, name, _inside(plot, float(levels[at]))))
    return pd.DataFrame(found, columns=["mid_ms", "level", "emotion", "name", "inside"])


def _candidates(levels: NDArray[np.float64]) -> Iterator[int]:
    """Points of a line, best first: the middle of its highest plateau, then what is high and near."""
    highest = float(levels.max())
    first = int(np.argmax(levels))
    below = np.flatnonzero(levels[first:] < highest - 0.5)
    middle = first + int(below[0] if len(below) else len(levels) - first) // 2
    yield middle
    order = np.lexsort((np.abs(np.arange(len(levels)) - middle), -np.round(levels)))
    high = order[levels[order] >= _LOWEST * highest]
    yield from (int(at) for at in high[:: max(1, len(high) // _TRIED)])


def _place(plot: Plot, at_ms: float, level: float, half: float) -> _Place:
    x = (at_ms - plot.start_ms) / max(1, plot.end_ms - plot.start_ms) * plot.width_px
    up = -0.7 * plot.line_px if _inside(plot, level) else 0.7 * plot.line_px
    return _Place(x, level / plot.top * plot.height_px + up, half)


def _inside(plot: Plot, level: float) -> bool:
    return level > HEADROOM * plot.top
