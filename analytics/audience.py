"""One screening at hand: who counts, and what is made of their seconds. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.audience_figures import (
    ByScene,
    BySecond,
    Counts,
    Floats,
    Truths,
    audience_figures,
    scene_seconds,
)
from analytics.usable import Reason, unusable
from analytics.viewer_seconds import Columns, ViewerSeconds, viewer_seconds


@dataclass(frozen=True, slots=True)
class Shown:
    """What the catalogue says of a screening."""

    number: int
    """Its place in the catalogue, by which temporary tables call it."""
    screening: str
    k: int
    settled: bool
    scenes_ms: Counts
    """(scenes, 2), first and past-last millisecond; in film order."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Figures are of usable viewers alone."""

    shown: Shown
    scored_viewers: Counts
    """Ids of all that were scored, usable or not."""
    unusable: Sequence[tuple[int, Reason]]
    """Ids of those who do not count, and why."""
    last_ms: Counts
    """(viewers,) of ``seconds``: start of the last second in which each was scored; -1 for none."""
    coverage: Floats
    """(viewers,) of ``seconds``: share of the screening's seconds in which each was scored."""
    seconds: ViewerSeconds
    scenes: Counts
    """(scenes, 2): indices of the first second of each, and of the first after it."""
    by_second: BySecond
    by_scene: ByScene


def audience(shown: Shown, windows: Columns, *, judged: bool = True) -> Audience:
    """Of a screening's windows, in any order. ``judged``: of usable viewers alone, else of all."""
    everyone = viewer_seconds(windows)
    # The film seconds that a screening covers are those scored for k viewers or more: figures are about no others, and
    # one device with a wrong clock cannot make everybody's share small.
    covered = everyone.scored.sum(0) >= shown.k
    in_all = int(covered.sum())
    sampled, scored = (grid[:, covered].sum(1) for grid in (everyone.there, everyone.scored))
    last = _last(everyone.scored)
    measured = zip(sampled.tolist(), scored.tolist(), _seen(everyone, last).tolist(), strict=True)
    reasons = [unusable(looked, read, in_all, seen) if judged else None for looked, read, seen in measured]
    counts = np.array([reason is None for reason in reasons])
    usable = everyone.of(counts)
    scenes = scene_seconds(usable.t_ms, *shown.scenes_ms.T)
    return Audience(
        shown,
        everyone.viewers[last >= 0],
        [(viewer, why) for viewer, why in zip(everyone.viewers.tolist(), reasons, strict=True) if why],
        np.where(last >= 0, everyone.t_ms[last], -1)[counts],
        (scored / in_all if in_all else np.full(len(scored), np.nan))[counts],
        usable,
        scenes,
        *audience_figures(usable, scenes),
    )


def _last(scored: Truths) -> Counts:
    """(viewers,) index of each one's last scored second; -1 for none."""
    from_the_end = scored[:, ::-1].argmax(1)
    return np.where(scored.any(1), scored.shape[1] - 1 - from_the_end, -1)


def _seen(seconds: ViewerSeconds, last: Counts) -> Floats:
    """(viewers,) percent of sampled frames with the face found.

    Until the last score: an empty chair after it says that the viewer left, not that the face was hard to find.
    """
    until = seconds.there & (np.arange(len(seconds.t_ms)) <= last[:, None])
    seen: Floats = np.where(until, seconds.percent("seen"), 0).sum(1) / np.maximum(until.sum(1), 1)
    return seen
