from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from edge_agent.errors import DatasetError
from edge_agent.training.data import PUBLIC_TEST, TRAINING, FaceSet, load_face_set, near_duplicates


def _faces(images: np.ndarray) -> FaceSet:
    n = len(images)
    zeros = np.zeros(n, dtype=np.uint8)
    return FaceSet(images, zeros, np.zeros((n, 10), dtype=np.uint8), zeros)


def test_the_shared_set_has_its_published_sizes(shared: Path) -> None:
    faces = load_face_set(shared / "data" / "fer2013plus-train.npz")
    assert len(faces.of_split(TRAINING)) == 28_709
    assert len(faces.of_split(PUBLIC_TEST)) == 3_589


def test_near_duplicates_marks_relit_copies_and_keeps_the_first() -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (6, 48, 48), dtype=np.uint8)
    images[4] = images[1] // 2 + 40  # the same face, darker: the same picture to a person
    assert near_duplicates(_faces(images)).tolist() == [False, False, False, False, True, False]


def test_near_duplicates_against_another_set() -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (5, 48, 48), dtype=np.uint8)
    assert near_duplicates(_faces(images), _faces(images[2:3])).tolist() == [False, False, True, False, False]


def test_blocks_do_not_change_what_is_found() -> None:
    rng = np.random.default_rng(3)
    images = rng.integers(0, 256, (40, 48, 48), dtype=np.uint8)
    images[33], images[12] = images[5], images[11]
    whole = near_duplicates(_faces(images))
    assert whole.sum() == 2
    assert (near_duplicates(_faces(images), block=7) == whole).all()


def test_a_missing_set_says_which_option_to_give(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="--data"):
        load_face_set(tmp_path / "none.npz")


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "faces.npz").write_bytes(b"not an archive")
    with pytest.raises(DatasetError, match=r"not a readable \.npz"):
        load_face_set(tmp_path / "faces.npz")


def test_missing_and_misshaped_arrays_are_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", images=np.zeros((2, 48, 48), np.uint8))
    with pytest.raises(DatasetError, match="lacks the arrays fer2013_label, ferplus_votes, split"):
        load_face_set(tmp_path / "a.npz")
    label = np.zeros(3, np.uint8)
    np.savez(
        tmp_path / "b.npz",
        images=np.zeros((2, 48, 48), np.uint8),
        fer2013_label=label,
        ferplus_votes=np.zeros((2, 10), np.uint8),
        split=label,
    )
    with pytest.raises(DatasetError, match=r"fer2013_label is uint8 \(3,\).*2 rows"):
        load_face_set(tmp_path / "b.npz")
