"""``model build-dataset`` as a person runs it, on real footage."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from contract.emotions import EMOTIONS
from edge_agent.training.data import load_face_set
from tests.support.command import done, houselights, refused

ONE_THREAD = {"OMP_NUM_THREADS": "1"}


def build(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return houselights("model", "build-dataset", *arguments, environment=ONE_THREAD)


@pytest.fixture(scope="module")
def clips(shared: Path) -> list[Path]:
    names = ("head-pose-face-detection-female", "head-pose-face-detection-male", "face-demographics-walking")
    return [shared / "media" / f"{name}.gif" for name in names]


@pytest.fixture(scope="module")
def built(clips: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """The folder, standard output and standard error of a build with every frame looked at."""
    out = tmp_path_factory.mktemp("real") / "set"
    ran = build(*clips, "--out", out, "--rate", "13", "--min-face-px", "15")
    return out, done(ran), ran.stderr


def rows_of(out: Path) -> list[dict[str, str]]:
    with (out / "faces.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_real_clips_become_a_data_set(built: tuple[Path, str, str], clips: list[Path]) -> None:
    out, said, told = built
    rows = rows_of(out)
    kept = [row for row in rows if row["decision"] == "kept"]
    assert {row["film"] for row in kept} == {clip.name for clip in clips}
    # Each person turns the head; what repeats is dropped, what does not is kept.
    for clip, frames in zip(clips[:2], (23, 62), strict=True):
        of_clip = [row for row in rows if row["film"] == clip.name]
        assert len(of_clip) == frames
        assert 4 <= sum(row["decision"] == "kept" for row in of_clip) < frames
        assert {row["why"] for row in of_clip} == {"", "near-duplicate"}
        assert len({row["split"] for row in of_clip if row["split"]}) == 1
    assert {row["split"] for row in kept} == {"train", "validation", "test"}
    assert "fill in the column label of faces.csv" in said
    assert re.search(
        r"female\.gif: 480x270, 23 frames in 1 shot, 23 looked at, 23 faces found, 23 usable", told
    )
    assert "Traceback" not in told


def test_the_how_to_makes_a_labelled_set_that_training_reads(
    built: tuple[Path, str, str], repository: Path, tmp_path: Path
) -> None:
    out, _, _ = built
    (code,) = re.findall(
        r"```python\n(.*?)```",
        (repository / "docs" / "model-dataset.md").read_text(encoding="utf-8"),
        re.DOTALL,
    )
    rows = rows_of(out)
    kept = [row for row in rows if row["decision"] == "kept"]
    for number, row in enumerate(kept[:-3]):
        row["label"] = EMOTIONS[number % len(EMOTIONS)]
    copy = tmp_path / "faces-1"
    copy.mkdir()
    (copy / "faces.npz").write_bytes((out / "faces.npz").read_bytes())
    with (copy / "faces.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(repository)},
        check=True,
    )
    faces = load_face_set(tmp_path / "labelled.npz")
    assert len(faces) == len(kept) - 3
    assert faces.labels.tolist() == [number % len(EMOTIONS) for number in range(len(faces))]
    with np.load(out / "faces.npz") as archive:
        assert np.array_equal(faces.images, archive["images"][: len(faces)])


def test_the_how_to_names_every_option_column_and_reason(
    built: tuple[Path, str, str], repository: Path
) -> None:
    text = (repository / "docs" / "model-dataset.md").read_text(encoding="utf-8")
    helped = done(houselights("model", "build-dataset", "--help", environment={"COLUMNS": "200"}))
    options = set(re.findall(r"--[a-z][a-z-]+", helped)) - {"--help", "--seed", "--json"}
    assert {option for option in options if option not in text} == set()
    assert {column for column in rows_of(built[0])[0] if f"`{column}`" not in text} == set()
    assert {row["why"] for row in rows_of(built[0]) if row["why"] and f"`{row['why']}`" not in text} == set()


def test_faces_too_small_to_use_are_exit_code_3_with_what_to_try(shared: Path, tmp_path: Path) -> None:
    ran = build(shared / "media" / "classroom.gif", "--out", tmp_path / "set")
    assert ran.returncode == 3
    assert re.search(r"none of \d+ faces can be used \(\d+ too small\)", ran.stderr)
    assert re.search(
        r"the largest is \d\d pixels wide and the smallest kept 32: try --min-face-px", ran.stderr
    )
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "set").exists()


def test_a_missing_film_is_exit_code_1_and_the_others_are_in_the_set(
    clips: list[Path], tmp_path: Path
) -> None:
    ran = build(tmp_path / "typo.mov", clips[0], "--out", tmp_path / "set", "--json")
    assert ran.returncode == 1
    assert "typo.mov cannot be read (No such file or directory); check the path" in ran.stderr
    assert "1 of 2 films are not in the data set" in ran.stderr
    report = json.loads(ran.stdout)
    assert report["summary"]["kept"] > 0
    assert (report["films_read"], report["films_failed"]) == (1, 1)
    assert {row["film"] for row in rows_of(tmp_path / "set")} == {clips[0].name}

    again = refused(build(clips[0], "--out", tmp_path / "set"))
    assert "already holds a data set" in again


def test_what_cannot_be_is_refused(clips: list[Path], tmp_path: Path) -> None:
    why = refused(build(clips[0], "--out", tmp_path / "set", "--near-bits", "40"))
    assert "0 <= near <= link" in why
    assert build("--out", tmp_path / "set").returncode == 2
    assert not (tmp_path / "set").exists()
