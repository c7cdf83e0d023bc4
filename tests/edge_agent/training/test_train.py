from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoImageProcessor, AutoModelForImageClassification

import edge_agent.network  # noqa: F401  registers the architecture with transformers
from contract.emotions import EMOTIONS
from edge_agent.errors import DatasetError
from edge_agent.training.augment import augment
from edge_agent.training.data import FaceSet, load_face_set
from edge_agent.training.settings import TrainSettings
from edge_agent.training.train import emotion_logits, train

_QUICK = TrainSettings(epochs=2, batch_size=32, low_resolution=16, seed=5)


@pytest.fixture(scope="module")
def few_faces(shared: Path) -> FaceSet:
    """160 faces to train on and 60 to choose on, real ones."""
    faces = load_face_set(shared / "data" / "fer2013plus-train.npz")
    rows = np.concatenate([np.flatnonzero(faces.split == 0)[:160], np.flatnonzero(faces.split == 1)[:60]])
    return faces.take(rows)


def test_training_saves_a_model_that_transformers_loads(few_faces: FaceSet, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    folder = train(
        few_faces, tmp_path, _QUICK, progress=lambda done, total, _loss: steps.append((done, total))
    )
    assert steps[-1][0] == steps[-1][1]
    model = AutoModelForImageClassification.from_pretrained(folder)
    assert [model.config.id2label[index] for index in range(7)] == list(EMOTIONS)
    processor = AutoImageProcessor.from_pretrained(folder)
    face = few_faces.images[:1]
    pixels = processor(images=np.repeat(face[0][:, :, None], 3, axis=2), return_tensors="pt")["pixel_values"]
    with torch.inference_mode():
        through_transformers = model(pixels).logits.numpy() * model.config.calibration_temperature
    # Grey to RGB and back is luma weights that sum to 1, so both ways see the same picture.
    np.testing.assert_allclose(through_transformers, emotion_logits(model, face), atol=1e-4)
    record = json.loads((folder / "training.json").read_text())
    assert record["settings"]["seed"] == 5
    assert record["public_test"]["n"] == 60
    assert record["parameters"] < 2_500_000


def test_an_interrupted_training_ends_where_a_whole_one_does(few_faces: FaceSet, tmp_path: Path) -> None:
    class InterruptedByTestError(Exception):
        pass

    def stop_after_one(_report: object) -> None:
        raise InterruptedByTestError

    whole = train(few_faces, tmp_path / "whole", _QUICK)
    with pytest.raises(InterruptedByTestError):
        train(few_faces, tmp_path / "halves", _QUICK, epoch_done=stop_after_one)
    halves = train(few_faces, tmp_path / "halves", _QUICK)
    first, second = (json.loads((folder / "training.json").read_text()) for folder in (whole, halves))
    assert [epoch["epoch"] for epoch in second["epochs"]] == [1, 2]
    assert second["epochs"][1]["loss"] == pytest.approx(first["epochs"][1]["loss"], rel=1e-3)


def test_a_checkpoint_of_other_settings_is_refused(few_faces: FaceSet, tmp_path: Path) -> None:
    train(few_faces, tmp_path, TrainSettings(epochs=1, batch_size=64, low_resolution=16))
    with pytest.raises(DatasetError, match="other settings"):
        train(few_faces, tmp_path, TrainSettings(epochs=2, batch_size=64, low_resolution=16))


def test_a_set_without_a_split_to_choose_on_is_refused(few_faces: FaceSet, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="split 1"):
        train(few_faces.of_split(0), tmp_path, _QUICK)


def test_augmentation_changes_faces_within_bounds_and_follows_its_seed() -> None:
    faces = torch.linspace(-1, 1, 48 * 48).view(1, 1, 48, 48).repeat(8, 1, 1, 1)
    once = augment(faces, torch.Generator().manual_seed(1))
    again = augment(faces, torch.Generator().manual_seed(1))
    other = augment(faces, torch.Generator().manual_seed(2))
    assert torch.equal(once, again)
    assert not torch.equal(once, other)
    assert once.shape == faces.shape
    assert once.abs().max() < 1.6
