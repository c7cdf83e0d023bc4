"""Weights that a training chose: measured, calibrated, and saved in transformers' format."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from contract.emotions import EMOTIONS
from edge_agent.network import FaceEmotionNet
from edge_agent.training.data import FaceSet
from edge_agent.training.metrics import best_temperature, measure


def save_chosen(net: FaceEmotionNet, folder: Path, chosen_on: FaceSet, made: dict[str, Any]) -> Path:
    """Fit the temperature of ``net`` on ``chosen_on``, and write network and ``training.json`` into ``folder``.

    ``made`` says how the weights came to be; what they measure is added to it. Returns ``folder``.
    """
    labels = chosen_on.labels
    logits = emotion_logits(net, chosen_on.images)
    net.config.calibration_temperature = best_temperature(labels, logits)
    save(net, folder)
    probabilities = torch.from_numpy(logits / net.config.calibration_temperature).softmax(1).numpy()
    record = {
        **made,
        "parameters": sum(p.numel() for p in net.parameters()),
        "public_test": asdict(measure(labels, probabilities)),
    }
    (folder / "training.json").write_text(json.dumps(record, indent=1) + "\n")
    return folder


def save(net: FaceEmotionNet, folder: Path) -> None:
    """Write ``net`` in transformers' format, with the image processor that its input needs."""
    net.save_pretrained(folder)
    side = net.config.image_size
    processor = {
        "image_processor_type": "ViTImageProcessor",
        "do_convert_rgb": True,
        "do_resize": True,
        "size": {"height": side, "width": side},
        "resample": 2,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(processor, indent=2) + "\n")
    (folder / "model.safetensors").chmod(0o644)  # transformers leaves it readable by its owner alone


def as_input(images: NDArray[np.uint8]) -> Tensor:
    """Grey pictures (n, height, width) uint8 as the network's input (n, 1, height, width) float32 in [-1, 1]."""
    return torch.from_numpy(images).unsqueeze(1).float().div_(127.5).sub_(1)


@torch.inference_mode()
def emotion_logits(net: nn.Module, images: NDArray[np.uint8], batch_size: int = 256) -> NDArray[np.float32]:
    """Uncalibrated logits (n, 7) of grey faces (n, 48, 48) uint8."""
    net.eval()
    device = next(net.parameters()).device
    parts = [
        net.both_heads(as_input(images[start : start + batch_size]).to(device))[0]  # type: ignore[operator]
        for start in range(0, len(images), batch_size)
    ]
    return torch.cat(parts).cpu().numpy() if parts else np.zeros((0, len(EMOTIONS)), dtype=np.float32)
