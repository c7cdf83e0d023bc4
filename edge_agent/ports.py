"""What a session needs of a classifier and of a publisher. Adapters: ``classifier``, ``publisher``.

The other two protocols stand beside their own words: ``sources.FrameSource`` and ``faces.FaceFinder``.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from edge_agent.errors import PublishError


class EmotionClassifier(Protocol):
    """Scores face crops."""

    @property
    def model_id(self) -> str:
        """Names the model in a session's start message, and tells nothing about the device."""
        ...

    def scores(self, crops: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Shares (n, 7) float32, rows sum to 1, in the order of EMOTIONS, of crops (h, w, 3) uint8 RGB."""
        ...


class Publisher(Protocol):
    """Empties an outbox into a broker."""

    def start(self) -> None:
        """Begin in the background."""
        ...

    def wake(self) -> None:
        """There is something new in the outbox."""
        ...

    def finish(self) -> PublishError | None:
        """Wait a bounded time for an empty outbox, then stop; why it is not empty, or None when it is."""
        ...
