"""What a training reports after each epoch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EpochReport:
    """One epoch: mean training loss, and PublicTest accuracy of the plain or averaged weights, whichever did better."""

    epoch: int
    loss: float
    public_test_accuracy: float
    best: bool
