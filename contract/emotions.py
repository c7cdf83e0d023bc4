"""The seven emotions, their order, and valence."""

from __future__ import annotations

from collections.abc import Sequence

EMOTIONS = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
"""Order of every seven-number list in the project (FER2013's order)."""

VALENCE_SIGN = (-1, -1, -1, 1, 0, -1, 0)
"""Unpleasant -1, pleasant +1, neither 0, in the order of EMOTIONS. Surprise has no sign of its own."""


def valence(scores: Sequence[float]) -> float:
    """Valence in -1..1: pleasant minus unpleasant share.

    ``scores``: seven numbers in the order of EMOTIONS, in any unit; their sum is the whole.
    Raises ValueError when there are not seven, or when they sum to zero.
    """
    if len(scores) != len(EMOTIONS):
        raise ValueError(
            f"expected {len(EMOTIONS)} scores in the order {' '.join(EMOTIONS)}, got {len(scores)}"
        )
    total = sum(scores)
    if total <= 0:
        raise ValueError("the scores sum to zero: there is nothing to take a valence of")
    return sum(sign * score for sign, score in zip(VALENCE_SIGN, scores, strict=True)) / total
