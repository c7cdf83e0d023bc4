"""A classifier's network opened up: its input, features, logits and vote head, which viewers' scores never need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from edge_agent.classifier import load_pretrained
from edge_agent.labels import emotion_columns
from edge_agent.network import FaceEmotionNet

Crops = list[NDArray[np.uint8]]
Progress = Callable[[int, int], None]
"""Called with the steps done and the steps in all."""

BATCH = 32


class OpenedNetwork:
    """A network as transformers loads it, in float32 on PyTorch."""

    def __init__(self, network: Any, processor: Any, model_id: str) -> None:
        """Use ``load``. Raises ModelError when the labels are not the seven emotions."""
        self.model_id = model_id
        self.network: nn.Module = network.eval()
        self._columns = emotion_columns(network.config.id2label)
        self._processor = processor

    @classmethod
    def load(cls, model: str) -> OpenedNetwork:
        """``bundled``, a folder in transformers' format, or a hub id. Raises ModelError."""
        found = load_pretrained(model)
        return cls(found.network, found.processor, found.model_id)

    @property
    def temperature(self) -> float | None:
        """What the network divides its logits by, or None when it knows no such thing."""
        net = self._own_kind
        return None if net is None else float(net.config.calibration_temperature)

    @property
    def has_vote_head(self) -> bool:
        """Whether ``vote_shares`` can be asked for."""
        return self._own_kind is not None

    @property
    def _own_kind(self) -> FaceEmotionNet | None:
        return self.network if isinstance(self.network, FaceEmotionNet) else None

    def pixel_values(self, crops: Crops) -> Tensor:
        """``crops`` (h, w, 3) uint8 RGB as the network's input, (n, 3, height, width) float32."""
        made = self._processor(images=crops, return_tensors="pt", input_data_format="channels_last")
        pixels: Tensor = made["pixel_values"]
        return pixels

    def logits(self, pixel_values: Tensor) -> Tensor:
        """Logits (n, 7) in the order of EMOTIONS, calibrated where the network is; gradients flow."""
        logits: Tensor = self.network(pixel_values=pixel_values).logits[:, self._columns]
        return logits

    @torch.inference_mode()
    def vote_shares(self, crops: Crops) -> NDArray[np.float32]:
        """Shares (n, 8) in FER+ order. Raises TypeError for a network without a vote head."""
        net = self._own_kind
        if net is None:
            raise TypeError(f"{self.model_id} has no vote head; ask has_vote_head first")
        shares: NDArray[np.float32] = net.both_heads(self.pixel_values(crops))[1].softmax(1).numpy()
        return shares

    @torch.inference_mode()
    def features(self, crops: Crops) -> NDArray[np.float32]:
        """What the last layer reads, (n, features).

        Of the bundled architecture its pooled features; of any other its pooler's output, or the mean of the last
        hidden state over its positions.
        """
        pixels = self.pixel_values(crops)
        if (net := self._own_kind) is not None:
            pooled: Any = net.features(pixels)
        else:
            backbone: Any = self.network.base_model
            output = backbone(pixel_values=pixels)
            pooled = getattr(output, "pooler_output", None)
            if pooled is None:
                hidden: Tensor = output.last_hidden_state
                # (n, positions, features) of a transformer, (n, features, height, width) of a convolutional network
                pooled = hidden.mean(1) if hidden.ndim == 3 else hidden.mean((2, 3))
        result: NDArray[np.float32] = pooled.flatten(1).float().numpy()
        return result


def grey_crops(images: NDArray[np.uint8]) -> Iterator[Crops]:
    """Grey pictures (n, height, width) uint8 as RGB crops, in batches."""
    for start in range(0, len(images), BATCH):
        yield [np.repeat(image[:, :, None], 3, axis=2) for image in images[start : start + BATCH]]
