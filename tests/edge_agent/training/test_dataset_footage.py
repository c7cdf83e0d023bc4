from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from edge_agent.errors import SourceError
from edge_agent.mtcnn import MtcnnFinder
from edge_agent.pacing import AsFastAsItGoes
from edge_agent.training.dataset.footage import FilmReading, read_film
from edge_agent.training.dataset.settings import DatasetSettings
from edge_agent.video_file import FileSource
from tests.edge_agent.training.dataset_footage import OneFace, black, shot, write_film

CLIP = "head-pose-face-detection-male.gif"
Frames = list[NDArray[np.uint8]]


@pytest.fixture(scope="module")
def finder(one_thread: None) -> MtcnnFinder:  # noqa: ARG001 - a fixture asks for another by its name
    return MtcnnFinder()


@pytest.fixture
def clip(shared: Path) -> Frames:
    """Every eighth frame of a real face, BGR, 480x270."""
    source = FileSource(shared / "media" / CLIP, AsFastAsItGoes())
    frames = []
    while (frame := source.grab()) is not None:
        frames.append(np.asarray(cv2.cvtColor(frame.image, cv2.COLOR_RGB2BGR), np.uint8))
    return frames[::8]


def test_shots_are_found_and_each_face_is_in_its_own(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", shot(1), shot(2, 3.0), shot(3))
    reading, pictures = read_film(film, OneFace(), DatasetSettings(rate_hz=5))
    assert [(one.start_ms, one.end_ms) for one in reading.shots] == [(0, 2000), (2000, 5000), (5000, 7000)]
    assert reading.frames == 70
    assert reading.looked_at == len(reading.sightings) == len(pictures) == 35
    assert [one.film_ms for one in reading.sightings] == list(range(0, 7000, 200))
    assert [one.shot for one in reading.sightings] == [0] * 10 + [1] * 15 + [2] * 10
    assert pictures.shape == (35, 48, 48)


def test_a_film_without_a_cut_is_one_shot(tmp_path: Path) -> None:
    reading, _ = read_film(write_film(tmp_path / "film.mp4", shot(1)), OneFace(), DatasetSettings())
    assert len(reading.shots) == 1


def test_only_usable_faces_have_a_picture(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", shot(1), shot(2, light=0.05), black())
    reading, pictures = read_film(film, OneFace(), DatasetSettings())
    assert [one.unusable for one in reading.sightings] == [None] * 4
    assert len(pictures) == 4  # a frame that is nearly black shows nobody to this finder
    unsure, none = read_film(film, OneFace(probability=0.8), DatasetSettings())
    assert {one.unusable for one in unsure.sightings} == {"uncertain"}
    assert len(none) == 0


def test_progress_tells_frames_and_faces(tmp_path: Path) -> None:
    told: list[tuple[int, int | None, int]] = []
    film = write_film(tmp_path / "film.mp4", shot(1))
    read_film(film, OneFace(), DatasetSettings(rate_hz=1), lambda *now: told.append(now))
    assert told[0] == (1, 20, 1)
    assert told[-1] == (20, 20, 2)
    assert len(told) == 20


def test_what_is_no_film_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_bytes(b"no film\n" * 200)
    with pytest.raises(SourceError, match=r"text\.mp4 is no video"):
        read_film(tmp_path / "text.mp4", OneFace(), DatasetSettings())


def test_a_film_damaged_in_the_middle_gives_what_it_has(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", shot(1, 6.0), shot(2, 6.0))
    content = bytearray(film.read_bytes())
    third = len(content) // 3
    content[third : third + len(content) // 6] = np.random.default_rng(0).bytes(len(content) // 6)
    film.write_bytes(content)
    reading, pictures = read_film(film, OneFace(), DatasetSettings(rate_hz=10))
    assert 0 < reading.damaged < 120
    assert reading.frames + reading.damaged == 120
    assert len(reading.sightings) == reading.looked_at
    assert 0 < len(pictures) <= reading.looked_at


def real(path: Path, frames: Frames, finder: MtcnnFinder, rate: float = 10) -> FilmReading:
    """Every frame looked at, for a real face."""
    write_film(path, frames, rate=rate)
    reading, pictures = read_film(path, finder, DatasetSettings(rate_hz=rate))
    assert len(pictures) == sum(one.unusable is None for one in reading.sightings)
    return reading


def test_a_real_face_is_found_in_every_frame(tmp_path: Path, clip: Frames, finder: MtcnnFinder) -> None:
    reading = real(tmp_path / "film.mp4", clip, finder)
    assert (reading.width, reading.height, reading.turned) == (480, 270, 0)
    assert [one.unusable for one in reading.sightings] == [None] * len(clip)
    assert all(75 <= one.face_px <= 105 for one in reading.sightings)


@pytest.mark.parametrize(
    ("change", "face_px"),
    [
        (lambda frame: cv2.cvtColor(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), 90),
        (lambda frame: (frame * 0.4).astype(np.uint8), 90),
        (lambda frame: cv2.resize(frame, (214, 120), interpolation=cv2.INTER_AREA), 40),
    ],
    ids=["grey", "dark", "120 pixels high"],
)
def test_grey_dark_and_small_footage(
    tmp_path: Path,
    clip: Frames,
    finder: MtcnnFinder,
    change: Callable[[NDArray[np.uint8]], NDArray[np.uint8]],
    face_px: int,
) -> None:
    reading = real(tmp_path / "film.mp4", [change(frame) for frame in clip], finder)
    assert [one.unusable for one in reading.sightings] == [None] * len(clip)
    assert all(abs(one.face_px - face_px) < 0.2 * face_px for one in reading.sightings)


def test_4k_footage(tmp_path: Path, clip: Frames, finder: MtcnnFinder) -> None:
    large = [np.asarray(cv2.resize(frame, (3840, 2160)), np.uint8) for frame in clip[:2]]
    reading = real(tmp_path / "film.mp4", large, finder)
    assert (reading.width, reading.height) == (3840, 2160)
    assert len(reading.sightings) == 2
    assert all(600 <= one.face_px <= 840 for one in reading.sightings)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_film_that_lies_on_its_side_or_head_is_turned(
    tmp_path: Path, clip: Frames, finder: MtcnnFinder, quarters: int
) -> None:
    turned = [np.ascontiguousarray(np.rot90(frame, -quarters)) for frame in clip]
    reading = real(tmp_path / "film.mp4", turned, finder)
    assert reading.turned == 90 * quarters
    assert (reading.width, reading.height) == (480, 270)
    assert len([one for one in reading.sightings if one.unusable is None]) == len(clip)


def test_a_film_without_faces_is_left_as_it_is(tmp_path: Path, finder: MtcnnFinder) -> None:
    wall = [np.full((120, 160, 3), 90, np.uint8)] * 20
    reading = real(tmp_path / "film.mp4", wall, finder)
    assert (reading.turned, reading.sightings) == (0, [])
