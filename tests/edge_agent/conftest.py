"""Small models, saved as transformers saves them, and made-up footage."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import pytest
import torch
from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessor

from edge_agent.network import FaceEmotionConfig, FaceEmotionNet
from edge_agent.training.saved import save

SHUFFLED = ("happiness", "Sad", "SURPRISED", "contempt", "anger", "neutral", "fearful", "disgusted")
"""Labels of the small ViT: synonyms, one emotion too many, an order of their own."""


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled architecture, thinner and with random weights."""
    folder = tmp_path_factory.mktemp("models") / "small"
    torch.manual_seed(1)
    save(FaceEmotionNet(FaceEmotionConfig(widths=(8, 16), blocks=(1, 1))), folder)
    return folder


@pytest.fixture(scope="session")
def small_vit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody else's architecture and labels."""
    folder = tmp_path_factory.mktemp("models") / "vit"
    torch.manual_seed(2)
    save_vit(folder, SHUFFLED)
    return folder


def save_vit(folder: Path, labels: tuple[str, ...]) -> None:
    config = ViTConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        image_size=32,
        patch_size=8,
        id2label=dict(enumerate(labels)),
        label2id={label: index for index, label in enumerate(labels)},
    )
    ViTForImageClassification(config).save_pretrained(folder)
    ViTImageProcessor(size={"height": 32, "width": 32}).save_pretrained(folder)


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """As the agent runs: two threads that wait for one another on a busy machine are far slower than one."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def plain_video(tmp_path: Path) -> Path:
    """Fifty grey frames at 25 a second, MPEG-4, each lighter than the one before; nobody in them."""
    path = tmp_path / "plain.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 25, (160, 120))
    assert writer.isOpened()
    for index in range(50):
        picture = np.full((120, 160, 3), index * 5, np.uint8)
        cv2.putText(picture, str(index), (20, 80), cv2.FONT_HERSHEY_SIMPLEX, 2, (255, 255, 255), 3)
        writer.write(picture)
    writer.release()
    return path


class RunPython(Protocol):
    def __call__(self, code: str, timeout_s: float = 60, **environment: str) -> str: ...


@pytest.fixture
def run_python(repository: Path) -> RunPython:
    """What ``code`` prints to stdout and stderr together, in a process of its own that must end well."""

    def run(code: str, timeout_s: float = 60, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=repository,
            env=os.environ | {"PYTHONPATH": str(repository)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    return run
