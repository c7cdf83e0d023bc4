"""Bootstrap intervals of scenes, drawn over the viewers' own means. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from analytics.audience_figures import ByScene, Floats, Truths
from analytics.statistics import bootstrap_mean
from contract.emotions import EMOTIONS

MEASURES = (*EMOTIONS, "valence")
AT_ONCE = 32
"""Scenes that share a draw: 4 MB of resampled means."""

Interval = tuple[int, str, float, float]
"""Number of the scene, measure, low, high."""


def scene_intervals(viewers: ByScene) -> Iterator[Interval]:
    """95% intervals of each measure of each scene that two viewers or more were scored in."""
    yield from _intervals(MEASURES, np.concatenate([viewers.means, [viewers.valence]]), viewers.seconds > 0)
    # Over viewers without a score too: who turns away has none.
    yield from _intervals(("attention",), viewers.attention[None], viewers.sampled > 0)


def _intervals(measures: Sequence[str], values: Floats, chosen: Truths) -> Iterator[Interval]:
    """``values``: (measures, viewers, scenes). ``chosen``: (viewers, scenes).

    Viewers in the order of their ids, for the draw picks them by their place.
    """
    sizes = chosen.sum(0)
    for size in np.unique(sizes):
        # Every audience of this size is drawn alike, so their measures can stand side by side.
        alike = np.flatnonzero(sizes == size)
        for some in np.split(alike, range(AT_ONCE, len(alike), AT_ONCE)):
            low_high = bootstrap_mean(np.hstack([values[:, chosen[:, scene], scene].T for scene in some]))
            if low_high is None:
                continue
            named = ((scene + 1, measure) for scene in some.tolist() for measure in measures)
            for (scene, measure), low, high in zip(named, *(ends.tolist() for ends in low_high), strict=True):
                yield scene, measure, low, high
