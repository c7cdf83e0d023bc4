"""An audience's figures by scene, out of each viewer's. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.audience_figures import ByScene, Counts, Floats
from contract.emotions import EMOTIONS

MOVED = 0.1
"""A tenth of the scale above or below the viewer's own mean over the screening: seconds wander by about that much, but
the mean of a scene's seconds does so only where the scene moved the viewer."""


@dataclass(frozen=True, slots=True)
class SceneCells:
    """Each (scenes,), however few viewers it stands for; NaN where nobody was scored."""

    viewers: Counts
    """Scored."""
    attention: Floats
    """Over viewers without a score too, for the reason given in ``BySecond``."""
    valence: Floats
    pleased: Counts
    displeased: Counts
    means: Floats
    """(EMOTIONS, scenes)"""
    rises: Floats
    """(EMOTIONS, scenes)"""
    showing: Counts
    """(EMOTIONS, scenes)"""


def scene_cells(viewers: ByScene) -> SceneCells:
    """Means over viewers, each viewer alike."""
    # Rounded before comparing, so that what stands exactly on the border does so in every order of adding.
    rise = np.round(viewers.valence_rise, 9)
    return SceneCells(
        viewers=(viewers.seconds > 0).sum(0),
        attention=_mean(viewers.attention),
        valence=_mean(viewers.valence),
        pleased=(rise >= MOVED).sum(0),
        displeased=(rise <= -MOVED).sum(0),
        means=_mean(viewers.means),
        rises=_mean(viewers.rises),
        showing=viewers.showing.sum(1),
    )


def scene_steps(viewers: ByScene) -> Counts:
    """(scenes - 1, EMOTIONS, EMOTIONS): how many viewers went from one strongest emotion to another at each cut.

    A viewer's strongest emotion in a scene is the one that rises most over the viewer's own mean, neutral among them.
    """
    # Rounded, and the first of equals: the same in every order of adding.
    strongest = np.nan_to_num(np.round(viewers.rises, 6)).argmax(0)
    kinds, scored = len(EMOTIONS), viewers.seconds > 0
    steps = [
        np.bincount((kinds * strongest[:, scene] + strongest[:, scene + 1])[both], minlength=kinds**2)
        for scene, both in enumerate((scored[:, :-1] & scored[:, 1:]).T)
    ]
    return np.array(steps, np.int64).reshape(-1, kinds, kinds)


def _mean(values: Floats) -> Floats:
    """Over viewers, the last axis but one, of those that have a value."""
    there = np.isfinite(values).sum(-2)
    mean: Floats = np.nansum(values, -2) / np.where(there > 0, there, np.nan)
    return mean
