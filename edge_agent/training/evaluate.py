"""Measure a classifier on labelled faces, through the same code that scores viewers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_agent.errors import DatasetError
from edge_agent.network import VOTE_LABELS
from edge_agent.ports import EmotionClassifier
from edge_agent.training.data import FaceSet
from edge_agent.training.metrics import (
    ConfidenceBin,
    Metrics,
    accuracy_interval,
    best_temperature,
    expected_calibration_error,
    measure,
    reliability,
    strict_majority,
    tempered,
)
from edge_agent.training.opened import Crops, OpenedNetwork, Progress, grey_crops

FACE_SIZES_PX = (8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48)
"""Sides of the square that holds the face; FER2013's own is 48."""
LEAST_KEPT = 0.95
"""Of the accuracy at full size, for a size that is still worth scoring. The curve falls smoothly, so any line across it
is a convention; the whole curve is printed beside it."""


@dataclass(frozen=True)
class Calibration:
    """How far confidence is from accuracy, with logits undivided and divided by the temperature."""

    temperature: float
    temperature_from: str
    """``model`` when its config carries one; ``these faces`` when it was fitted here, and so flatters."""
    ece_before: float
    ece_after: float
    before: list[ConfidenceBin]
    after: list[ConfidenceBin]


@dataclass(frozen=True)
class VoteAgreement:
    """The vote head in FER+'s eight classes, on the faces that ``metrics.strict_majority`` keeps."""

    classes: tuple[str, ...]
    single: Metrics
    flipped: Metrics


@dataclass(frozen=True)
class SizeFigures:
    """Faces shrunk to a square of ``px`` by area; the classifier's own processor enlarges them again."""

    px: int
    n: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    macro_f1: float
    ece: float
    confidence: float
    """Mean of the highest share."""


@dataclass(frozen=True)
class Evaluation:
    """Everything measured on one set of faces; ``flipped`` scores the mean of a face and its mirror image."""

    single: Metrics
    flipped: Metrics
    calibration: Calibration
    votes: VoteAgreement | None
    """None for a network without a vote head, or a set in which no face has a majority."""
    by_face_size: tuple[SizeFigures, ...]
    """Smallest first; empty when it was not asked for."""

    @property
    def smallest_face_px(self) -> int | None:
        """Smallest face worth scoring: it and every larger one keep LEAST_KEPT of the accuracy. None: not measured."""
        chosen = None
        for size in reversed(self.by_face_size):
            if size.accuracy < self.single.accuracy * LEAST_KEPT:
                break
            chosen = size.px
        return chosen

    def as_json(self) -> dict[str, Any]:
        """Plain data; the single-crop figures stand at the top level."""
        votes = self.votes
        return {
            **_with_interval(self.single),
            "flipped": _with_interval(self.flipped),
            "calibration": asdict(self.calibration),
            "ferplus_majority": votes
            and {
                "definition": "faces where more than half of all ten votes go to one of the eight emotions",
                "classes": list(votes.classes),
                **_with_interval(votes.single),
                "flipped": _with_interval(votes.flipped),
            },
            "by_face_size": [asdict(size) for size in self.by_face_size] or None,
            "smallest_face_px": self.smallest_face_px,
            "smallest_face_rule": f"it and all larger keep {LEAST_KEPT:.0%} of the accuracy at full size",
        }


def evaluate(
    faces: FaceSet,
    classifier: EmotionClassifier,
    network: OpenedNetwork,
    *,
    by_face_size: bool = False,
    progress: Progress = lambda *_: None,
) -> Evaluation:
    """Measure ``classifier``, whose opened network is ``network``, on ``faces``. Raises DatasetError for none.

    ``progress`` counts faces scored; there are several passes, with ``by_face_size`` three times as many.
    """
    if not len(faces):
        raise DatasetError("there are no faces in that split; 0 is Training, 1 PublicTest, 2 PrivateTest")
    agreed, voted = strict_majority(faces.votes)
    has_votes = network.has_vote_head and bool(agreed.any())
    smaller = FACE_SIZES_PX[:-1] if by_face_size else ()
    steps = _Steps(len(faces) * (2 + len(smaller)) + 2 * int(agreed.sum()) * has_votes, progress)

    single = steps.scored(classifier.scores, faces.images)
    flipped = (single + steps.scored(classifier.scores, _mirrored(faces.images))) / 2
    sizes = []
    for side_px in smaller:
        small = np.stack(
            [cv2.resize(image, (side_px, side_px), None, 0, 0, cv2.INTER_AREA) for image in faces.images]
        )
        sizes.append(_size_figures(side_px, faces.labels, steps.scored(classifier.scores, small)))
    if by_face_size:
        sizes.append(_size_figures(FACE_SIZES_PX[-1], faces.labels, single))
    return Evaluation(
        measure(faces.labels, single),
        measure(faces.labels, flipped),
        _calibration(faces.labels, single, network.temperature),
        _votes(faces.take(agreed), voted[agreed], network, steps) if has_votes else None,
        tuple(sizes),
    )


class _Steps:
    """Runs faces through a network in batches and counts them."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def scored(
        self, scores: Callable[[Crops], NDArray[np.float32]], images: NDArray[np.uint8]
    ) -> NDArray[np.float32]:
        parts = []
        for crops in grey_crops(images):
            parts.append(scores(crops))
            self._done += len(crops)
            self._progress(self._done, self._total)
        return np.concatenate(parts)


def _mirrored(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return images[:, :, ::-1]


def _size_figures(side_px: int, labels: NDArray[np.uint8], shares: NDArray[np.float32]) -> SizeFigures:
    metrics = measure(labels, shares)
    return SizeFigures(
        px=side_px,
        n=metrics.n,
        accuracy=metrics.accuracy,
        accuracy_interval=accuracy_interval(metrics),
        macro_f1=metrics.macro_f1,
        ece=metrics.ece,
        confidence=float(shares.max(1).mean(dtype=np.float64)),
    )


def _calibration(
    labels: NDArray[np.uint8], shares: NDArray[np.float32], temperature: float | None
) -> Calibration:
    known = temperature is not None
    if temperature is not None:
        before, after = tempered(shares, 1 / temperature), shares.astype(np.float64)
    else:
        temperature = best_temperature(labels, np.log(np.maximum(shares, np.finfo(np.float32).tiny)))
        before, after = shares.astype(np.float64), tempered(shares, temperature)
    return Calibration(
        temperature=temperature,
        temperature_from="model" if known else "these faces",
        ece_before=expected_calibration_error(labels, before),
        ece_after=expected_calibration_error(labels, after),
        before=reliability(labels, before),
        after=reliability(labels, after),
    )


def _votes(faces: FaceSet, voted: NDArray[np.intp], network: OpenedNetwork, steps: _Steps) -> VoteAgreement:
    single = steps.scored(network.vote_shares, faces.images)
    flipped = (single + steps.scored(network.vote_shares, _mirrored(faces.images))) / 2
    return VoteAgreement(
        VOTE_LABELS, measure(voted, single, VOTE_LABELS), measure(voted, flipped, VOTE_LABELS)
    )


def _with_interval(metrics: Metrics) -> dict[str, Any]:
    return asdict(metrics) | {"accuracy_interval": accuracy_interval(metrics)}
