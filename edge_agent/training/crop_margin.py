"""Which crop suits the classifier: its accuracy by crop margin, and by how much of a face the picture's edge cuts off.

    python -m edge_agent.training.crop_margin --data faces.npz

Labelled faces (48x48) are enlarged, set into a larger picture that carries on their own edges, blurred, and found
there by the agent's detector; the box, cropped with each margin by the agent's own code, goes to the classifier. Run it
again for new weights: ``faces.CROP_MARGIN`` and ``faces.LEAST_INSIDE`` come from it.

What this cannot tell: a crop beyond the labelled square shows made-up surroundings, which the table gives as a share;
and who is not found does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray

from edge_agent.boxes import Box, longer_side, overlap, share_inside, square_cut, squared
from edge_agent.face_tracker import FaceDetector
from edge_agent.faces import crop
from edge_agent.ports import EmotionClassifier
from edge_agent.training.data import PUBLIC_TEST, FaceSet, load_face_set

MARGINS = (-0.3, -0.25, -0.2, -0.15, -0.1, -0.05, 0.0, 0.05, 0.1, 0.2, 0.3)
CUTS = (0.0, 0.1, 0.15, 0.2, 0.3, 0.4)
"""Shares of the face's box beyond the picture's edge."""
_SIDES_PX = (160, 200)
_BATCH = 64


@dataclass(frozen=True, eq=False)
class PlacedFace:
    """A labelled face as a camera might show it, and where the detector found it.

    picture: (height, width) uint8, grey. square: (4,) where the labelled face was set; box: (4,) what was found.
    """

    picture: NDArray[np.uint8]
    square: Box
    box: Box
    label: int


def place(face: NDArray[np.uint8], side_px: int) -> tuple[NDArray[np.uint8], Box]:
    """``face`` (48, 48) uint8 grey at ``side_px``, in a grey picture of about twice that; and its square there."""
    large = cv2.resize(face, (side_px, side_px), interpolation=cv2.INTER_CUBIC)
    edge = side_px // 2
    around = cv2.copyMakeBorder(large, edge, edge, edge, edge, cv2.BORDER_REPLICATE)
    around = cv2.GaussianBlur(around, (0, 0), side_px / 8)
    around[edge : edge + side_px, edge : edge + side_px] = large
    square = np.array([edge, edge, edge + side_px, edge + side_px], np.float32)
    return np.asarray(around, np.uint8), square


def found_faces(faces: FaceSet, detector: FaceDetector, seed: int = 0) -> Iterator[PlacedFace]:
    """The faces that ``detector`` finds where they were set, each at a random size of 160 to 200 pixels."""
    random = np.random.default_rng(seed)
    for face, label in zip(faces.images, faces.labels, strict=True):
        side_px = int(random.integers(_SIDES_PX[0], _SIDES_PX[1] + 1))
        picture, square = place(face, side_px)
        boxes = [found.box for found in detector.search(_rgb(picture), side_px // 3)]
        boxes = [box for box in boxes if overlap(box, square) > 0.5]  # not something in the blur
        if boxes:
            yield PlacedFace(picture, square, max(boxes, key=longer_side), int(label))


def accuracy_by_margin(
    placed: Sequence[PlacedFace], classifier: EmotionClassifier, margins: Sequence[float] = MARGINS
) -> list[tuple[float, float, float]]:
    """(margin, accuracy, share of the crop that is made up) for each of ``margins``."""
    rows = []
    for margin in margins:
        made_up = [1 - _share_within(squared(face.box[None], 1 + margin)[0], face.square) for face in placed]
        crops = [crop(face.picture, face.box, margin) for face in placed]
        rows.append((margin, _accuracy(crops, placed, classifier), float(np.mean(made_up))))
    return rows


def accuracy_by_cut(
    placed: Sequence[PlacedFace], classifier: EmotionClassifier, cuts: Sequence[float] = CUTS
) -> list[tuple[float, dict[str, float]]]:
    """(share cut off, accuracy by the edge that cuts) for faces whose box reaches past that edge of the picture."""
    rows = []
    for cut in cuts:
        by_edge = {
            edge: _accuracy([_cut_crop(face, edge, cut) for face in placed], placed, classifier)
            for edge in ("left", "top", "bottom")
        }
        rows.append((cut, by_edge))
    return rows


def _cut_crop(face: PlacedFace, edge: str, cut: float) -> NDArray[np.uint8]:
    """The crop of a face of whose box the picture's ``edge`` cuts off the share ``cut``."""
    left, top, right, bottom = (float(corner) for corner in face.box)
    if edge == "left":
        start = round(left + cut * (right - left))
        return crop(face.picture[:, start:], face.box - np.array([start, 0, start, 0], np.float32))
    if edge == "top":
        start = round(top + cut * (bottom - top))
        return crop(face.picture[start:], face.box - np.array([0, start, 0, start], np.float32))
    return crop(face.picture[: round(bottom - cut * (bottom - top))], face.box)


