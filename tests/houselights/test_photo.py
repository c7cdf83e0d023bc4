"""``houselights photo``, as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut

from contract.emotions import EMOTIONS
from tests.support.command import done, houselights, refused

PORTRAIT = Image.fromarray(np.asarray(astronaut()))


@pytest.fixture
def family(tmp_path: Path) -> Path:
    """One face at three sizes, the smallest too small to read."""
    picture = Image.new("RGB", (820, 512), (90, 90, 90))
    picture.paste(PORTRAIT, (300, 0))
    picture.paste(PORTRAIT.resize((256, 256)), (20, 0))
    picture.paste(PORTRAIT.resize((110, 110)), (80, 330))
    path = tmp_path / "family.png"
    picture.save(path)
    return path


def test_every_face_has_bars_or_a_reason_and_a_box_in_the_picture(family: Path, tmp_path: Path) -> None:
    boxed = tmp_path / "boxed.png"
    said = done(houselights("photo", family, "--out", boxed))
    heads = [line for line in said.splitlines() if line.startswith("Face ")]
    assert [head.split(":")[0] for head in heads] == ["Face 1", "Face 2", "Face 3"]
    assert "not scored" in heads[2]
    assert said.count("█ ") + said.count("█\n") >= 2
    first = said.splitlines()[1]
    assert first.split()[0] == "happy"
    before, after = (np.asarray(Image.open(path).convert("RGB")).astype(int) for path in (family, boxed))
    assert before.shape == after.shape
    changed = np.argwhere(np.abs(before - after).sum(2) > 60)
    assert len(changed) > 500
    document = json.loads(done(houselights("photo", family, "--json")))
    boxes = [face["box"] for face in document["faces"]]
    assert [boxes[0][2] - boxes[0][0] > boxes[1][2] - boxes[1][0] > boxes[2][2] - boxes[2][0]] == [True]
    scores = document["faces"][0]["scores"]
    assert list(scores) == list(EMOTIONS)
    assert sum(scores.values()) == pytest.approx(1, abs=0.01)
    assert document["faces"][2]["scores"] is None


def test_a_picture_without_a_face_is_exit_code_3(tmp_path: Path) -> None:
    path = tmp_path / "wall.png"
    Image.new("RGB", (200, 150), (120, 130, 140)).save(path)
    ran = houselights("photo", path, "--json")
    assert ran.returncode == 3
    assert "no face was found" in ran.stderr
    assert json.loads(ran.stdout)["faces"] == []


def test_what_cannot_be_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    assert "there is no file" in refused(houselights("photo", tmp_path / "none.png"))
    path = tmp_path / "wall.png"
    Image.new("RGB", (20, 15)).save(path)
    ran = houselights("photo", path, "--out", tmp_path / "out.gif")
    assert ran.returncode == 2
    assert "--out" in ran.stderr
    assert not (tmp_path / "out.gif").exists()
