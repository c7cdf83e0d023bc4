"""How right a classifier is: pure functions of labels and probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from contract.emotions import EMOTIONS

VOTED_EMOTIONS = 8
"""FER+ columns that are emotions; the last two are "unknown" and "not a face"."""
_Z95 = 1.959963984540054  # two-sided 95% of the normal distribution
_CALIBRATION_BINS = 15
_AS_LIKELY = 0.005


@dataclass(frozen=True)
class Metrics:
    """Figures of one evaluation; shares are in 0..1."""

    n: int
    accuracy: float
    macro_f1: float
    ece: float
    recall: dict[str, float]
    confusion: list[list[int]]
    """confusion[true][predicted], counts, in the order of the classes."""


@dataclass(frozen=True)
class ConfidenceBin:
    """The n faces whose highest share lies in [low, high): its mean, and how often that emotion was right."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


def measure(
    labels: NDArray[np.integer],
    probabilities: NDArray[np.floating],
    classes_named: Sequence[str] = EMOTIONS,
) -> Metrics:
    """Compare ``labels`` (n,) with ``probabilities`` (n, classes), both in the order of ``classes_named``.

    Raises ValueError when there is nothing to compare or the shapes disagree.
    """
    n, classes = len(labels), len(classes_named)
    if n == 0 or probabilities.shape != (n, classes):
        raise ValueError(
            f"expected n labels and (n, {classes}) probabilities, got {n} and {probabilities.shape}"
        )
    predicted = probabilities.argmax(1)
    confusion = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(confusion, (labels, predicted), 1)
    hits, actual, claimed = np.diag(confusion), confusion.sum(1), confusion.sum(0)
    # A class that is neither there nor claimed has no F1; a class that is there and never claimed has 0.
    known = actual + claimed > 0
    f1 = 2 * hits[known] / (actual + claimed)[known]
    recall = {
        name: float(hits[index] / actual[index])
        for index, name in enumerate(classes_named)
        if actual[index] > 0
    }
    return Metrics(
        n=n,
        accuracy=float(hits.sum() / n),
        macro_f1=float(f1.mean()),
        ece=expected_calibration_error(labels, probabilities),
        recall=recall,
        confusion=confusion.tolist(),
    )


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95% Wilson score interval (low, high), 0..1, of ``hits`` out of ``n``, at least 1."""
    share, z2 = hits / n, _Z95 * _Z95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def accuracy_interval(metrics: Metrics) -> tuple[float, float]:
    """95% Wilson interval of the accuracy."""
    return wilson(round(metrics.accuracy * metrics.n), metrics.n)


def expected_calibration_error(
    labels: NDArray[np.integer], probabilities: NDArray[np.floating], bins: int = _CALIBRATION_BINS
) -> float:
    """Mean gap between confidence and accuracy over ``bins`` equal bins of confidence (Guo et al. 2017)."""
    found = reliability(labels, probabilities, bins)
    return sum(part.n * abs(part.accuracy - part.confidence) for part in found) / len(labels)


def reliability(
    labels: NDArray[np.integer], probabilities: NDArray[np.floating], bins: int = _CALIBRATION_BINS
) -> list[ConfidenceBin]:
    """Faces by confidence in ``bins`` equal bins of 0..1; empty ones are left out."""
    confidence = probabilities.max(1)
    right = probabilities.argmax(1) == labels
    bin_of = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    return [
        ConfidenceBin(
            low=index / bins,
            high=(index + 1) / bins,
            n=int((bin_of == index).sum()),
            confidence=float(confidence[bin_of == index].mean(dtype=np.float64)),
            accuracy=float(right[bin_of == index].mean()),
        )
        for index in np.unique(bin_of).tolist()
    ]


def tempered(probabilities: NDArray[np.floating], temperature: float) -> NDArray[np.float64]:
    """Shares (n, classes) as if their logits had been divided by ``temperature``.

    Shares to the power 1/T, made to sum to 1 again, are exactly that; 1/T takes a temperature back.
    """
    powers = probabilities.astype(np.float64) ** (1 / temperature)
    undone: NDArray[np.float64] = powers / powers.sum(1, keepdims=True)
    return undone


def strict_majority(votes: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Where FER+ taggers agree, and on what, of ``votes`` (n, 10): eight emotions, unknown, not a face.

    The mask (n,) holds faces for which more than half of all their votes, unknown and not-a-face included, went to
    one of the eight emotions. The emotions (n,) index FER+ order, and mean nothing where the mask is false.
    """
    emotions = votes[:, :VOTED_EMOTIONS]
    agreed: NDArray[np.bool_] = 2 * emotions.max(1).astype(np.int64) > votes.sum(1, dtype=np.int64)
    return agreed, emotions.argmax(1)


def best_temperature(labels: NDArray[np.integer], logits: NDArray[np.floating]) -> float:
    """The temperature in 0.3..3 whose division of ``logits`` (n, 7) is best calibrated, of those that fit.

    Those fit whose negative log-likelihood is within half a percent of the least. The likelihood alone pays for sure
    faces being surer, and leaves the middling ones, which is most of an audience, further from what they claim.
    """
    candidates = np.linspace(0.3, 3.0, 271)
    rows = np.arange(len(labels))

    def shares(temperature: float) -> NDArray[np.floating]:
        scaled = logits / temperature
        powers = np.exp(scaled - scaled.max(1, keepdims=True))
        made: NDArray[np.floating] = powers / powers.sum(1, keepdims=True)
        return made

    losses = [float(-np.log(shares(one)[rows, labels].clip(1e-30)).mean()) for one in candidates]
    fitting = [
        one for one, loss in zip(candidates, losses, strict=True) if loss <= (1 + _AS_LIKELY) * min(losses)
    ]
    return float(min(fitting, key=lambda one: expected_calibration_error(labels, shares(one))))
