"""One screening's viewers, second by second: what every figure is made of. Pure.

Grids are (viewers, seconds): viewers in the order of their ids, and those film seconds in film order in which any
device looked. First viewing only: a rewatch is another experience.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contract.emotions import EMOTIONS
from contract.messages import WINDOW_MS

Columns = Mapping[str, NDArray[np.integer[Any]]]
"""Windows, one row each: ``viewer_id``, ``t_ms``, ``d_ms``, ``n``, ``seen``, ``front`` and EMOTIONS, as in the
contract. Scores are 0 where ``n`` is 0."""
PERCENTS = ("seen", "front", *EMOTIONS)


@dataclass(frozen=True, slots=True)
class _InPieces:
    """Seconds that arrived in pieces (a pause inside them), each the mean of its pieces."""

    place: NDArray[np.int64]
    percents: Mapping[str, NDArray[np.float64]]
    """Of ``seen`` and ``front``; scores are weighted by frames."""


@dataclass(frozen=True, slots=True)
class ViewerSeconds:
    """Made by ``viewer_seconds``."""

    viewers: NDArray[np.int64]
    """(viewers,) ids."""
    t_ms: NDArray[np.int64]
    """(seconds,) their starts."""
    there: NDArray[np.bool_]
    """Whether the viewer's device looked."""
    scored: NDArray[np.bool_]
    """Whether the viewer's face was scored."""
    _windows: Columns = field(repr=False)
    _place: NDArray[np.int64] = field(repr=False)
    _in_pieces: _InPieces | None = field(repr=False)

    def percent(self, name: str) -> NDArray[Any]:
        """The grid of one of PERCENTS; 0 where there is none. int16, float64 only where a second came in pieces."""
        grid: NDArray[Any] = np.zeros(self.there.size, np.int16 if self._in_pieces is None else np.float64)
        grid[self._place] = self._windows[name]
        if self._in_pieces is not None:
            grid[self._in_pieces.place] = self._in_pieces.percents[name]
        return grid.reshape(self.there.shape)

    def of(self, chosen: NDArray[np.bool_]) -> ViewerSeconds:
        """Of some of the viewers, and the seconds in which their devices looked."""
        if chosen.all():
            return self
        rows = chosen[self._place // len(self.t_ms)]
        return viewer_seconds({name: column[rows] for name, column in self._windows.items()})


def viewer_seconds(windows: Columns) -> ViewerSeconds:
    """The grids of windows in any order."""
    windows = _whole_seconds(windows)
    viewers, row = _places(windows["viewer_id"].astype(np.int64))
    seconds, column = _places(windows["t_ms"].astype(np.int64) // WINDOW_MS)
    place = row * len(seconds) + column
    pieces = np.bincount(place, minlength=len(viewers) * len(seconds))
    scored = np.zeros(len(pieces), bool)
    scored[place[windows["n"] > 0]] = True
    shape = (len(viewers), len(seconds))
    return ViewerSeconds(
        viewers,
        seconds * WINDOW_MS,
        (pieces > 0).reshape(shape),
        scored.reshape(shape),
        windows,
        place,
        _joined(windows, place, pieces) if (pieces > 1).any() else None,
    )


def _whole_seconds(windows: Columns) -> Columns:
    """A window may last several whole seconds; it says the same of each of them."""
    seconds = windows["d_ms"] // WINDOW_MS
    if (seconds == 1).all():
        return windows
    several = {name: np.repeat(column, seconds) for name, column in windows.items()}
    first = np.repeat(np.cumsum(seconds) - seconds, seconds)
    several["t_ms"] = several["t_ms"] + WINDOW_MS * (np.arange(len(first)) - first)
    return several


def _places(numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different ones, in order, and each one's place among them. They lie close together, so nothing is sorted."""
    if not len(numbers):
        return numbers, numbers
    first = numbers.min()
    found = np.zeros(numbers.max() - first + 1, bool)
    found[numbers - first] = True
    return np.flatnonzero(found) + first, (np.cumsum(found) - 1)[numbers - first]


def _joined(windows: Columns, place: NDArray[np.int64], pieces: NDArray[np.int64]) -> _InPieces:
    rows = pieces[place] > 1
    places, at = np.unique(place[rows], return_inverse=True)
    frames = windows["n"][rows].astype(np.float64)
    all_frames = np.maximum(np.bincount(at, frames), 1)
    percents = {}
    for name in PERCENTS:
        values = windows[name][rows].astype(np.float64)
        if name in EMOTIONS:
            percents[name] = np.bincount(at, values * frames) / all_frames
        else:
            percents[name] = np.bincount(at, values) / np.bincount(at)
    return _InPieces(places, percents)
