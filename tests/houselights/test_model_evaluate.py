"""``houselights model evaluate`` and ``model cluster``, as a person runs them, on a few real faces."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from contract.emotions import EMOTIONS
from tests.support.command import done, houselights, refused

FACES = 56


@pytest.fixture(scope="module")
def some_faces(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight faces of each emotion, of PublicTest."""
    with np.load(shared / "data" / "fer2013plus-train.npz") as archive:
        labels, split = archive["fer2013_label"], archive["split"]
        chosen = np.concatenate([np.flatnonzero((labels == name) & (split == 1))[:8] for name in range(7)])
        arrays = {
            name: archive[name][chosen] for name in ("images", "fer2013_label", "ferplus_votes", "split")
        }
    path = tmp_path_factory.mktemp("data") / "some.npz"
    np.savez(path, **arrays)
    return path


def test_evaluate_prints_json_and_writes_a_page_a_picture_and_the_same_json(
    some_faces: Path, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "folder"
    printed = json.loads(done(houselights("model", "evaluate", "--data", some_faces, "--out", out)))
    assert printed == json.loads((out / "evaluation.json").read_text(encoding="utf-8"))
    assert [printed[name] for name in ("model", "engine", "split", "n")] == ["bundled", "torch", 1, FACES]
    assert set(printed["recall"]) == set(EMOTIONS)
    assert printed["accuracy"] > 2 / 7  # far above chance, though few of these are the easy ones
    assert printed["by_face_size"][-1]["px"] == 48
    assert printed["by_face_size"][-1]["accuracy"] == printed["accuracy"]
    assert printed["calibration"]["temperature_from"] == "model"
    assert 0 < printed["ferplus_majority"]["n"] < FACES
    with Image.open(out / "confusion.png") as picture:
        assert picture.width > 800
    assert f"{FACES} faces" in (out / "index.html").read_text(encoding="utf-8")


def test_evaluate_without_out_measures_one_size_and_writes_nothing(some_faces: Path, tmp_path: Path) -> None:
    words = ("model", "evaluate", "--data", some_faces, "--engine", "openvino")
    printed = json.loads(done(houselights(*words, cwd=tmp_path)))
    assert printed["engine"] == "openvino"
    assert printed["by_face_size"] is None
    assert not list(tmp_path.iterdir())


def test_cluster_prints_json_and_writes_a_page_and_a_picture(some_faces: Path, tmp_path: Path) -> None:
    printed = json.loads(done(houselights("model", "cluster", "--data", some_faces, "--out", tmp_path)))
    assert printed == json.loads((tmp_path / "clusters.json").read_text(encoding="utf-8"))
    assert sum(cluster["n"] for cluster in printed["clusters"]) == FACES
    assert printed["fer2013"]["information"] > printed["pixels_alone"]["information"]
    with Image.open(tmp_path / "plane.png") as picture:
        assert picture.width > 800
    assert "principal component" in (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["evaluate", "cluster"])
def test_a_split_without_faces_is_refused(some_faces: Path, tmp_path: Path, command: str) -> None:
    line = refused(
        houselights("model", command, "--data", some_faces, "--split", "0", "--out", tmp_path / "out")
    )
    assert "0 Training" in line or "0 is Training" in line


@pytest.mark.parametrize("command", ["evaluate", "cluster"])
def test_an_out_that_is_a_file_is_refused_before_any_work(
    some_faces: Path, tmp_path: Path, command: str
) -> None:
    (tmp_path / "taken").write_text("a file")
    assert "another --out" in refused(
        houselights("model", command, "--data", some_faces, "--out", tmp_path / "taken")
    )


def test_a_model_folder_without_weights_is_refused(some_faces: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    line = refused(houselights("model", "evaluate", "--data", some_faces, "--model", tmp_path))
    assert "lacks preprocessor_config.json, model.safetensors" in line
