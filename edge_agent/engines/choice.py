"""From an engine's name to a network that runs on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import nn

from edge_agent.engines.port import ENGINES, Engine, EngineName
from edge_agent.errors import ModelError


def start_engine(name: EngineName, network: nn.Module, example: NDArray[np.float32]) -> Engine:
    """Make ``network``, a classifier of transformers, ready to run on as many threads as torch is set to.

    ``example``: (1, channels, height, width) float32, what the model's image processor makes of a picture.
    ``network`` is the engine's from now on. Raises ModelError when the engine is not installed, with what to
    install, or cannot run this network.
    """
    if name == "torch":
        from edge_agent.engines.torch_engine import TorchEngine

        return TorchEngine(network, example)
    if name == "openvino":
        from edge_agent.engines.openvino_engine import OpenVinoEngine

        return OpenVinoEngine(network, example)
    if name == "ipex":
        from edge_agent.engines.ipex_engine import IpexEngine

        return IpexEngine(network, example)
    raise ModelError(f"there is no engine {name}; choose one of {', '.join(ENGINES)}")
