"""Measure a classifier on labelled faces, through the same code that scores viewers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from edge_agent.errors import DatasetError
from edge_agent.ports import EmotionClassifier
from edge_agent.training.data import FaceSet
from edge_agent.training.metrics import Metrics, measure

_BATCH = 64


def evaluate(
    faces: FaceSet, classifier: EmotionClassifier, progress: Callable[[int, int], None] = lambda *_: None
) -> Metrics:
    """Figures of ``classifier`` on ``faces``, one crop a face. Raises DatasetError when there are no faces."""
    if not len(faces):
        raise DatasetError("there are no faces in that split; 0 is Training, 1 PublicTest, 2 PrivateTest")
    parts = []
    for start in range(0, len(faces), _BATCH):
        batch = faces.images[start : start + _BATCH]
        parts.append(classifier.scores([np.repeat(face[:, :, None], 3, axis=2) for face in batch]))
        progress(min(start + _BATCH, len(faces)), len(faces))
    return measure(faces.labels, np.concatenate(parts))
