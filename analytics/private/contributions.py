"""What each viewer adds to the sums of a private release, and the most it can be. Pure.

Whole numbers, so that sums are exact and noise is drawn on whole numbers: a float's last bits give noise away (Mironov
2012). UNIT is one viewer. Each group of figures is bounded so that one viewer's part of one scene has length (L2) UNIT
at most, whatever the viewer's device sent:

- ``viewers``: scored in the scene or not;
- ``mean``: the seven mean scores as shares, which add up to one, rounded down;
- ``share``: which emotions the viewer showed, MOST_SHOWN at most, those with the highest mean scores, each counting
  UNIT / sqrt(MOST_SHOWN);
- ``attention``: share of sampled frames with the face turned to the screen, rounded down.

So a viewer's whole part has length UNIT * sqrt(scenes * groups) at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics.viewer_figures import MEASURES, ViewerFigures
from contract.emotions import EMOTIONS

UNIT = 1000
MOST_SHOWN = 3
"""Emotions a viewer shows in one scene; more is rare, and each would cost all figures more noise."""
SHOWN_UNIT = int(UNIT / sqrt(MOST_SHOWN))

Group = Literal["viewers", "mean", "share", "attention"]
GROUPS: tuple[Group, ...] = ("viewers", "mean", "share", "attention")
WIDTHS: dict[Group, int] = {"viewers": 1, "mean": len(EMOTIONS), "share": len(EMOTIONS), "attention": 1}
UNITS: dict[Group, int] = {"viewers": UNIT, "mean": UNIT, "share": SHOWN_UNIT, "attention": UNIT}


@dataclass(frozen=True, slots=True)
class Sums:
    """Of one screening, over viewers."""

    totals: NDArray[np.int64]
    """(scenes, cells): the groups' cells side by side, in the order asked for."""
    length: float
    """The most that adding or removing one viewer can change ``totals`` by, as an L2 length."""


def contributions(figures: ViewerFigures, groups: Sequence[Group]) -> NDArray[np.int64]:
    """(viewers, scenes, cells) of what each viewer adds; no viewer's length is over ``longest``."""
    scored = figures.scored
    scores = np.clip(np.nan_to_num(figures.values[..., : len(EMOTIONS)]), 0, 100)
    # Scores come as shares that add up to 100; a store that says otherwise must not give anybody more weight.
    scores = scores * np.minimum(1, 100 / np.maximum(scores.sum(2, keepdims=True), 1e-9))
    rank = np.argsort(np.argsort(-np.where(figures.showing, scores, -1), axis=2, kind="stable"), axis=2)
    shown = figures.showing & (rank < MOST_SHOWN) & scored[..., None]
    attention = np.clip(np.nan_to_num(figures.values[..., MEASURES.index("attention")]), 0, 100)
    parts: dict[Group, NDArray[np.int64]] = {
        "viewers": (scored * UNIT)[..., None].astype(np.int64),
        "mean": np.floor(scores * scored[..., None] * UNIT / 100).astype(np.int64),
        "share": shown.astype(np.int64) * SHOWN_UNIT,
        # Of viewers who were scored, so that it is divided by the viewers that are released.
        "attention": np.floor(attention * scored * UNIT / 100)[..., None].astype(np.int64),
    }
    return np.concatenate([parts[group] for group in groups], axis=2)


def longest(scenes: int, groups: int) -> float:
    """The most that one viewer can add, as an L2 length."""
    return UNIT * sqrt(scenes * groups)


def sums(figures: ViewerFigures, groups: Sequence[Group]) -> Sums:
    """Exact sums over viewers, and what bounds a viewer's part in them."""
    each = contributions(figures, groups)
    length = longest(each.shape[1], len(groups))
    flat = each.reshape(len(each), -1).astype(np.float64)
    # Holds by construction; a release must not rest on that alone.
    if flat.size and float(np.linalg.norm(flat, axis=1).max()) > length * (1 + 1e-12):
        raise AssertionError("a viewer's part is longer than its bound")
    return Sums(each.sum(0), length)
