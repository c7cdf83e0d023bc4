"""What a sampled frame costs: the agent's detector and classifier, against the plain pipeline on every frame."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count, islice
from pathlib import Path

import cv2
import numpy as np
import torch
from facenet_pytorch import MTCNN
from numpy.typing import NDArray
from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessor

from contract.emotions import EMOTIONS
from edge_agent.classifier import Classifier
from edge_agent.face_tracker import TrackingFinder
from edge_agent.faces import crop
from edge_agent.mtcnn import MtcnnFinder
from edge_agent.training.data import PUBLIC_TEST, load_face_set
from edge_agent.upright import Upright
from edge_agent.viewers import Viewers
from tests.bench.accuracy import FACES
from tests.bench.figures import Figure, at_most, cpu_ms
from tests.bench.footage import HEAD_POSE, viewer_pictures

_RATIO, _FACE_MS = 1 / 30, 6.0
_RATE_HZ = 4.0
_PLAIN_FRAMES = 16
_OURS_FRAMES = 30
"""For one of the plain pipeline's, in turn, so that both see the machine at the same speed. Two minutes in all: a
search of the whole picture is rare, and must count by its share."""
_WARM_UP = 8
_FACE_PX = 120
"""Side of the face that is scored alone: a viewer at a laptop."""

Look = Callable[[NDArray[np.uint8]], int]
"""Detects and scores the faces of one picture; how many there were."""


def pipelines(shared: Path) -> list[Figure]:
    """CPU time a sampled frame at 640x480 with one viewer, the ratio, and one face alone."""
    figures = []
    for name in HEAD_POSE:
        ours, plain = _frame_ms(shared / "media" / name)
        clip = name.removesuffix(".gif").rpartition("-")[2]
        figures.append(
            at_most(
                f"CPU time a sampled frame, of the plain pipeline's, {clip} clip",
                ours / plain,
                _RATIO,
                note=f"1/{plain / ours:.0f}: {ours:.1f} ms against {plain:.0f} ms",
            )
        )
    return [*figures, _one_face(shared)]


def _frame_ms(clip: Path) -> tuple[float, float]:
    """Mean CPU time of the agent and of the plain pipeline, milliseconds a picture of ``clip``."""
    ours, plain = _Timed(_agents(), clip), _Timed(_plain(), clip)
    for _ in range(_PLAIN_FRAMES):
        ours.go_on(_OURS_FRAMES)
        plain.go_on(1)
    return ours.mean_ms(), plain.mean_ms()


class _Timed:
    """One pipeline on pictures that follow one another at the agent's rate."""

    def __init__(self, look: Look, clip: Path) -> None:
        self._look = look
        self._clip = clip
        self._pictures = viewer_pictures(clip, _RATE_HZ)
        self._spent_s, self._frames, self._faces = 0.0, 0, 0
        for picture in islice(self._pictures, _WARM_UP):
            look(picture)

    def go_on(self, frames: int) -> None:
        for picture in islice(self._pictures, frames):
            begun = time.process_time()
            self._faces += self._look(picture)
            self._spent_s += time.process_time() - begun
            self._frames += 1

    def mean_ms(self) -> float:
        if self._faces < self._frames:
            raise RuntimeError(
                f"{self._clip.name}: a face in only {self._faces} of {self._frames} pictures; "
                "the comparison is void"
            )
        return self._spent_s * 1000 / self._frames


def _agents() -> Look:
    """As ``wiring.open_and_run`` puts it together."""
    detector = MtcnnFinder()
    finder = TrackingFinder(detector, rate_hz=_RATE_HZ)
    viewers = Viewers(finder, Classifier.load("bundled"), Upright(detector))
    instants_ms = count(step=round(1000 / _RATE_HZ))

    def look(picture: NDArray[np.uint8]) -> int:
        return len(viewers.look(picture, next(instants_ms)))

    return look


def _plain() -> Look:
    """facenet-pytorch and transformers as their first examples use them, on one thread."""
    mtcnn = MTCNN(keep_all=True)
    processor = ViTImageProcessor()
    vit = ViTForImageClassification(
        ViTConfig(id2label=dict(enumerate(EMOTIONS)))
    ).eval()  # ViT-B/16, untrained

    def look(picture: NDArray[np.uint8]) -> int:
        with torch.inference_mode():
            boxes, _ = mtcnn.detect(picture)
            if boxes is None:
                return 0
            crops = [crop(picture, box, 0.0) for box in boxes.astype(np.float32)]
            return len(vit(**processor(images=crops, return_tensors="pt")).logits)

    return look


def _one_face(shared: Path) -> Figure:
    grey = load_face_set(shared / FACES).of_split(PUBLIC_TEST).images[0]
    face = cv2.cvtColor(cv2.resize(grey, (_FACE_PX, _FACE_PX)), cv2.COLOR_GRAY2RGB).astype(np.uint8)
    classifier = Classifier.load("bundled")
    return at_most(
        "one face through the classifier, one thread",
        cpu_ms(lambda: classifier.scores([face])),
        _FACE_MS,
        "{:.2f} ms",
        f"{_FACE_PX}x{_FACE_PX} pixels, preprocessing included",
    )
