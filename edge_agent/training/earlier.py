"""Networks that earlier trainings left: to go on from, or to learn from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from edge_agent.classifier import load_pretrained
from edge_agent.errors import DatasetError, ModelError
from edge_agent.network import FaceEmotionConfig, FaceEmotionNet
from edge_agent.training.heads import BothHeads


def first_weights(start_from: Path | None, wider: float) -> tuple[FaceEmotionNet, dict[str, Any] | None]:
    """The network to train, and the record of the training that it comes from, if any. Raises DatasetError."""
    if start_from is not None:
        return trained(start_from, "train on from")
    usual = FaceEmotionConfig()
    # Multiples of 8 suit every processor.
    widths = tuple(max(8, round(width * wider / 8) * 8) for width in usual.widths)
    return FaceEmotionNet(FaceEmotionConfig(widths=widths)), None


def trained(folder: Path, wanted: str) -> tuple[FaceEmotionNet, dict[str, Any]]:
    """The network in ``folder``, the ``model/`` of an earlier training, and its record.

    Raises DatasetError, which says that one cannot do what is ``wanted``.
    """
    try:
        record = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DatasetError(
            f"cannot {wanted} {folder}: there is no training.json to read; give the folder model/ that an "
            "earlier training left"
        ) from error
    try:
        network = load_pretrained(str(folder)).network
    except ModelError as error:
        raise DatasetError(f"cannot {wanted} {folder}: {error}") from error
    if not isinstance(network, FaceEmotionNet):
        raise DatasetError(f"cannot {wanted} {folder}: it holds another network, {type(network).__name__}")
    return network, record


class Teachers:
    """Trained networks that are asked together."""

    def __init__(self, folders: Sequence[Path], device: torch.device) -> None:
        """Load the ``model/`` folders of earlier trainings. Raises DatasetError."""
        found = [trained(folder, "learn from") for folder in folders]
        self._heads = [BothHeads(net).eval().to(device) for net, _ in found]
        self.records = [record for _, record in found]

    @torch.no_grad()
    def shares(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """What they say on average of ``images`` (n, 1, height, width): emotions (n, 7) and FER+ votes (n, 8)."""
        said = [heads(images) for heads in self._heads]
        emotions = torch.stack([logits.softmax(1) for logits, _ in said]).mean(0)
        votes = torch.stack([vote_logits.softmax(1) for _, vote_logits in said]).mean(0)
        return emotions, votes
