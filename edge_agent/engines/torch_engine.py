"""The default engine: PyTorch as it comes, with the settings that pay on one thread.

For the bundled 48x48 network, channels_last and folded batch norms take a fifth off the eager time. ``torch.compile``
comes to about the same, but needs a C++ compiler on the viewer's device and half a minute at the first start; bfloat16
is slower than float32 on a processor without a matrix unit, and its scores differ by more than engines may. Neither
is used. Figures: ``docs/engines.md``.
"""

from __future__ import annotations

import copy
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

_SAME_LOGITS = 1e-3
"""Folding changes the order of sums, so the last bits of the logits; never more than this."""


class Logits(nn.Module):
    """A classifier of transformers as a plain function of tensors, as converters and tracers want it."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixel_values: Tensor) -> Tensor:
        """Logits (n, labels) float32 of ``pixel_values`` (n, channels, height, width) float32."""
        logits: Tensor = self.network(pixel_values=pixel_values).logits
        return logits


class TorchEngine:
    """An ``Engine``."""

    def __init__(self, network: nn.Module, example: NDArray[np.float32]) -> None:
        """Make ``network`` ready; see ``choice.start_engine``."""
        with torch.no_grad():
            ready = fold_batch_norms(Logits(network).eval(), torch.from_numpy(example))
        self._network = ready.to(memory_format=torch.channels_last)

    def __call__(self, pixel_values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits (n, labels); see ``Engine``."""
        with torch.inference_mode():
            logits: NDArray[np.float32] = self._network(torch.from_numpy(pixel_values)).numpy()
        return logits


def fold_batch_norms(network: nn.Module, example: Tensor) -> nn.Module:
    """``network`` with every batch norm folded into the convolution before it; itself when there is none.

    Which convolution feeds which norm is seen by running ``example`` once, so any architecture will do.
    """
    pairs = _convolutions_and_norms(network, example)
    if not pairs:
        return network
    folded = copy.deepcopy(network)
    for convolution, norm in pairs:
        fused = fuse_conv_bn_eval(
            cast("nn.Conv2d", folded.get_submodule(convolution)),
            cast("nn.BatchNorm2d", folded.get_submodule(norm)),
        )
        folded.set_submodule(convolution, fused)
        folded.set_submodule(norm, nn.Identity())
    # A convolution whose output something else uses too must not be changed; then the logits differ.
    same = torch.allclose(folded(example), network(example), rtol=0, atol=_SAME_LOGITS)
    return folded if same else network


def _convolutions_and_norms(network: nn.Module, example: Tensor) -> list[tuple[str, str]]:
    """Names of each convolution and of the batch norm that takes its output, from one run."""
    outputs: list[tuple[str, Tensor]] = []
    pairs: list[tuple[str, str]] = []

    def watch(name: str, module: nn.Module) -> torch.utils.hooks.RemovableHandle:
        def see(_: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            if isinstance(module, nn.Conv2d):
                outputs.append((name, output))
            else:
                pairs.extend((source, name) for source, made in outputs if made is inputs[0])

        return module.register_forward_hook(see)

    watched = [
        watch(name, module)
        for name, module in network.named_modules()
        if isinstance(module, nn.Conv2d | nn.BatchNorm2d)
    ]
    network(example)
    for handle in watched:
        handle.remove()
    return pairs
