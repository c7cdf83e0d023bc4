"""The labelled face set: FER2013 labels joined with FER+ votes, near-duplicates dropped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edge_agent.errors import DatasetError

TRAINING, PUBLIC_TEST = 0, 1
NEAR_DUPLICATE_CORRELATION = 0.985
"""Faces shrunk to 16x16 that correlate above this count as one picture. Chosen where the number of repeats in
FER2013's Training split stops falling: 2,377 at 0.97, 1,903 at 0.985, 1,734 at 0.99, 1,616 at 0.995."""

_ARRAYS = {
    "images": (np.uint8, 3),
    "fer2013_label": (np.uint8, 1),
    "ferplus_votes": (np.uint8, 2),
    "split": (np.uint8, 1),
}


@dataclass(frozen=True)
class FaceSet:
    """Labelled faces.

    images: (n, 48, 48) uint8 grey. labels: (n,) uint8 in the order of EMOTIONS.
    votes: (n, 10) uint8, FER+ taggers in FER+ order (eight emotions, unknown, not a face).
    split: (n,) uint8, 0 Training, 1 PublicTest, 2 PrivateTest.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    votes: NDArray[np.uint8]
    split: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, keep: NDArray[np.bool_] | NDArray[np.intp]) -> FaceSet:
        """The faces that ``keep`` (a mask or positions) names, in that order."""
        return replace(
            self,
            images=self.images[keep],
            labels=self.labels[keep],
            votes=self.votes[keep],
            split=self.split[keep],
        )

    def of_split(self, split: int) -> FaceSet:
        """The faces of one split."""
        return self.take(self.split == split)


def load_face_set(path: Path) -> FaceSet:
    """Read an ``.npz`` with the arrays images, fer2013_label, ferplus_votes and split.

    Raises DatasetError when the file is missing, is no such archive, or an array is missing or misshaped.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in _ARRAYS if name in archive}
    except FileNotFoundError as error:
        raise DatasetError(f"no data set at {path}; give the .npz file with --data") from error
    except (OSError, ValueError, EOFError) as error:
        raise DatasetError(f"{path} is not a readable .npz archive ({error})") from error
    missing = [name for name in _ARRAYS if name not in arrays]
    if missing:
        raise DatasetError(f"{path} lacks the arrays {', '.join(missing)}; expected {', '.join(_ARRAYS)}")
    n = len(arrays["images"])
    for name, (dtype, axes) in _ARRAYS.items():
        array = arrays[name]
        if array.dtype != dtype or array.ndim != axes or len(array) != n:
            raise DatasetError(
                f"{path}: {name} is {array.dtype} {array.shape}; expected uint8 with {axes} axes and {n} rows"
            )
    return FaceSet(arrays["images"], arrays["fer2013_label"], arrays["ferplus_votes"], arrays["split"])


def near_duplicates(
    faces: FaceSet, against: FaceSet | None = None, *, block: int = 2048
) -> NDArray[np.bool_]:
    """Mask (n,) of the faces that repeat an earlier face of the set, or any face of ``against``."""
    features = _signature(faces.images)
    repeated = np.zeros(len(faces), dtype=np.bool_)
    other = _signature(against.images) if against is not None else None
    for start in range(0, len(faces), block):
        rows = features[start : start + block]
        stop = start + len(rows)
        earlier = rows @ features[:stop].T > NEAR_DUPLICATE_CORRELATION
        positions = np.arange(start, stop)
        earlier &= np.arange(stop)[None, :] < positions[:, None]
        repeated[start:stop] = earlier.any(1)
        if other is not None:
            repeated[start:stop] |= (rows @ other.T > NEAR_DUPLICATE_CORRELATION).any(1)
    return repeated


def _signature(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, 256) float32: 3x3 means of each 48x48 face, centred, of unit length; their products are correlations."""
    n, height, width = images.shape
    small = images[:, : height // 3 * 3, : width // 3 * 3].astype(np.float32)
    small = small.reshape(n, height // 3, 3, width // 3, 3).mean((2, 4)).reshape(n, -1)
    small -= small.mean(1, keepdims=True)
    unit: NDArray[np.float32] = small / np.maximum(np.linalg.norm(small, axis=1, keepdims=True), 1e-6)
    return unit