def _accuracy(
    crops: Sequence[NDArray[np.uint8]], placed: Sequence[PlacedFace], classifier: EmotionClassifier
) -> float:
    """Of the classifier on grey ``crops`` (side, side)."""
    right = 0
    for at in range(0, len(crops), _BATCH):
        scores = classifier.scores([_rgb(cut) for cut in crops[at : at + _BATCH]])
        labels = np.array([face.label for face in placed[at : at + _BATCH]])
        right += int((scores.argmax(1) == labels).sum())
    return right / len(placed)


def _rgb(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.repeat(grey[:, :, None], 3, axis=2)


def _share_within(box: Box, square: Box) -> float:
    """Share of ``box`` (4,) that lies in ``square`` (4,)."""
    corner = np.tile(square[:2], 2)
    return share_inside(box - corner, float(square[2] - square[0]), float(square[3] - square[1]))


def main(
    data: Annotated[Path, typer.Option("--data", help="Labelled faces, .npz.")],
    model: Annotated[str, typer.Option("--model", help="bundled, a folder, or a hub id.")] = "bundled",
    most: Annotated[
        int, typer.Option("--faces", min=1, help="How many of PublicTest, drawn at random.")
    ] = 3589,
) -> None:
    """Print accuracy by crop margin and by cut, on PublicTest."""
    import torch

    from edge_agent.classifier import Classifier
    from edge_agent.mtcnn import MtcnnFinder

    torch.set_num_threads(1)
    faces = load_face_set(data).of_split(PUBLIC_TEST)
    faces = faces.take(np.random.default_rng(0).permutation(len(faces))[:most])
    classifier = Classifier.load(model)
    placed = list(found_faces(faces, MtcnnFinder()))
    ratios = [longer_side(face.square) / longer_side(face.box) for face in placed]
    low, middle, high = np.percentile(ratios, (25, 50, 75))
    whole = [square_cut(face.picture, face.square) for face in placed]
    typer.echo(f"model {classifier.model_id}; {len(placed)} of {len(faces)} faces found")
    typer.echo(
        f"labelled square / longer side of the box: median {middle:.3f}, middle half {low:.3f} to {high:.3f}"
    )
    typer.echo(f"the labelled squares themselves: accuracy {_accuracy(whole, placed, classifier):.4f}")
    typer.echo("\nmargin  accuracy  made up")
    for margin, accuracy, made_up in accuracy_by_margin(placed, classifier):
        typer.echo(f"{margin:+6.2f}    {accuracy:.4f}   {made_up:6.1%}")
    typer.echo("\n   cut    left     top  bottom")
    for cut, by_edge in accuracy_by_cut(placed, classifier):
        typer.echo(f"{cut:6.0%}  " + "  ".join(f"{accuracy:.4f}" for accuracy in by_edge.values()))


if __name__ == "__main__":
    typer.run(main)
