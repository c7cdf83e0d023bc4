from __future__ import annotations

import struct
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge_agent.camera import CameraSource
from edge_agent.clocks.file import FileClock
from edge_agent.clocks.port import Position
from edge_agent.errors import SourceError
from edge_agent.opencv import Capture, to_rgb
from edge_agent.pacing import AsFastAsItGoes
from edge_agent.sources import Frame
from edge_agent.video_file import FileSource
from tests.edge_agent.footage import write_video


def play(path: Path, rounds: int = 1) -> tuple[list[Frame], list[Position | None], FileSource]:
    clock = FileClock()
    source = FileSource(path, AsFastAsItGoes(), rounds=rounds, on_round=clock.begin_round)
    frames = []
    while (frame := source.grab()) is not None:
        frames.append(frame)
    return frames, [clock.media_at(frame.captured_ns) for frame in frames], source


def test_a_gif_plays_with_its_own_time_stamps(shared: Path) -> None:
    frames, positions, source = play(shared / "media" / "classroom.gif")
    assert len(frames) == 45
    assert source.skipped == 0
    assert frames[0].image.shape == (270, 480, 3)
    assert frames[0].image.dtype == np.uint8
    # The GIF's delays are 60 and 70 ms, not a steady 16.7 frames a second.
    assert [position.film_ms for position in positions[:5] if position] == [0, 70, 130, 200, 270]
    assert positions[-1] == Position(2930, 0)


def test_frames_are_rgb(tmp_path: Path) -> None:
    red_in_bgr = np.zeros((40, 60, 3), np.uint8)
    red_in_bgr[:, :, 2] = 255
    cv2.imwrite(str(tmp_path / "red.png"), red_in_bgr)
    frames, _, _ = play(tmp_path / "red.png")
    assert frames[0].image[0, 0].tolist() == [255, 0, 0]


def test_a_second_round_starts_over_in_film_time_and_goes_on_in_device_time(shared: Path) -> None:
    frames, positions, _ = play(shared / "media" / "classroom.gif", rounds=2)
    assert len(frames) == 90
    assert positions[45] == Position(0, 1)
    assert positions[89] == Position(2930, 1)
    stamps = [frame.captured_ns for frame in frames]
    assert all(one < other for one, other in pairwise(stamps))


def test_a_file_is_paced_by_the_clock_that_is_handed_in(plain_video: Path) -> None:
    class Recorder(AsFastAsItGoes):
        waits: list[int]

        def wait_until(self, instant_ns: int) -> None:
            self.waits.append(instant_ns)
            super().wait_until(instant_ns)

    pacing = Recorder(start_ns=7_000_000)
    pacing.waits = []
    source = FileSource(plain_video, pacing)
    while source.grab() is not None:
        pass
    assert len(pacing.waits) == 50
    assert pacing.waits[:3] == [7_000_000, 47_000_000, 87_000_000]


