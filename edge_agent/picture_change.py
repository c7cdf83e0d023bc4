"""Does a picture show another place than the one before: a scene cut, a camera that was moved, another size? Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LEAST_CORRELATION = 0.93
"""Of two pictures' coarse grids, below which they show different places. In the test footage four pictures a second
correlate by 0.96 or more while heads turn and people walk, by 0.84 to 0.93 when the camera turns by a twentieth of
the picture, by less across cuts."""
_ROWS, _COLUMNS = 12, 16
_DOTS = 4  # a cell of the grid is the mean of 4 x 4 dots: noise averages out, moving hands stay small


class PictureChange:
    """Remembers the last picture, coarsely."""

    def __init__(self) -> None:
        self._shape: tuple[int, ...] = ()
        self._grid: NDArray[np.float64] | None = None

    def elsewhere(self, image: NDArray[np.uint8]) -> bool:
        """Whether ``image`` (height, width, 3) uint8 RGB shows another place than the last; the first one does.

        Grids are compared by correlation, so brighter or darker light is no other place.
        """
        grid = _grid(image)
        before, shape = self._grid, self._shape
        self._grid, self._shape = grid, image.shape
        return before is None or shape != image.shape or float((before * grid).sum()) < LEAST_CORRELATION


def _grid(image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(12, 16) float64 brightness, centred, of unit length; an even picture gives the same constant grid."""
    rows = np.arange(_ROWS * _DOTS) * image.shape[0] // (_ROWS * _DOTS)
    columns = np.arange(_COLUMNS * _DOTS) * image.shape[1] // (_COLUMNS * _DOTS)
    dots = image[rows[:, None], columns[None, :], 1].astype(
        np.float64
    )  # green carries most of the brightness
    grid = dots.reshape(_ROWS, _DOTS, _COLUMNS, _DOTS).mean((1, 3))
    grid -= grid.mean()
    length = np.linalg.norm(grid)
    even = np.full_like(grid, 1 / np.sqrt(grid.size))
    unit: NDArray[np.float64] = grid / length if length > 1 else even
    return unit
