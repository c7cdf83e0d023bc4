from __future__ import annotations

import numpy as np
import pytest

from edge_agent.boxes import Box, distinct, iou, longer_side, overlap, share_inside, square_cut, squared


def box(*corners: float) -> Box:
    return np.array(corners, np.float32)


def test_overlaps() -> None:
    large, inner, beside = box(0, 0, 10, 10), box(2, 2, 7, 7), box(10, 0, 20, 10)
    assert iou(large, large) == overlap(large, large) == 1
    assert iou(large, inner) == pytest.approx(0.25)
    assert overlap(large, inner) == overlap(inner, large) == 1
    assert iou(large, beside) == overlap(large, beside) == 0


def test_of_boxes_that_overlap_the_first_stays() -> None:
    boxes = [box(0, 0, 10, 10), box(1, 1, 8, 8), box(20, 0, 30, 10), box(8, 0, 18, 10)]
    assert distinct(boxes, 0.5) == [0, 2, 3]
    assert distinct(boxes[::-1], 0.5) == [0, 1, 2]


def test_a_square_has_the_longer_side_and_the_same_middle() -> None:
    boxes = np.stack([box(10, 20, 30, 60), box(0, 0, 10, 10)])
    assert squared(boxes).tolist() == [[0, 20, 40, 60], [0, 0, 10, 10]]
    assert squared(boxes, 1.5)[1].tolist() == [-2.5, -2.5, 12.5, 12.5]
    assert longer_side(boxes[0]) == 40


@pytest.mark.parametrize(
    ("corners", "share"),
    [((0, 0, 10, 10), 1.0), ((-5, 0, 5, 10), 0.5), ((95, 45, 105, 55), 0.25), ((200, 0, 210, 10), 0.0)],
)
def test_how_much_of_a_box_lies_in_the_picture(corners: tuple[float, ...], share: float) -> None:
    assert share_inside(box(*corners), 100, 50) == pytest.approx(share)


def test_a_cut_repeats_the_edge() -> None:
    picture = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)
    assert np.array_equal(square_cut(picture, box(2, 1, 5, 4)), picture[1:4, 2:5])
    beyond = square_cut(picture, box(-2, 4, 2, 8))
    assert beyond.shape == (4, 4, 3)
    assert np.array_equal(beyond[2], beyond[1])
    assert np.array_equal(beyond[:, 0], beyond[:, 2])
