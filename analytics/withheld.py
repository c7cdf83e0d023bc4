"""The seconds that are withheld so that no subtraction shows fewer than k viewers. Pure.

``analytics.differencing``, scene by scene. Scores are sums over viewers who were scored, attention is one over all
whose device sampled the second, so they are looked at apart: where only attention would expose somebody, the second
keeps its emotions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.audience import Audience
from analytics.audience_figures import Truths
from analytics.differencing import withheld


@dataclass(frozen=True, slots=True)
class Withheld:
    """Each (seconds,)."""

    whole: Truths
    """Nothing of the second is published."""
    attention: Truths
    """Its attention alone is not."""


def withhold(audience: Audience) -> Withheld:
    """What not to publish of an audience's seconds. With k = 1 there is nobody to hide among."""
    k, seconds = audience.shown.k, audience.seconds
    found = Withheld(*(np.zeros(len(seconds.t_ms), bool) for _ in range(2)))
    if k == 1:
        return found
    viewers = (audience.by_scene.seconds > 0).sum(0)
    enough = audience.by_second.viewers >= k
    for begin, end in audience.scenes[viewers >= k].tolist():
        scene = slice(begin, end)
        published = enough[scene].copy()
        for grid, out in ((seconds.scored, found.whole), (seconds.there, found.attention)):
            chosen = withheld(grid[:, scene], published, k)
            out[begin + chosen] = True
            published[chosen] = False
    return found
