"""The network as a training step calls it: at the precision and in the way that the device is fast at."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn

from edge_agent.network import FaceEmotionNet

Heads = Callable[[Tensor], tuple[Tensor, Tensor]]
"""Faces (n, 1, height, width) in, emotion logits (n, 7) and FER+ logits (n, 8) float32 out."""


class BothHeads(nn.Module):
    """Both heads of a network, in bfloat16 where the device has it."""

    def __init__(self, net: FaceEmotionNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """``Heads``."""
        device = images.device.type
        # Each weight is used once a step, so autocast's cache of them saves nothing; a recorded step must not have it.
        with torch.autocast(device, torch.bfloat16, enabled=fast_bfloat16(device), cache_enabled=False):
            logits, vote_logits = self.net.both_heads(images)
        return logits.float(), vote_logits.float()


def fast_bfloat16(device: str) -> bool:
    """Below AVX-512 a processor has to imitate bfloat16: 13 times as slow as float32."""
    return device != "cpu" or torch.backends.cpu.get_cpu_capability() not in {"DEFAULT", "AVX2"}


class TrainedHeads:
    """``Heads`` of the network that is trained, for batches of one size."""

    def __init__(self, net: FaceEmotionNet, *, compiled: bool) -> None:
        self._net, self._compiled = net, compiled
        self._by_shape: dict[torch.Size, Heads] = {}

    def __call__(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """``Heads``."""
        if images.shape not in self._by_shape:
            self._by_shape[images.shape] = self._prepared(images)
        return self._by_shape[images.shape](images)

    def _prepared(self, images: Tensor) -> Heads:
        heads = BothHeads(self._net)
        if self._compiled:
            return cast("Heads", torch.compile(heads, dynamic=False))
        if images.device.type == "cuda":
            # A network this small waits for its kernels to be started; recorded once, they start as one.
            return cast("Heads", torch.cuda.make_graphed_callables(heads, (torch.zeros_like(images),)))
        return heads
