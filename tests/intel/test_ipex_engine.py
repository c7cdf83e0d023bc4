"""The engine `ipex`, really run: see conftest.py for where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessor

from contract.emotions import EMOTIONS
from edge_agent.classifier import Classifier
from edge_agent.engines.choice import start_engine
from edge_agent.errors import ModelError
from tests.edge_agent.engine_scores import SAME, eager_scores, real_faces
from tests.support.command import done, houselights


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def faces(shared: Path) -> list[NDArray[np.uint8]]:
    return real_faces(shared)


@pytest.fixture(scope="module")
def vit(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("models") / "vit"
    torch.manual_seed(2)
    config = ViTConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        image_size=32,
        patch_size=8,
        id2label=dict(enumerate(reversed(EMOTIONS))),
    )
    ViTForImageClassification(config).save_pretrained(folder)
    ViTImageProcessor(size={"height": 32, "width": 32}).save_pretrained(folder)
    return str(folder)


def test_the_extension_is_really_there() -> None:
    assert torch.__version__.startswith("2.8.")
    Classifier.load("bundled", "ipex")
    assert torch.ops.torch_ipex is not None


def test_real_faces_score_the_same(faces: list[NDArray[np.uint8]]) -> None:
    scores = Classifier.load("bundled", "ipex").scores(faces)
    np.testing.assert_allclose(scores, eager_scores("bundled", faces), atol=SAME)
    assert len(set(scores.argmax(axis=1))) > 3


def test_somebody_elses_network_scores_the_same(vit: str, faces: list[NDArray[np.uint8]]) -> None:
    np.testing.assert_allclose(
        Classifier.load(vit, "ipex").scores(faces), eager_scores(vit, faces), atol=SAME
    )


def test_any_number_of_faces_and_an_earlier_result_stays(faces: list[NDArray[np.uint8]]) -> None:
    classifier = Classifier.load("bundled", "ipex")
    first = classifier.scores(faces[:1])
    kept = first.copy()
    for count in (3, 1, 8):
        assert classifier.scores(faces[:count]).shape == (count, 7)
    np.testing.assert_array_equal(first, kept)


def test_the_default_engine_works_in_this_environment_too(faces: list[NDArray[np.uint8]]) -> None:
    np.testing.assert_allclose(
        Classifier.load("bundled", "torch").scores(faces), eager_scores("bundled", faces), atol=SAME
    )


class Refusing(nn.Module):
    """A network that no tracer can follow."""

    def forward(self, pixel_values: Tensor) -> Tensor:
        raise RuntimeError(f"no graph for {len(pixel_values)} pictures\nand why, at length")


def test_a_network_that_it_cannot_take_is_one_line() -> None:
    with pytest.raises(ModelError, match="use --engine torch") as raised:
        start_engine("ipex", Refusing(), np.zeros((1, 3, 8, 8), np.float32))
    assert "\n" not in str(raised.value)


def test_openvino_is_not_in_this_environment_and_that_is_said() -> None:
    with pytest.raises(ModelError, match=r"houselights\[openvino\]"):
        Classifier.load("bundled", "openvino")


def test_the_agent_runs_with_it(shared: Path, tmp_path: Path) -> None:
    report = json.loads(
        done(
            houselights(
                *("agent", "run", "--film", "reel", "--cut", "rough-2", "--screening", "friday", "--json"),
                *("--source", shared / "media" / "head-pose-face-detection-female.gif"),
                *("--outbox", tmp_path / "a.outbox", "--engine", "ipex"),
            )
        )
    )
    assert report["viewers"] == 1
    assert report["left"] == report["generated"] > 0
