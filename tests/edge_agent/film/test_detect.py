"""Shots of real files: encoded with cuts where the test says, and the footage that comes with the project."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate, pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from contract.film_time import FrameRate, frame_to_ms
from edge_agent.errors import FilmError
from edge_agent.film.detect import film_clock, find_shots, steady_rate
from edge_agent.film.key_frames import COMPARED
from tests.support.films import make_film, make_sound

SHOTS = ((1, 30), (2, 25), (1, 40), (3, 35))
FIRST = [0, *accumulate(frames for _, frames in SHOTS)]
"""Frames with which the shots begin, and their number."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", SHOTS, "25")


@pytest.mark.parametrize(
    ("name", "rate", "timecode", "preset"),
    [
        ("film.mkv", "24000/1001", None, "ultrafast"),
        ("film.mov", "30000/1001", "01:00:00;00", "ultrafast"),
        ("film.mp4", "50", None, "veryfast"),
        ("film.ts", "25", None, "veryfast"),
    ],
)
def test_cuts_are_found_to_the_frame_at_every_rate(
    tmp_path: Path, name: str, rate: str, timecode: str | None, preset: str
) -> None:
    found = find_shots(make_film(tmp_path / name, SHOTS, rate, timecode=timecode, preset=preset))
    edges = [frame_to_ms(frame, FrameRate.parse(rate)) for frame in FIRST]
    assert [(shot.start_ms, shot.end_ms) for shot in found.shots] == list(pairwise(edges))
    assert found.duration_ms == edges[-1]
    assert (found.clock.rate, found.clock.varies) == (Fraction(rate), False)
    assert found.clock.start_timecode == timecode
    assert (found.frames, found.damaged) == (FIRST[-1], 0)


def test_a_picture_stands_for_each_shot_and_colours_tell_shots_apart(film: Path) -> None:
    shots = find_shots(film).shots
    for shot in shots:
        decoded = cv2.imdecode(np.frombuffer(shot.picture, np.uint8), cv2.IMREAD_COLOR)
        assert decoded is not None
        assert decoded.shape == (240, 320, 3)
        assert shot.colours.shape == (COMPARED, 128)
        np.testing.assert_allclose(shot.colours.sum(1), 1, rtol=1e-5)

    def alike(one: int, other: int) -> float:
        return float(np.minimum(shots[one].colours[1], shots[other].colours[1]).sum())

    assert alike(0, 2) > 0.9
    assert alike(0, 1) < 0.2


def test_progress_is_told_and_ends_at_the_end(film: Path) -> None:
    told: list[tuple[float, float | None]] = []
    found = find_shots(film, lambda at, of: told.append((at, of)))
    assert [at for at, _ in told] == sorted(at for at, _ in told)
    assert len(told) == found.frames
    last, of = told[-1]
    assert last == pytest.approx(found.duration_ms / 1000 - 0.04)
    assert of == pytest.approx(5.2)


