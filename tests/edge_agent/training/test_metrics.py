from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from contract.emotions import EMOTIONS
from edge_agent.training.data import PUBLIC_TEST, load_face_set
from edge_agent.training.metrics import (
    best_temperature,
    expected_calibration_error,
    measure,
    reliability,
    strict_majority,
    tempered,
    wilson,
)


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


def test_measure_takes_other_classes() -> None:
    metrics = measure(np.array([0, 1, 1]), np.eye(2)[[0, 1, 0]], ("yes", "no"))
    assert metrics.recall == {"yes": 1.0, "no": 0.5}
    assert metrics.confusion == [[1, 0], [1, 1]]


# Newcombe 1998, table I, method 3.
@pytest.mark.parametrize(
    ("hits", "n", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)]
)
def test_wilson_gives_the_published_intervals(hits: int, n: int, low: float, high: float) -> None:
    assert list(wilson(hits, n)) == pytest.approx([low, high], abs=5e-5)
    assert list(wilson(n - hits, n)) == pytest.approx([1 - high, 1 - low], abs=5e-5)


def test_a_strict_majority_is_more_than_half_of_all_ten_votes() -> None:
    votes = np.zeros((4, 10), np.uint8)
    votes[0, [1, 3]] = 6, 4  # six of ten
    votes[1, [1, 3]] = 5, 5  # a tie
    votes[2, [2, 9]] = 5, 5  # most of those who saw an emotion, but not of all
    votes[3, [0, 8]] = 3, 7  # more than half saw none
    agreed, emotion = strict_majority(votes)
    assert agreed.tolist() == [True, False, False, False]
    assert emotion[0] == 1


def test_the_shared_set_has_as_many_strict_majorities_as_the_target_says(shared: Path) -> None:
    faces = load_face_set(shared / "data" / "fer2013plus-train.npz").of_split(PUBLIC_TEST)
    assert strict_majority(faces.votes)[0].sum() == 2862


def test_tempering_shares_is_dividing_logits() -> None:
    logits = np.random.default_rng(2).normal(0, 3, (50, 7))
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    cooler = np.exp(logits / 1.7) / np.exp(logits / 1.7).sum(1, keepdims=True)
    np.testing.assert_allclose(tempered(shares, 1.7), cooler, rtol=1e-9)
    np.testing.assert_allclose(tempered(tempered(shares, 1.7), 1 / 1.7), shares, rtol=1e-9)


def test_reliability_holds_every_face_once_in_the_bin_of_its_confidence() -> None:
    rng = np.random.default_rng(3)
    probabilities = rng.dirichlet(np.ones(7), 500)
    probabilities[0] = np.eye(7)[2]  # confidence 1 belongs to the last bin
    labels = rng.integers(0, 7, 500)
    bins = reliability(labels, probabilities)
    assert sum(part.n for part in bins) == 500
    assert all(part.low <= part.confidence <= part.high for part in bins)
    assert sum(part.n * part.accuracy for part in bins) == pytest.approx(
        (probabilities.argmax(1) == labels).sum()
    )
