"""What an engine is: one library, with a network ready to run. Adapters: the modules called ``*_engine``."""

from __future__ import annotations

from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

EngineName = Literal["torch", "openvino", "ipex"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)


class Engine(Protocol):
    """Runs one network. Every engine gives the same scores to within 0.01 (``docs/engines.md``)."""

    def __call__(self, pixel_values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits (n, labels) float32 of ``pixel_values`` (n, channels, height, width) float32.

        n is 1 or more; the values are scaled as the model's own image processor scales them. The result is
        the caller's: no later call changes it.
        """
        ...