def test_a_rate_that_varies_moves_no_cut(tmp_path: Path) -> None:
    steps = [33 if frame // 10 % 2 else 50 for frame in range(FIRST[-1])]
    stamps = list(accumulate(steps[:-1], initial=0))
    found = find_shots(make_film(tmp_path / "phone.mp4", SHOTS, stamps=stamps))
    assert found.clock.varies
    assert float(found.clock.rate) == pytest.approx((len(stamps) - 1) / (stamps[-1] / 1000))
    assert [shot.start_ms for shot in found.shots] == [stamps[frame] for frame in FIRST[:-1]]
    assert film_clock(tmp_path / "phone.mp4").varies


@pytest.mark.parametrize("path", ["classroom.gif", "head-pose-face-detection-male.gif"])
def test_uncut_footage_is_one_shot(shared: Path, path: str) -> None:
    found = find_shots(shared / "media" / path)
    assert [(shot.start_ms, shot.end_ms) for shot in found.shots] == [(0, found.duration_ms)]
    assert found.frames == {"classroom.gif": 45, "head-pose-face-detection-male.gif": 62}[path]


def test_damage_in_the_middle_is_counted_and_moves_nothing_around_it(film: Path, tmp_path: Path) -> None:
    whole = film.read_bytes()
    middle = len(whole) // 2
    path = tmp_path / "damaged.mp4"
    path.write_bytes(whole[: middle - 2000] + bytes(4000) + whole[middle + 2000 :])
    found = find_shots(path)
    assert found.damaged > 0
    assert found.frames < FIRST[-1]
    assert found.shots[0].start_ms == 0
    assert found.duration_ms == 5200
    assert found.shots[-1].start_ms == 3800
    assert not found.clock.varies


def test_a_film_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = make_film(tmp_path / "film.mkv", SHOTS)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    found = find_shots(path)
    assert found.stated_ms == 5200
    assert 1200 < found.duration_ms < 5200
    assert [shot.start_ms for shot in found.shots][:2] == [0, 1200]


def test_a_shot_of_the_last_three_frames_has_a_picture(tmp_path: Path) -> None:
    found = find_shots(make_film(tmp_path / "film.mp4", [(1, 40), (2, 3)]))
    assert [shot.start_ms for shot in found.shots] == [0, 1600]
    assert all(shot.picture for shot in found.shots)


def test_what_is_no_film_is_refused_in_one_line(tmp_path: Path, film: Path) -> None:
    def why(name: str) -> str:
        with pytest.raises(FilmError) as refused:
            find_shots(tmp_path / name)
        with pytest.raises(FilmError):
            film_clock(tmp_path / name)
        assert "\n" not in str(refused.value)
        return str(refused.value)

    (tmp_path / "empty.mp4").write_bytes(b"")
    (tmp_path / "text.mp4").write_text("INT. KITCHEN - NIGHT")
    (tmp_path / "headless.mp4").write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    (tmp_path / "noise.mkv").write_bytes(b"\x1a\x45\xdf\xa3" + np.random.default_rng(1).bytes(5000))
    make_sound(tmp_path / "sound.mp4")
    make_film(tmp_path / "one.mp4", [(1, 1)])
    cv2.imwrite(str(tmp_path / "still.png"), np.zeros((90, 160, 3), np.uint8))
    assert "is empty" in why("empty.mp4")
    for name in ("text.mp4", "headless.mp4", "noise.mkv"):
        assert "is no film that can be opened" in why(name)
    assert "sound and no picture" in why("sound.mp4")
    assert "one picture only" in why("one.mp4")
    assert "one picture only" in why("still.png")
    assert "No such file" in why("missing.mp4")
    assert "is a folder" in why(".")


def test_a_steady_rate_is_told_in_spite_of_rounding_lost_frames_and_a_rate_stated_wrong() -> None:
    rate = Fraction(24000, 1001)
    places = [place for place in range(100_000) if place % 5000 > 3]
    stamps = [Fraction(round(place * 1000 / rate), 1000) for place in places]
    times = [stamp - stamps[0] for stamp in stamps]
    assert steady_rate(times, [Fraction(2398, 100)]) == rate
    assert steady_rate(times, [rate / 2]) == rate
    assert steady_rate([Fraction(place, 15) for place in range(300)], [Fraction(15)]) == 15
    assert steady_rate([Fraction(place, 30) for place in range(300) if place % 3], [Fraction(30)]) is None


@pytest.mark.parametrize("quarter", [(0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0)])
def test_a_film_that_lies_on_its_side_is_shown_upright(
    film: Path, tmp_path: Path, quarter: tuple[int, int, int, int]
) -> None:
    whole = bytearray(film.read_bytes())
    matrix = whole.index(b"tkhd") + 44
    for place, value in zip((0, 4, 12, 16), quarter, strict=True):
        whole[matrix + place : matrix + place + 4] = (value * 65536).to_bytes(4, "big", signed=True)
    path = tmp_path / "phone.mp4"
    path.write_bytes(whole)
    capture = cv2.VideoCapture(str(path))  # turns it as the file says
    there, upright = capture.read()
    capture.release()
    assert there
    assert upright.shape[:2] == ((240, 320) if quarter[0] else (320, 240))
    shown = cv2.imdecode(np.frombuffer(find_shots(path).shots[0].picture, np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    assert shown.shape == upright.shape
    # Another frame of the same shot: all stands where it stood but the thing that moves.
    assert np.median(np.abs(shown.astype(int) - upright.astype(int))) < 12
