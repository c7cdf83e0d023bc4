from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from contract.emotions import EMOTIONS
from edge_agent.classifier import Classifier
from edge_agent.errors import DatasetError
from edge_agent.network import VOTE_LABELS, FaceEmotionConfig, FaceEmotionNet
from edge_agent.training.data import FaceSet
from edge_agent.training.evaluate import FACE_SIZES_PX, LEAST_KEPT, Evaluation, evaluate
from edge_agent.training.metrics import expected_calibration_error, tempered
from edge_agent.training.opened import OpenedNetwork
from edge_agent.training.saved import save


class LeftIsBright:
    """Happy when the left half is the brighter one, sad when the right; sure by 0.9, and by 0.5 when small."""

    model_id = "fake"

    def __init__(self) -> None:
        self.sides: set[int] = set()

    def scores(self, crops: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
        self.sides |= {len(crop) for crop in crops}
        rows = []
        for crop in crops:
            middle = len(crop) // 2
            brighter = crop[:, :middle].mean() > crop[:, middle:].mean()
            sure = 0.9 if len(crop) > 20 else 0.5
            row = np.full(7, (1 - sure) / 6, np.float32)
            row[EMOTIONS.index("happy" if brighter and sure > 0.5 else "sad")] = sure
            rows.append(row)
        return np.stack(rows)


@pytest.fixture
def faces() -> FaceSet:
    """Twenty faces, bright on the left, all happy; ten of them by the votes of everyone."""
    images = np.full((20, 48, 48), 60, np.uint8)
    images[:, :, :24] = 200
    images[:, ::3] += np.arange(20, dtype=np.uint8)[:, None, None]
    votes = np.zeros((20, 10), np.uint8)
    votes[:10, VOTE_LABELS.index("happy")] = 10
    votes[10:, [0, 9]] = 5
    return FaceSet(images, np.full(20, EMOTIONS.index("happy"), np.uint8), votes, np.ones(20, np.uint8))


@pytest.fixture
def network(small_model: Path) -> OpenedNetwork:
    return OpenedNetwork.load(str(small_model))


def test_flipped_figures_are_of_the_mean_of_a_face_and_its_mirror(
    faces: FaceSet, network: OpenedNetwork
) -> None:
    found = evaluate(faces, LeftIsBright(), network)
    assert found.single.accuracy == 1
    assert found.single.ece == pytest.approx(0.1, abs=1e-6)
    # Mirrored, the fake says sad by 0.9: the mean of both is half sure of each.
    assert found.flipped.ece == pytest.approx(abs(found.flipped.accuracy - 0.9 / 2 - 0.1 / 12), abs=1e-6)


def test_sizes_reach_the_classifier_as_they_are_and_the_smallest_is_chosen(
    faces: FaceSet, network: OpenedNetwork
) -> None:
    classifier, told = LeftIsBright(), []
    found = evaluate(
        faces, classifier, network, by_face_size=True, progress=lambda done, total: told.append((done, total))
    )
    assert classifier.sides == set(FACE_SIZES_PX)
    assert [size.px for size in found.by_face_size] == list(FACE_SIZES_PX)
    assert [size.accuracy for size in found.by_face_size] == [float(px > 20) for px in FACE_SIZES_PX]
    assert [size.confidence for size in found.by_face_size][-1] == pytest.approx(0.9)
    assert found.smallest_face_px == 24
    assert told[-1] == (20 * 12 + 10 * 2,) * 2


def test_a_size_above_a_bad_one_is_not_chosen(faces: FaceSet, network: OpenedNetwork) -> None:
    found = evaluate(faces, LeftIsBright(), network, by_face_size=True)
    dented = [
        replace(size, accuracy=found.single.accuracy * LEAST_KEPT - 0.01) if size.px == 32 else size
        for size in found.by_face_size
    ]
    assert replace(found, by_face_size=tuple(dented)).smallest_face_px == 40
    assert replace(found, by_face_size=()).smallest_face_px is None


def test_votes_are_counted_on_strict_majorities_alone(faces: FaceSet, network: OpenedNetwork) -> None:
    found = evaluate(faces, LeftIsBright(), network)
    assert found.votes is not None
    assert found.votes.single.n == found.votes.flipped.n == 10
    assert set(found.votes.single.recall) == {"happy"}


def test_calibration_before_undoes_the_networks_own_temperature(faces: FaceSet, tmp_path: Path) -> None:
    torch.manual_seed(4)
    save(FaceEmotionNet(FaceEmotionConfig((8,), (1,), calibration_temperature=0.5)), tmp_path)
    classifier = Classifier.load(str(tmp_path))
    found = evaluate(faces, classifier, OpenedNetwork.load(str(tmp_path))).calibration
    crops = [np.repeat(image[:, :, None], 3, axis=2) for image in faces.images]
    shares = classifier.scores(crops)
    assert found.temperature == 0.5
    assert found.temperature_from == "model"
    assert found.ece_after == pytest.approx(expected_calibration_error(faces.labels, shares), abs=1e-6)
    assert found.ece_before == pytest.approx(
        expected_calibration_error(faces.labels, tempered(shares, 2.0)), abs=1e-6
    )


def test_other_networks_get_a_temperature_fitted_here_and_no_votes(faces: FaceSet, small_vit: Path) -> None:
    found = evaluate(faces, LeftIsBright(), OpenedNetwork.load(str(small_vit)))
    assert found.votes is None
    assert found.calibration.temperature_from == "these faces"
    assert found.calibration.temperature < 1  # always right at 0.9: it should be surer
    assert found.calibration.ece_after < found.calibration.ece_before


def test_as_json_is_plain_and_keeps_the_single_crop_at_the_top(
    faces: FaceSet, network: OpenedNetwork
) -> None:
    found: Evaluation = evaluate(faces, LeftIsBright(), network)
    document = json.loads(json.dumps(found.as_json()))
    assert {"n", "accuracy", "macro_f1", "ece", "recall", "confusion"} <= set(document)
    assert document["accuracy"] == found.single.accuracy
    assert document["accuracy_interval"][0] < 1 <= document["accuracy_interval"][1]
    assert document["by_face_size"] is None
    assert "more than half of all ten votes" in document["ferplus_majority"]["definition"]


def test_an_empty_split_is_refused(faces: FaceSet, network: OpenedNetwork) -> None:
    with pytest.raises(DatasetError, match="no faces in that split"):
        evaluate(faces.of_split(2), LeftIsBright(), network)
