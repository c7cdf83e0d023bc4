from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from edge_agent.boxes import Box
from edge_agent.faces import Face
from edge_agent.mtcnn import MtcnnFinder
from edge_agent.training.crop_margin import accuracy_by_cut, accuracy_by_margin, found_faces, main, place
from edge_agent.training.data import PUBLIC_TEST, FaceSet, load_face_set

DATA = Path("data") / "fer2013plus-train.npz"


class InTheMiddle:
    """Finds the middle half of every picture, where ``place`` sets a face."""

    def search(self, image: NDArray[np.uint8], smallest_px: int) -> list[Face]:
        quarter = image.shape[0] // 4
        assert smallest_px < 2 * quarter
        box = np.array([quarter, quarter, 3 * quarter, 3 * quarter], np.float32)
        return [Face(box, 1.0, np.zeros((5, 2), np.float32))]

    def refine(self, image: NDArray[np.uint8], boxes: Sequence[Box]) -> list[Face]:
        raise NotImplementedError


class LabelByShade:
    """Even faces of label n have grey level 30 n; what surrounds them carries on the same."""

    model_id = "shade"

    def scores(self, crops: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
        scores = np.zeros((len(crops), 7), np.float32)
        for row, cut in zip(scores, crops, strict=True):
            row[round(float(cut.mean()) / 30)] = 1
        return scores


def shaded_faces() -> FaceSet:
    labels = np.arange(7, dtype=np.uint8)
    images = np.broadcast_to((labels * 30)[:, None, None], (7, 48, 48)).astype(np.uint8)
    return FaceSet(images, labels, np.zeros((7, 10), np.uint8), np.ones(7, np.uint8))


def test_a_placed_face_stands_in_the_middle_and_carries_on_around() -> None:
    face = np.tile(np.arange(0, 240, 5, dtype=np.uint8), (48, 1))
    picture, square = place(face, 96)
    assert picture.shape == (192, 192)
    assert square.tolist() == [48, 48, 144, 144]
    middle = picture[48:144, 48:144].astype(int)
    assert np.abs(middle.reshape(48, 2, 48, 2).mean((1, 3)) - face).max() < 3
    assert picture[:, 0].max() < picture[:, -1].min()


def test_made_up_surroundings_grow_with_the_margin() -> None:
    placed = list(found_faces(shaded_faces(), InTheMiddle()))
    rows = accuracy_by_margin(placed, LabelByShade(), (-0.2, 0.0, 0.3))
    assert [(margin, accuracy) for margin, accuracy, _ in rows] == [(-0.2, 1.0), (0.0, 1.0), (0.3, 1.0)]
    assert [round(made_up, 1) for *_, made_up in rows] == [0.0, 0.0, 0.4]
    assert accuracy_by_cut(placed, LabelByShade(), (0.0, 0.5)) == [
        (0.0, {"left": 1.0, "top": 1.0, "bottom": 1.0}),
        (0.5, {"left": 1.0, "top": 1.0, "bottom": 1.0}),
    ]


@pytest.mark.usefixtures("one_thread")
def test_the_detector_finds_most_faces_where_they_were_set(shared: Path) -> None:
    faces = load_face_set(shared / DATA).of_split(PUBLIC_TEST).take(np.arange(30))
    placed = list(found_faces(faces, MtcnnFinder()))
    assert len(placed) >= 20
    ratios = [float((p.square[2] - p.square[0]) / max(p.box[2:] - p.box[:2])) for p in placed]
    assert 0.8 < np.median(ratios) < 1.1


@pytest.mark.usefixtures("one_thread")
def test_the_table_is_printed(shared: Path, small_model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(shared / DATA, str(small_model), most=12)
    said = capsys.readouterr().out
    assert "of 12 faces found" in said
    assert "-0.10" in said
    assert "15%" in said
