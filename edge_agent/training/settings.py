"""The choices of a training run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainSettings:
    """Recorded beside the weights, in ``training.json``."""

    epochs: int = 18
    batch_size: int = 128
    peak_rate: float = 0.03
    """Of Muon, which moves the convolutions; a step changes each by about this share of its largest singular value."""
    weight_decay: float = 0.02
    """Of Muon."""
    other_peak_rate: float = 0.1
    """Of SGD with momentum, which moves all the rest."""
    other_weight_decay: float = 5e-4
    warm_up: float = 0.1
    """Share of the steps in which the rates rise to their peak; from there they fall in a straight line to 0."""
    label_smoothing: float = 0.1
    mixup: float = 0.2
    """Alpha of the Beta distribution of mixing shares (Zhang et al. 2018); 0 mixes nothing."""
    average_decay: float = 0.998
    low_resolution: int = 40
    """Side in pixels of the faces in the early epochs, which then cost about two thirds."""
    low_resolution_share: float = 0.8
    """Share of the epochs, from the first, at low resolution."""
    wider: float = 1.0
    """Channels of the network, in times of the bundled one's: a teacher may be larger than what is shipped."""
    teacher_share: float = 0.7
    """Share of the loss that asks for what the teachers say (Hinton et al. 2015), where there are any; the rest asks
    for the labels and votes."""
    compiled: bool = False
    """Compile the network for training: about a third faster, and needs a C++ compiler."""
    seed: int = 20261120
