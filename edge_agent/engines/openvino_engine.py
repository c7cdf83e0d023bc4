"""OpenVINO: the bundled network in little more than half of PyTorch's time, for seconds more at the start.

OpenVINO installs a package beside itself, openvino-telemetry, that reports to Google Analytics whenever
``openvino`` is imported, unless a file in the home directory forbids it; its own opt-out command reports as well.
Nothing may leave a viewer's device but the contract's messages, so the package is made unimportable in this process
before OpenVINO is loaded. OpenVINO then uses the empty stand-in that it keeps for exactly that case.
"""

from __future__ import annotations

import importlib
import logging
import sys
from types import ModuleType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from edge_agent.engines.torch_engine import Logits
from edge_agent.errors import ModelError

_TELEMETRY = "openvino_telemetry"


class OpenVinoEngine:
    """An ``Engine``."""

    def __init__(self, network: nn.Module, example: NDArray[np.float32]) -> None:
        """Convert ``network`` in memory; see ``choice.start_engine``. Raises ModelError."""
        openvino = load_openvino()
        root = logging.getLogger()
        level, handlers = root.level, root.handlers[:]
        try:
            # Of two pictures, since a batch of one would be taken for a constant. dynamo: through torch.export;
            # the other way, torch.jit, is deprecated.
            model = openvino.convert_model(
                Logits(network).eval(),
                example_input=torch.from_numpy(np.repeat(example, 2, axis=0)),
                input=[-1, *example.shape[1:]],
                dynamo=True,
            )
            self._compiled = openvino.Core().compile_model(
                model,
                "CPU",
                {
                    "PERFORMANCE_HINT": "LATENCY",
                    "INFERENCE_NUM_THREADS": torch.get_num_threads(),
                    "INFERENCE_PRECISION_HINT": "f32",  # else bfloat16 where the processor has it: other scores
                    "ENABLE_CPU_PINNING": False,  # the film's player takes whichever core it wants
                },
            )
        except Exception as error:  # whatever torch.export, the converter and the CPU plugin raise
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise ModelError(f"OpenVINO cannot run this model: {reason}; use --engine torch") from error
        finally:
            # The converter takes the root logger for its own, and nobody's warnings would be seen any more.
            root.setLevel(level)
            root.handlers[:] = handlers

    def __call__(self, pixel_values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits (n, labels); see ``Engine``."""
        logits: NDArray[np.float32] = self._compiled([pixel_values], share_outputs=False)[0]
        return logits


def load_openvino() -> ModuleType:
    """OpenVINO with its telemetry switched off. Raises ModelError when it is missing or was loaded otherwise."""
    if sys.modules.get(_TELEMETRY) is not None:
        raise ModelError(
            "OpenVINO was loaded before the agent could switch off its telemetry; "
            "start the agent by itself, or use --engine torch"
        )
    sys.modules[_TELEMETRY] = None  # type: ignore[assignment]  # what Python takes for "cannot be imported"
    try:
        return importlib.import_module("openvino")
    except ImportError as error:
        raise ModelError(
            "--engine openvino needs OpenVINO, which is not installed here; "
            "pip install 'houselights[openvino]', or use --engine torch"
        ) from error
