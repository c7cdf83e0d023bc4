"""Which way up is the camera? Footage on its side, or on its head, is told by its faces and turned. Pure.

Faces that do not stand upright are hardly found: in the footage this was tried on, those of a turned picture have log
odds of at most 4.6 together, upright ones 5 to 24, but for one picture with 3.7. So the question is settled by the
first picture with a sure face, at no cost; while none has come, pictures are now and then searched turned.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from edge_agent.faces import Face, FaceFinder, log_odds

_ENOUGH = 5.0
"""Log odds of all faces of a picture: one face of 0.9933, or two of 0.924."""
_CLEARLY_MORE = 2.0
"""Times as much turned as it is."""
_RAREST = 64
"""Pictures between two checks, at most: checks come after 1, 2, 4, … pictures."""


class Upright:
    """Finds out once by how many quarter turns, counter-clockwise, a source must be turned."""

    def __init__(self, finder: FaceFinder) -> None:
        """``finder`` searches a whole picture, knowing nothing of others."""
        self._finder = finder
        self._turns = 0
        self._settled = False
        self._until_check = 1
        self._wait = 1

    @property
    def turns(self) -> int:
        """0 to 3."""
        return self._turns

    def turned(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """``image`` (height, width, 3) as it should stand, as far as is known."""
        return _turned(image, self._turns)

    def learn(self, image: NDArray[np.uint8], faces: Sequence[Face]) -> bool:
        """Take in a picture as it came and the ``faces`` found in it; whether it has just turned out to lie wrong."""
        if self._settled:
            return False
        upright = _evidence(faces)
        if upright >= _ENOUGH:
            self._settled = True
            return False
        self._until_check -= 1
        if self._until_check > 0:
            return False
        self._until_check = self._wait
        self._wait = min(2 * self._wait, _RAREST)
        evidence = {turns: _evidence(self._finder.find(_turned(image, turns))) for turns in (1, 2, 3)}
        turns = max(evidence, key=lambda turns: evidence[turns])
        if evidence[turns] < max(_ENOUGH, _CLEARLY_MORE * upright):
            return False
        self._turns, self._settled = turns, True
        return True


def _turned(image: NDArray[np.uint8], turns: int) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.rot90(image, turns)) if turns else image


def _evidence(faces: Sequence[Face]) -> float:
    """Log odds that the faces are faces, summed; doubtful ones (under one half) add nothing."""
    return sum(max(0.0, log_odds(face.probability)) for face in faces)
