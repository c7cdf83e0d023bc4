"""Which parts of a face spoke for which emotion.

The method is occlusion (Zeiler and Fergus 2014), by Captum: the detail in a small window is blurred away, the network
looks again, and what an emotion loses by that is what the window had said for it. Of six methods it did best on four
checks together: the places it ranks highest matter, those it ranks lowest speak against, few places suffice, and a
network with random weights gives another map (table and command: docs/model-lab.md). It needs no gradient and no
particular layer, so any network will do, and the same face gives the same map.

Nothing is sent anywhere: the picture is read, searched and explained in this process.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np
import torch
from captum.attr import Occlusion
from numpy.typing import NDArray
from torch import Tensor

from contract.emotions import EMOTIONS
from edge_agent.boxes import squared
from edge_agent.errors import ModelError
from edge_agent.faces import CROP_MARGIN, Face, crop
from edge_agent.training.opened import OpenedNetwork
from edge_agent.training.regions import RegionShare, region_masks, region_shares

_WINDOW_SHARE = 1 / 6  # of the input's side: 8 of 48 pixels, about an eye
_STEPS_PER_WINDOW = 2
_BLUR_SHARE = 1 / 6
"""Standard deviation of the blur, of the crop's side: light and skin tone stay, features go. A flat grey window would
be a feature of its own."""
_WINDOWS_AT_ONCE = 16


@dataclass(frozen=True, eq=False)
class Explanation:
    """One face, and what each place in it said.

    scores: (7,) float32, shares that sum to 1. crop: (side, side, 3) uint8 RGB, what the network was shown.
    landmarks: (5, 2) float32, pixels of ``crop``.
    maps: (7, h, h) float32 on the network's own input grid, in logits: how much the emotion loses against the mean
    of all seven when the detail there is blurred away. Positive speaks for it, negative against. The grid is taken to
    cover the crop, as it does for every image processor that resizes and cuts nothing off.
    """

    scores: NDArray[np.float32]
    maps: NDArray[np.float32]
    crop: NDArray[np.uint8]
    landmarks: NDArray[np.float32]
    regions: dict[str, dict[str, RegionShare]]
    """By emotion, then by region (``regions.REGIONS``)."""

    @property
    def top(self) -> str:
        """The emotion with the highest share."""
        return EMOTIONS[int(self.scores.argmax())]

    def as_json(self) -> dict[str, Any]:
        """Plain data, without the maps and the face."""
        return {
            "emotion": self.top,
            "scores": {name: float(score) for name, score in zip(EMOTIONS, self.scores, strict=True)},
            "regions": {
                emotion: {name: asdict(share) | {"density": share.density} for name, share in shares.items()}
                for emotion, shares in self.regions.items()
            },
        }


def explain(network: OpenedNetwork, image: NDArray[np.uint8], face: Face) -> Explanation:
    """Explain the scores of one ``face`` of ``image`` (height, width, 3) uint8 RGB."""
    shown = crop(image, face.box)
    side = len(shown)
    corner = np.round(squared(face.box[None], 1 + CROP_MARGIN)[0, :2])  # where ``crop`` cuts
    landmarks = (face.landmarks - corner).astype(np.float32)
    maps = attribute(network, shown)
    masks = region_masks(landmarks * (maps.shape[2] / side), maps.shape[2])
    with torch.inference_mode():
        scores = network.logits(network.pixel_values([shown])).softmax(1)[0].numpy()
    return Explanation(
        scores=scores,
        maps=maps,
        crop=shown,
        landmarks=landmarks,
        regions={
            emotion: region_shares(values, masks) for emotion, values in zip(EMOTIONS, maps, strict=True)
        },
    )


def attribute(network: OpenedNetwork, face: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Maps (7, h, h) float32 of a ``face`` (side, side, 3) uint8 RGB; see ``Explanation.maps``.

    Raises ModelError for a network whose input is not square: the maps could not be laid over the face.
    """
    pixels = network.pixel_values([face])
    channels, height, width = pixels.shape[1:]
    if height != width:
        raise ModelError(f"explain needs a model with a square input; this one's is {width}x{height} pixels")
    window = max(1, round(height * _WINDOW_SHARE))
    step = max(1, window // _STEPS_PER_WINDOW)

    def against_the_mean(pixel_values: Tensor) -> Tensor:
        logits = network.logits(pixel_values)
        return logits - logits.mean(1, keepdim=True)

    with torch.inference_mode():
        found: Any = Occlusion(against_the_mean).attribute(
            pixels,
            sliding_window_shapes=(channels, window, window),
            strides=(channels, step, step),
            baselines=network.pixel_values([blurred(face)]),
            perturbations_per_eval=_WINDOWS_AT_ONCE,
        )
    # Captum gives each channel of a window the window's whole effect.
    maps: NDArray[np.float32] = found.mean(1).float().numpy()
    return maps


def blurred(face: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """``face`` (side, side, 3) without its features."""
    return np.asarray(cv2.GaussianBlur(face, (0, 0), max(0.5, len(face) * _BLUR_SHARE)), np.uint8)
