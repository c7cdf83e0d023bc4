"""A screening's figures by film second, and by viewer and scene: the viewer first, the audience later. Pure.

A resting face reads as sad or angry on some people, so an emotion is *shown* where it rises RISE points above the
viewer's own median over the screening.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.reacting import RISE
from analytics.viewer_seconds import ViewerSeconds
from contract.emotions import EMOTIONS

SIGNS = {"happy": 1, "angry": -1, "disgust": -1, "fear": -1, "sad": -1}
"""Of valence: pleasant minus unpleasant. Surprise has no sign."""
LEAST_SHOWN = 2
"""Seconds of a scene that must show an emotion, or all of them where the viewer has fewer: one second above the
ordinary is easily a flicker of the classifier."""

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Truths = NDArray[np.bool_]
Grid = NDArray[Any]
"""(viewers, seconds), of whole numbers or, where some are not, of floats."""


@dataclass(frozen=True, slots=True)
class BySecond:
    """Over the audience, each (seconds,); NaN where nobody was scored."""

    viewers: Counts
    """Scored."""
    attention: Floats
    """Percent, over everyone whose device looked, scored or not: who turned away has no score, and leaving them out
    would call an audience that looks away attentive."""
    valence: Floats
    """-1..1."""
    valence_sd: Floats
    """Standard deviation over viewers; NaN for a single one."""
    means: Floats
    """(EMOTIONS, seconds), percent."""
    showing: Counts
    """(EMOTIONS, seconds)"""


@dataclass(frozen=True, slots=True)
class ByScene:
    """Each viewer's, (viewers, scenes); means over the scored seconds, NaN where there are none."""

    seconds: Counts
    """Scored."""
    sampled: Counts
    attention: Floats
    """Percent, over every second in which the device looked."""
    valence: Floats
    valence_rise: Floats
    """Over the viewer's own mean over the screening."""
    means: Floats
    """(EMOTIONS, viewers, scenes), percent."""
    rises: Floats
    """(EMOTIONS, viewers, scenes), over the viewer's own mean over the screening."""
    showing: Truths
    """(EMOTIONS, viewers, scenes)"""


def audience_figures(seconds: ViewerSeconds, scenes: Counts) -> tuple[BySecond, ByScene]:
    """``scenes``: (scenes, 2), as of ``scene_seconds``."""
    scored, own = seconds.scored, _divisor(seconds.scored.sum(1))[:, None]
    viewers, looked = _divisor(scored.sum(0)), _divisor(seconds.there.sum(0))
    counts, sampled = _by_scene(scored, scenes), _by_scene(seconds.there, scenes)
    in_scene = _divisor(counts)
    second_means, second_showing, scene_means, rises, scene_showing = [], [], [], [], []
    balance: Grid = np.zeros(1, np.int32)  # of pleasant and unpleasant, percent
    for emotion in EMOTIONS:
        score = seconds.percent(emotion)
        if emotion in SIGNS:
            balance = balance + SIGNS[emotion] * score
        shown = scored & (score >= _medians(score, scored) + RISE)
        second_means.append(score.sum(0) / viewers)
        second_showing.append(shown.sum(0))
        mean = _by_scene(score, scenes) / in_scene
        scene_means.append(mean)
        rises.append(mean - score.sum(1, keepdims=True) / own)
        scene_showing.append((counts > 0) & (_by_scene(shown, scenes) >= np.minimum(LEAST_SHOWN, counts)))
    front = seconds.percent("front")
    total = balance.sum(0)
    # By the sum of squares, which is exact for whole numbers.
    spread = np.maximum((balance * balance).sum(0) - total * total / viewers, 0)
    valence = _by_scene(balance, scenes) / in_scene / 100
    by_second = BySecond(
        viewers=scored.sum(0),
        attention=front.sum(0) / looked,
        valence=total / viewers / 100,
        valence_sd=np.sqrt(spread / _divisor(scored.sum(0) - 1)) / 100,
        means=np.stack(second_means),
        showing=np.stack(second_showing),
    )
    by_scene = ByScene(
        seconds=counts,
        sampled=sampled,
        attention=_by_scene(front, scenes) / _divisor(sampled),
        valence=valence,
        valence_rise=valence - balance.sum(1, keepdims=True) / own / 100,
        means=np.stack(scene_means),
        rises=np.stack(rises),
        showing=np.stack(scene_showing),
    )
    return by_second, by_scene


def scene_seconds(t_ms: Counts, starts_ms: Counts, ends_ms: Counts) -> Counts:
    """(scenes, 2): the indices of the first second of each scene, and of the first after it, in film order.

    A second belongs to the scene that holds its middle: so a second on a cut between two scenes counts once, for the
    scene that has most of it.
    """
    return np.searchsorted(t_ms + 500, np.column_stack([starts_ms, ends_ms]))


def _divisor(counts: Counts) -> Floats:
    """NaN for none: a sum over nobody has no mean."""
    return np.where(counts > 0, counts, np.nan)


def _by_scene(grid: Grid, scenes: Counts) -> NDArray[Any]:
    """(viewers, scenes): sums over the seconds of each scene."""
    until = np.zeros((len(grid), grid.shape[1] + 1), np.float64 if grid.dtype.kind == "f" else np.int64)
    np.cumsum(grid, axis=1, out=until[:, 1:])
    return until[:, scenes[:, 1]] - until[:, scenes[:, 0]]


def _medians(score: Grid, scored: Truths) -> Floats:
    """(viewers, 1): over each viewer's scored seconds; NaN for none."""
    above_all = score.dtype.type(1000)
    ordered = np.sort(np.where(scored, score, above_all), axis=1)
    counts = scored.sum(1, keepdims=True)
    # The two in the middle, which are one for an odd number.
    middle = np.clip(np.hstack([counts - 1, counts]) // 2, 0, score.shape[1] - 1)
    return np.where(counts > 0, np.take_along_axis(ordered, middle, 1).mean(1, keepdims=True), np.nan)
