from __future__ import annotations

import numpy as np
import pytest

from contract.emotions import EMOTIONS
from edge_agent.training.metrics import best_temperature, expected_calibration_error, measure


def test_measure_of_a_small_case_worked_by_hand() -> None:
    labels = np.array([3, 3, 3, 4])
    probabilities = np.full((4, 7), 0.05)
    for row, said in enumerate([3, 3, 4, 4]):
        probabilities[row, said] = 0.7
    metrics = measure(labels, probabilities)
    assert metrics.n == 4
    assert metrics.accuracy == 0.75
    # happy: precision 1, recall 2/3; neutral: precision 1/2, recall 1. No other class is there or claimed.
    assert metrics.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)
    assert metrics.recall == {"happy": pytest.approx(2 / 3), "neutral": 1.0}
    assert metrics.confusion[3][4] == 1
    assert metrics.ece == pytest.approx(0.05)


def test_a_class_that_is_there_and_never_claimed_pulls_macro_f1_down() -> None:
    labels = np.array([0, 1])
    probabilities = np.eye(7)[[0, 0]]
    assert measure(labels, probabilities).macro_f1 == pytest.approx((2 / 3 + 0) / 2)


def test_calibration_error_is_zero_when_confidence_is_accuracy() -> None:
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.3, 0.99, 200_000)
    labels = np.where(rng.random(len(confidence)) < confidence, 0, 1)
    probabilities = np.zeros((len(confidence), 7))
    probabilities[:, 0] = confidence
    probabilities[:, 2] = 1 - confidence
    kept = confidence > 0.5
    assert expected_calibration_error(labels[kept], probabilities[kept]) < 0.01


def test_best_temperature_undoes_a_known_sharpening() -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 2, (20_000, 7))
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    labels = (probabilities.cumsum(1) > rng.random((len(logits), 1))).argmax(1)
    assert best_temperature(labels, logits * 1.8) == pytest.approx(1.8, abs=0.06)


@pytest.mark.parametrize("shape", [(0, 7), (3, 6)])
def test_measure_refuses_what_cannot_be_compared(shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="expected n labels"):
        measure(np.zeros(shape[0], dtype=np.int64), np.zeros(shape))


def test_recall_names_follow_the_contract() -> None:
    metrics = measure(np.arange(7), np.eye(7))
    assert tuple(metrics.recall) == EMOTIONS
