"""How to read the report: what each figure is, and what it is not."""

from __future__ import annotations

from analytics.exports import words
from analytics.exports.figures import Shown

_POINTS = f"""
This reads faces, not feelings. A smile is not proof of joy, and a still face can belong to someone who is gripped.
The reader of faces errs on about a third of single faces; what counts is the mean of many viewers.

A viewer shows an emotion in a second when its score lies at least 20 points above that viewer's own usual level, and in
a scene when that happened in two seconds of it or more. So a long scene has more chances than a short one.

“29–58%” is a 95% interval (Wilson's for shares, a bootstrap over viewers for mood): of 20 such intervals about 19 hold
what a far larger audience like this one would show. Scenes whose intervals overlap widely may not differ.

Under {words.FEW} viewers a figure is flagged: it is a hint.

Mood is the pleasant minus the unpleasant share of what faces showed, −1 to 1. A resting face reads a little unpleasant,
so compare a scene with the film's average rather than with 0.

Facing the screen is the share of looked-at frames in which the face was turned to it.

Moments are stretches whose seconds stand out from the film's own average share by an exact binomial test, corrected for
all seconds and emotions looked at (Bonferroni, 5%), with at least {words.percent(words.STANDS_OUT)} of viewers. A
reaction comes a second or two after what caused it.
"""


def points(shown: Shown) -> list[str]:
    """One sentence or two a figure."""
    told = [" ".join(point.split()) for point in _POINTS.strip().split("\n\n")]
    return (
        ["The audience is simulated: its figures are drawn by a model.", *told] if shown.simulated else told
    )
