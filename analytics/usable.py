"""Who counts: viewers of whom enough was seen. Pure.

A viewer who leaves early is drop-off, a finding, and stays in every figure of what they saw. Only where next to nothing
was watched or found does a viewer say nothing about the film, and would add noise and a baseline made of moments.
"""

from __future__ import annotations

from typing import Literal

Reason = Literal["too_little_watched", "too_little_face"]

LEAST_COVERAGE = 0.1
"""Share of the film seconds that the screening covers. Twelve minutes of two hours: under that a viewer's own ordinary
scores, which all "showing" is measured from, are those of one scene. A share, so that it fits a short film too."""
LEAST_SEEN = 25.0
"""Percent of sampled frames with the face found, until the last score. Where fewer than one in four show it, what is
scored is not how the viewer watched, but the moments in which they happened to face the camera."""


def unusable(sampled: int, scored: int, covered: int, seen: float) -> Reason | None:
    """Why a viewer does not count; None for one who does.

    ``sampled``, ``scored``: film seconds in which the viewer's device looked, and in which the face was scored, of the
    ``covered`` ones of the screening. ``seen``: percent. Where nothing is covered, there is nothing to leave anybody
    out of.
    """
    if not covered:
        return None
    if sampled < LEAST_COVERAGE * covered:
        return "too_little_watched"
    if scored < LEAST_COVERAGE * covered or seen < LEAST_SEEN:
        return "too_little_face"
    return None
