"""How right a classifier is: pure functions of labels and probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contract.emotions import EMOTIONS


@dataclass(frozen=True)
class Metrics:
    """Figures of one evaluation; shares are in 0..1."""

    n: int
    accuracy: float
    macro_f1: float
    ece: float
    recall: dict[str, float]
    confusion: list[list[int]]
    """confusion[true][predicted], counts, in the order of EMOTIONS."""


def measure(labels: NDArray[np.integer], probabilities: NDArray[np.floating]) -> Metrics:
    """Compare ``labels`` (n,) with ``probabilities`` (n, 7), both in the order of EMOTIONS.

    Raises ValueError when there is nothing to compare or the shapes disagree.
    """
    n, classes = len(labels), len(EMOTIONS)
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
        name: float(hits[index] / actual[index]) for index, name in enumerate(EMOTIONS) if actual[index] > 0
    }
    return Metrics(
        n=n,
        accuracy=float(hits.sum() / n),
        macro_f1=float(f1.mean()),
        ece=expected_calibration_error(labels, probabilities),
        recall=recall,
        confusion=confusion.tolist(),
    )


def expected_calibration_error(
    labels: NDArray[np.integer], probabilities: NDArray[np.floating], bins: int = 15
) -> float:
    """Mean gap between confidence and accuracy over ``bins`` equal bins of confidence (Guo et al. 2017)."""
    confidence = probabilities.max(1)
    right = probabilities.argmax(1) == labels
    bin_of = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    counts = np.bincount(bin_of, minlength=bins)
    gap = np.abs(
        np.bincount(bin_of, weights=right, minlength=bins)
        - np.bincount(bin_of, weights=confidence, minlength=bins)
    )
    return float(gap.sum() / counts.sum())


def best_temperature(labels: NDArray[np.integer], logits: NDArray[np.floating]) -> float:
    """The temperature in 0.3..3 whose division of ``logits`` (n, 7) gives the least negative log-likelihood."""
    candidates = np.linspace(0.3, 3.0, 271)
    rows = np.arange(len(labels))

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        top = scaled.max(1, keepdims=True)
        log_sum = np.log(np.exp(scaled - top).sum(1)) + top[:, 0]
        return float((log_sum - scaled[rows, labels]).mean())

    return float(min(candidates, key=loss))
