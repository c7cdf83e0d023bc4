"""Real faces, and what transformers by itself makes of them: what every engine is held against."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from edge_agent.classifier import load_pretrained
from edge_agent.labels import emotion_columns
from edge_agent.training.data import PUBLIC_TEST, load_face_set

SAME = 0.01
"""How far apart the scores of two engines may be."""


def real_faces(shared: Path) -> list[NDArray[np.uint8]]:
    """The first 48 faces of FER2013's PublicTest, (48, 48, 3) uint8, and two of them at other sizes."""
    grey = load_face_set(shared / "data" / "fer2013plus-train.npz").of_split(PUBLIC_TEST).images[:48]
    colour = [np.repeat(face[:, :, None], 3, axis=2) for face in grey]
    larger = np.repeat(np.repeat(colour[0], 3, axis=0), 3, axis=1)
    return [*colour, larger, colour[1][4:40, 4:40]]


def eager_scores(model: str, crops: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
    """Shares (n, 7) float32 in the order of EMOTIONS, without any engine."""
    pretrained = load_pretrained(model)
    pixels = pretrained.processor(images=crops, return_tensors="pt", input_data_format="channels_last")
    columns = emotion_columns(pretrained.network.config.id2label)
    with torch.inference_mode():
        shares: NDArray[np.float32] = (
            pretrained.network.eval()(**pixels).logits[:, columns].softmax(1).numpy()
        )
    return shares