def test_damaged_frames_in_the_middle_are_skipped_and_counted(plain_video: Path) -> None:
    damaged = bytearray(plain_video.read_bytes())
    third = len(damaged) // 3
    damaged[third : third + len(damaged) // 6] = np.random.default_rng(0).bytes(len(damaged) // 6)
    plain_video.write_bytes(damaged)
    frames, positions, source = play(plain_video)
    assert 0 < source.skipped < 50
    assert len(frames) + source.skipped == 50
    last = positions[-1]
    assert last is not None
    assert last.film_ms == 49 * 40  # what comes after the damage keeps its own time


def test_a_video_of_one_channel_is_grey(tmp_path: Path) -> None:
    ramp = np.repeat(np.tile(np.arange(160, dtype=np.uint8), (120, 1))[:, :, None], 3, axis=2)
    frames, _, _ = play(write_video(tmp_path / "grey.avi", [ramp] * 5, grey=True))
    assert [frame.image.shape for frame in frames] == [(120, 160, 3)] * 5
    assert np.abs(frames[0].image.astype(int) - ramp).max() < 10


@pytest.mark.parametrize(
    ("turn", "matrix"),
    [(1, (0, -1, 1, 0)), (2, (-1, 0, 0, -1)), (3, (0, 1, -1, 0))],
    ids=["90 left", "180", "90 right"],
)
def test_a_video_that_says_it_was_held_sideways_is_turned(
    tmp_path: Path, turn: int, matrix: tuple[int, ...]
) -> None:
    upright = np.zeros((96, 160, 3), np.uint8)
    upright[:48, :80] = 255  # a white corner, top left
    path = write_video(tmp_path / "phone.mp4", [upright] * 3)
    told = path.read_bytes()
    at = told.index(b"tkhd") + 44  # the track's matrix: 16.16 fixed point, row by row a b u, c d v, x y w
    a, b, c, d = (struct.pack(">i", value << 16) for value in matrix)
    path.write_bytes(told[:at] + a + b + bytes(4) + c + d + told[at + 20 :])
    frames, _, _ = play(path)
    assert np.abs(frames[0].image.astype(int) - np.rot90(upright, turn)).max() < 60


@pytest.mark.parametrize(
    "picture",
    [
        np.full((4, 6), 80, np.uint8),
        np.full((4, 6, 1), 80, np.uint8),
        np.full((4, 6, 3), 80, np.uint8),
        np.full((4, 6, 4), 80, np.uint8),
    ],
    ids=["grey", "one channel", "colour", "with alpha"],
)
def test_whatever_a_camera_gives_becomes_rgb(picture: np.ndarray) -> None:
    assert np.array_equal(to_rgb(picture), np.full((4, 6, 3), 80, np.uint8))


def test_sixteen_bits_of_infra_red_are_scaled_to_eight() -> None:
    picture = np.array([[0, 511, 1023]], np.uint16)  # ten bits used
    assert to_rgb(picture)[0, :, 0].tolist() == [0, 127, 255]


def test_a_gif_that_breaks_off_gives_what_it_has(shared: Path, tmp_path: Path) -> None:
    whole = (shared / "media" / "classroom.gif").read_bytes()
    (tmp_path / "part.gif").write_bytes(whole[: len(whole) // 4])
    frames, _, _ = play(tmp_path / "part.gif")
    assert 0 < len(frames) < 45


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("missing.mp4", None, "cannot be read"),
        ("empty.mp4", b"", "is empty"),
        ("text.mp4", b"this is no video\n" * 100, "no video"),
        ("header.gif", b"GIF89a" + bytes(range(256)) * 20, "no picture"),
    ],
)
def test_what_is_no_video_says_so(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, content: bytes | None, says: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=says) as raised:
        FileSource(path, AsFastAsItGoes())
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)
    assert capfd.readouterr() == ("", "")  # OpenCV and FFmpeg would write to stderr


def test_a_folder_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a folder"):
        FileSource(tmp_path, AsFastAsItGoes())


def test_a_missing_camera_is_told_without_noise(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SourceError, match=r"camera 97 cannot be opened.*video file"):
        CameraSource.open(97)
    assert capfd.readouterr() == ("", "")


class ScriptedCamera:
    """A capture whose reads come from a function of their number."""

    def __init__(self, reads: Callable[[int], np.ndarray | None]) -> None:
        self._reads = reads
        self.count = 0
        self.released = False

    def read(self) -> tuple[bool, np.ndarray | None]:
        self.count += 1
        picture = self._reads(self.count - 1)
        return picture is not None, picture

    def release(self) -> None:
        self.released = True


def grey(level: int) -> np.ndarray:
    return np.full((4, 6, 3), level % 256, np.uint8)


def camera(capture: Capture, patience_s: float = 0.3) -> CameraSource:
    return CameraSource(capture, "camera 0", patience_s=patience_s)


def test_a_camera_gives_only_its_newest_picture() -> None:
    shown = threading.Event()

    def reads(number: int) -> np.ndarray:
        if number == 10:
            shown.set()
            time.sleep(0.2)  # the next one is not there yet
        return grey(number)

    capture = ScriptedCamera(reads)
    source = camera(capture, patience_s=5)
    assert shown.wait(5)
    before_ns = time.monotonic_ns()
    frame = source.grab()
    assert frame is not None
    assert frame.image[0, 0, 0] >= 9  # not the first: nobody waited for those
    assert abs(frame.captured_ns - before_ns) < 5e9
    second = source.grab()
    assert second is not None
    assert second.captured_ns > frame.captured_ns
    source.close()
    assert capture.released
    assert source.grab() is None


def test_reads_that_fail_now_and_then_are_counted() -> None:
    source = camera(ScriptedCamera(lambda number: None if number % 2 else grey(number)), patience_s=5)
    for _ in range(3):
        assert source.grab() is not None
    source.close()
    assert source.skipped >= 1


def test_a_camera_that_stops_says_what_to_try() -> None:
    source = camera(ScriptedCamera(lambda number: grey(number) if number == 0 else None))
    assert source.grab() is not None
    with pytest.raises(SourceError, match=r"camera 0 gave no picture for 0\.3 seconds"):
        source.grab()
    source.close()


def test_an_error_of_the_driver_is_a_failed_read() -> None:
    def reads(number: int) -> np.ndarray:
        if number < 3:
            raise cv2.error("driver")
        return grey(number)

    source = camera(ScriptedCamera(reads), patience_s=5)
    assert source.grab() is not None
    source.close()
    assert source.skipped == 3
