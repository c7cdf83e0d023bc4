"""Intel Extension for PyTorch, in an environment of its own: docs/decisions/0003."""

from __future__ import annotations

import importlib
import warnings
from types import ModuleType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from edge_agent.engines.torch_engine import Logits
from edge_agent.errors import ModelError

_TORCH = "2.8."
"""The only PyTorch that the last release, 2.8.0, works with."""
_RUNS_UNTIL_FUSED = 2  # the first of a traced network records shapes, the second fuses


class IpexEngine:
    """An ``Engine``."""

    def __init__(self, network: nn.Module, example: NDArray[np.float32]) -> None:
        """Make ``network`` ready; see ``choice.start_engine``. Raises ModelError."""
        ipex = _load_ipex()
        sample = torch.from_numpy(example).contiguous(memory_format=torch.channels_last)
        plain = Logits(network).eval().to(memory_format=torch.channels_last)
        with torch.no_grad(), warnings.catch_warnings():
            # Tracing is deprecated in PyTorch since; in 2.8 it is what the extension is documented with, and
            # fuses what it leaves apart: 2.7 instead of 4.2 ms a face.
            warnings.simplefilter("ignore")
            try:
                # Without a sample, convolutions get a layout that is 15 times slower than none at all.
                ready = ipex.optimize(plain, sample_input=sample)
                self._network = torch.jit.freeze(torch.jit.trace(ready, sample, strict=False))
                for _ in range(_RUNS_UNTIL_FUSED):
                    self._network(sample)
            except Exception as error:  # whatever the network itself, the tracer and the extension raise
                reason = (str(error).strip() or type(error).__name__).splitlines()[0]
                raise ModelError(
                    f"Intel's extension cannot run this model: {reason}; use --engine torch"
                ) from error

    def __call__(self, pixel_values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits (n, labels); see ``Engine``."""
        with torch.no_grad():
            pixels = torch.from_numpy(pixel_values).contiguous(memory_format=torch.channels_last)
            logits: NDArray[np.float32] = self._network(pixels).numpy()
        return logits


def _load_ipex() -> ModuleType:
    needs = (
        "--engine ipex needs intel-extension-for-pytorch 2.8 with PyTorch 2.8, in an environment of its own: "
        "pip install -c constraints-intel.txt 'houselights[intel]'"
    )
    # The extension ends the whole process when it meets another PyTorch, so that is looked at first.
    if not torch.__version__.startswith(_TORCH):
        raise ModelError(f"{needs}; here is PyTorch {torch.__version__}. Or use --engine torch")
    try:
        return importlib.import_module("intel_extension_for_pytorch")
    except ImportError as error:
        raise ModelError(f"{needs}. Or use --engine torch") from error
