"""Each viewer's figures of each scene, for what is drawn over viewers. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.audience_figures import ByScene
from contract.emotions import EMOTIONS

MEASURES = (*EMOTIONS, "valence", "attention")


@dataclass(frozen=True, slots=True)
class ViewerFigures:
    """Of one screening; viewers in the order of their ids, scenes in film order."""

    values: NDArray[np.float64]
    """(viewers, scenes, MEASURES); NaN where there is none. Attention is also of viewers without a score."""
    scored: NDArray[np.bool_]
    """(viewers, scenes)"""
    showing: NDArray[np.bool_]
    """(viewers, scenes, EMOTIONS)"""


def viewer_figures(viewers: ByScene) -> ViewerFigures | None:
    """Of those whose device looked in any scene; None where there are none."""
    there = (viewers.sampled > 0).any(1)
    if not there.any():
        return None
    measures = np.concatenate([viewers.means, [viewers.valence, viewers.attention]])
    return ViewerFigures(
        # Rounded, so that a sum in another order gives the same draws.
        np.round(np.moveaxis(measures, 0, -1)[there], 9),
        (viewers.seconds > 0)[there],
        np.moveaxis(viewers.showing, 0, -1)[there],
    )
