from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional
from transformers import AutoImageProcessor, AutoModelForImageClassification

import edge_agent.network  # noqa: F401  registers the architecture with transformers
from contract.emotions import EMOTIONS
from edge_agent.errors import DatasetError
from edge_agent.training.augment import augment
from edge_agent.training.averaged import average
from edge_agent.training.data import FaceSet, load_face_set
from edge_agent.training.earlier import Teachers
from edge_agent.training.saved import as_input, emotion_logits
from edge_agent.training.settings import TrainSettings
from edge_agent.training.train import train

_QUICK = TrainSettings(epochs=2, batch_size=32, low_resolution=16, wider=0.25, seed=5)
_ONCE = replace(_QUICK, epochs=1)


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


def test_a_training_goes_on_from_the_weights_of_an_earlier_one(few_faces: FaceSet, tmp_path: Path) -> None:
    first = train(few_faces, tmp_path / "first", _ONCE)
    second = train(few_faces, tmp_path / "second", _ONCE, start_from=first)
    records = [json.loads((folder / "training.json").read_text()) for folder in (first, second)]
    assert records[0]["earlier"] is None
    assert records[1]["earlier"] == records[0]
    # What the first learned is still there: from fresh weights the same epoch ends with a larger loss.
    assert records[1]["epochs"][0]["loss"] < records[0]["epochs"][0]["loss"]


def test_a_network_learns_from_larger_ones_trained_before(few_faces: FaceSet, tmp_path: Path) -> None:
    teacher = train(few_faces, tmp_path / "teacher", replace(_ONCE, wider=0.5))
    teachers = Teachers([teacher], torch.device("cpu"))
    asked = as_input(few_faces.images[:60])
    said = teachers.shares(asked)[0]

    def unlike_the_teacher(share: float) -> float:
        """How far a smaller network is from what the teacher says, which is that share of its loss."""
        settings = replace(_ONCE, epochs=3, mixup=0.0, teacher_share=share)
        folder = train(few_faces, tmp_path / str(share), settings, teachers=[teacher])
        record = json.loads((folder / "training.json").read_text())
        assert record["teachers"] == [json.loads((teacher / "training.json").read_text())]
        assert record["parameters"] < record["teachers"][0]["parameters"]
        says = Teachers([folder], torch.device("cpu")).shares(asked)[0]
        return float(functional.kl_div(says.log(), said, reduction="batchmean"))

    assert unlike_the_teacher(1.0) < unlike_the_teacher(0.0)


def test_the_mean_of_two_trainings_is_a_network_with_a_record_of_both(
    few_faces: FaceSet, tmp_path: Path
) -> None:
    first = train(few_faces, tmp_path / "first", _ONCE)
    second = train(few_faces, tmp_path / "second", _ONCE, start_from=first)
    mean = average([first, second], few_faces, tmp_path / "mean")
    kernel, *between = (
        AutoModelForImageClassification.from_pretrained(folder).classifier.weight
        for folder in (mean, first, second)
    )
    assert torch.allclose(kernel, sum(between) / 2)
    record = json.loads((mean / "training.json").read_text())
    assert record["mean_of"] == [
        json.loads((folder / "training.json").read_text()) for folder in (first, second)
    ]
    assert record["public_test"]["n"] == 60


def test_networks_of_different_widths_have_no_mean(few_faces: FaceSet, tmp_path: Path) -> None:
    usual = train(few_faces, tmp_path / "usual", _ONCE)
    wide = train(few_faces, tmp_path / "wide", replace(_ONCE, wider=0.5))
    with pytest.raises(DatasetError, match="different widths"):
        average([usual, wide], few_faces, tmp_path / "mean")


def test_a_device_that_is_not_there_is_refused(few_faces: FaceSet, tmp_path: Path) -> None:
    assert not torch.cuda.is_available(), "this test is for machines without a GPU"
    with pytest.raises(DatasetError, match="no CUDA device"):
        train(few_faces, tmp_path, _QUICK, device="cuda")


def test_going_on_from_what_is_no_training_is_refused(few_faces: FaceSet, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"cannot train on from .*nowhere"):
        train(few_faces, tmp_path / "out", _QUICK, start_from=tmp_path / "nowhere")


def test_a_checkpoint_of_other_settings_is_refused(few_faces: FaceSet, tmp_path: Path) -> None:
    train(few_faces, tmp_path, _ONCE)
    with pytest.raises(DatasetError, match="other settings"):
        train(few_faces, tmp_path, _QUICK)


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
