"""``houselights model explain``, as a person runs it: what it writes, what it refuses, and that it sends nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut

from contract.emotions import EMOTIONS
from tests.support.command import done, houselights, refused

PORTRAIT = Image.fromarray(np.asarray(astronaut()))


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    path = tmp_path / "portrait.png"
    PORTRAIT.save(path)
    return path


@pytest.fixture
def couple(tmp_path: Path) -> Path:
    """The same face twice: large on the right, half as large on the left."""
    picture = Image.new("RGB", (768, 512), (90, 90, 90))
    picture.paste(PORTRAIT.resize((256, 256)), (0, 128))
    picture.paste(PORTRAIT, (256, 0))
    path = tmp_path / "couple.png"
    picture.save(path)
    return path


def _explain(*arguments: str | Path) -> dict[str, object]:
    document: dict[str, object] = json.loads(done(houselights("model", "explain", *arguments, "--json")))
    return document


def test_it_prints_a_table_by_region_and_writes_heat_maps_and_a_page(portrait: Path, tmp_path: Path) -> None:
    ran = houselights("model", "explain", portrait, "--out", tmp_path / "why")
    table = done(ran)
    assert all(word in table for word in (*EMOTIONS, "brows", "mouth", "elsewhere"))
    assert "went nowhere else" in ran.stderr
    written = tmp_path / "why"
    assert sorted(path.name for path in written.iterdir()) == [
        "explanation.json",
        "explanation.png",
        "index.html",
    ]
    assert json.loads((written / "explanation.json").read_text(encoding="utf-8"))["emotion"] == "happy"
    with Image.open(written / "explanation.png") as picture:
        assert picture.width > 1000


def test_nothing_is_sent(portrait: Path, tmp_path: Path) -> None:
    arguments = ["houselights", "model", "explain", str(portrait), "--out", str(tmp_path / "why")]
    code = (
        "import sys\n"
        "def watch(event, _):\n"
        "    if event in {'socket.connect', 'socket.getaddrinfo', 'socket.sendto', 'socket.sendmsg'}:\n"
        "        print('NETWORK', event, flush=True)\n"
        "sys.addaudithook(watch)\n"
        f"sys.argv = {arguments!r}\n"
        "from houselights.cli import main\n"
        "main()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert ran.returncode == 0, ran.stderr
    assert "happy" in ran.stdout
    assert "NETWORK" not in ran.stdout


def test_of_several_faces_the_largest_is_explained_and_another_can_be_asked_for(couple: Path) -> None:
    ran = houselights("model", "explain", couple, "--json")
    largest = json.loads(done(ran))
    assert "2 faces were found" in ran.stderr
    assert "--face" in ran.stderr
    assert (largest["face"], largest["faces"]) == (1, 2)
    second = _explain(couple, "--face", "2")
    assert second["face"] == 2
    assert second["scores"] != largest["scores"]
    ran = houselights("model", "explain", couple, "--face", "3")
    assert ran.returncode == 2
    assert "there are 2 faces" in ran.stderr


def test_a_picture_without_a_face_has_its_own_exit_code(tmp_path: Path) -> None:
    Image.new("RGB", (200, 200), (80, 120, 160)).save(tmp_path / "sky.png")
    ran = houselights("model", "explain", tmp_path / "sky.png", "--out", tmp_path / "why")
    assert ran.returncode == 3
    assert "no face was found" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not ran.stdout


def test_a_face_too_small_to_read_is_explained_with_a_warning(tmp_path: Path) -> None:
    PORTRAIT.resize((140, 140)).save(tmp_path / "small.png")
    ran = houselights("model", "explain", tmp_path / "small.png", "--json")
    assert json.loads(done(ran))["faces"] == 1
    assert "too little to read" in ran.stderr


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n and no more"])
def test_an_unreadable_file_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.png").write_bytes(content)
    assert "broken.png" in refused(houselights("model", "explain", tmp_path / "broken.png"))


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    assert "nothing.jpg" in refused(houselights("model", "explain", tmp_path / "nothing.jpg"))
