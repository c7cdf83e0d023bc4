from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from edge_agent.classifier import Classifier
from edge_agent.training.opened import OpenedNetwork, grey_crops


@pytest.fixture
def pictures() -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (5, 48, 48), dtype=np.uint8)


@pytest.mark.parametrize("model", ["small_model", "small_vit"])
def test_its_logits_are_the_scores_that_viewers_get(
    model: str, pictures: np.ndarray, request: pytest.FixtureRequest
) -> None:
    folder = str(request.getfixturevalue(model))
    (crops,) = grey_crops(pictures)
    network = OpenedNetwork.load(folder)
    with torch.inference_mode():
        shares = network.logits(network.pixel_values(crops)).softmax(1).numpy()
    np.testing.assert_allclose(shares, Classifier.load(folder).scores(crops), atol=1e-5)


@pytest.mark.parametrize(("model", "width"), [("small_model", 16), ("small_vit", 16)])
def test_features_are_one_row_a_face(
    model: str, width: int, pictures: np.ndarray, request: pytest.FixtureRequest
) -> None:
    (crops,) = grey_crops(pictures)
    features = OpenedNetwork.load(str(request.getfixturevalue(model))).features(crops)
    assert features.shape == (5, width)
    assert np.isfinite(features).all()
    assert len(np.unique(features, axis=0)) == 5


def test_the_vote_head_and_the_temperature_belong_to_the_bundled_architecture(
    small_model: Path, small_vit: Path, pictures: np.ndarray
) -> None:
    (crops,) = grey_crops(pictures)
    own, other = OpenedNetwork.load(str(small_model)), OpenedNetwork.load(str(small_vit))
    np.testing.assert_allclose(own.vote_shares(crops).sum(1), 1, atol=1e-5)
    assert own.temperature == 1.0
    assert own.has_vote_head
    assert other.temperature is None
    assert not other.has_vote_head
    with pytest.raises(TypeError, match="has_vote_head"):
        other.vote_shares(crops)


def test_grey_crops_are_batches_of_every_picture_in_order() -> None:
    pictures = np.arange(70, dtype=np.uint8)[:, None, None] * np.ones((1, 4, 4), np.uint8)
    crops = [crop for batch in grey_crops(pictures) for crop in batch]
    assert [crop[0, 0].tolist() for crop in crops] == [[value] * 3 for value in range(70)]
