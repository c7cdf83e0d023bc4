"""Which shots of a film may be one scene, by their colours and lengths. Pure: shots in, places out.

Overlapping links (Hanjalic, Lagendijk and Biemond 1999, *Automated high-level movie segmentation for advanced
video-retrieval systems*): two shots not far apart that look alike, such as the two sides of a conversation, belong to
one scene, and so does every shot between them. A scene begins where no such link reaches across. How alike two shots
look is the intersection of their colour histograms, at its best over a few key frames of each (Rasheed and Shah 2005,
*Detection and representation of scenes in videos*). A scene that would be too short joins the neighbour that it looks
more like.

Limits: colours know nothing of places, people or story. A scene whose shots share no colours falls apart; two scenes
in one light become one; a montage is many. What comes out are candidates, to be named, joined and split by a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics.catalogue import Scene, Shot

Sensitivity = Literal["low", "medium", "high"]

ALIKE: dict[Sensitivity, float] = {"low": 0.35, "medium": 0.5, "high": 0.65}
"""Share of their colours from which two shots are linked: the higher, the more scenes."""
WINDOW = 8
"""Shots that a link may reach: further apart, likeness is chance, or the same place again later."""
MIN_LENGTH_MS = 15_000
"""A scene is seldom shorter; a few seconds of reactions would say little of it."""


def scene_candidates(
    shots: Sequence[Shot],
    colours: Sequence[NDArray[np.float32]],
    *,
    sensitivity: Sensitivity = "medium",
    min_length_ms: int = MIN_LENGTH_MS,
) -> list[Scene]:
    """Scenes called *Scene 1*, *Scene 2* …, without gaps, from the first shot to the last; see ``group_shots``."""
    if not shots:
        return []
    starts, end = [shot.start_ms for shot in shots], shots[-1].end_ms
    begins = group_shots(starts, end, colours, sensitivity=sensitivity, min_length_ms=min_length_ms)
    edges = [*(starts[shot] for shot in begins), end]
    return [
        Scene(f"Scene {number}", first, last) for number, (first, last) in enumerate(pairwise(edges), start=1)
    ]


def group_shots(
    starts_ms: Sequence[int],
    end_ms: int,
    colours: Sequence[NDArray[np.float32]],
    *,
    sensitivity: Sensitivity = "medium",
    min_length_ms: int = MIN_LENGTH_MS,
) -> list[int]:
    """The places, from 0, of the shots with which a scene begins; the first is always one.

    starts_ms: of each shot, rising; the last ends at ``end_ms``. colours: a shot each (key frames, bins), every
    histogram of sum 1. Empty for no shots.
    """
    if not starts_ms:
        return []
    strength = link_strength(np.stack(colours))
    begins = [0, *(shot for shot in range(1, len(starts_ms)) if strength[shot] < ALIKE[sensitivity])]
    while len(begins) > 1:
        edges = [*(starts_ms[shot] for shot in begins), end_ms]
        lengths = np.diff(edges)
        shortest = int(np.argmin(lengths))
        if lengths[shortest] >= min_length_ms:
            break
        # The edge before it, or the one after it, whichever the more colours cross.
        around = [edge for edge in (shortest, shortest + 1) if 0 < edge < len(begins)]
        del begins[max(around, key=lambda edge: strength[begins[edge]])]
    return begins


def link_strength(colours: NDArray[np.float32]) -> NDArray[np.float64]:
    """How alike the two most alike shots are that lie on either side of a shot's beginning, 0 to 1: (shots,).

    colours: (shots, key frames, bins). The first shot has nothing before it: 0.
    """
    shots = len(colours)
    strength = np.zeros(shots)
    for apart in range(1, min(WINDOW, shots - 1) + 1):
        near, far = colours[:-apart, :, None], colours[apart:, None]
        # A row of shots at a time: all pairs of key frames of all shots at once would be gigabytes.
        alike = np.array(
            [float(np.minimum(one, other).sum(-1).max()) for one, other in zip(near, far, strict=True)]
        )
        for step in range(1, apart + 1):
            np.maximum(strength[step : step + len(alike)], alike, out=strength[step : step + len(alike)])
    return strength
