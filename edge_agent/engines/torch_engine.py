"""The default engine: PyTorch as it comes, with the settings that pay on one thread.

For the bundled 48x48 network, channels_last, folded batch norms and a frozen trace take a third off the eager time.
``torch.compile`` needs a C++ compiler on the viewer's device and half a minute at the first start; bfloat16 is slower
than float32 on a processor without a matrix unit, and its scores differ by more than engines may. Neither is used.
Figures: ``docs/engines.md``.
"""

from __future__ import annotations

import copy
import warnings
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

_SAME_LOGITS = 1e-3
"""Folding and freezing change the order of sums, so the last bits of the logits; never more than this."""


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
        picture = torch.from_numpy(example)
        with torch.inference_mode():
            folded = fold_batch_norms(Logits(network).eval(), picture)
            self._network = frozen(folded.to(memory_format=torch.channels_last), picture)

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


def frozen(network: nn.Module, example: Tensor) -> nn.Module:
    """``network`` without Python between its operations; itself when it cannot be had so.

    Traced with two pictures, and held against one and three: a network may do something else for another number.
    """
    with warnings.catch_warnings():
        # TorchScript is deprecated, without a successor that needs no compiler on the viewer's device.
        warnings.simplefilter("ignore")
        try:
            traced = torch.jit.freeze(torch.jit.trace(network, example.repeat(2, 1, 1, 1), check_trace=False))
            batches = [example.repeat(count, 1, 1, 1) for count in (1, 3)]
            same = all(
                torch.allclose(traced(batch), network(batch), rtol=0, atol=_SAME_LOGITS) for batch in batches
            )
        except RuntimeError:  # what the tracer cannot follow, or another number of pictures breaks
            return network
    return cast("nn.Module", traced) if same else network


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
