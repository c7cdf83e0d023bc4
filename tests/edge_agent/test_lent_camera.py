from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest

from edge_agent.errors import SourceError
from edge_agent.lent_camera import Absence, LentCamera
from edge_agent.sources import Frame

WAIT_S = 10


class Camera:
    """Gives ``frames`` pictures each time that it is opened; then fails or ends."""

    def __init__(self, frames: int = 1_000_000, *, fails: bool = False) -> None:
        self.left = frames
        self.fails = fails
        self.closed = threading.Event()
        self.skipped = 1

    def grab(self) -> Frame | None:
        if self.left == 0:
            if self.fails:
                raise SourceError("camera 0 was unplugged")
            return None
        self.left -= 1
        return Frame(np.zeros((2, 2, 3), np.uint8), self.left)

    def close(self) -> None:
        self.closed.set()


class Shelf:
    """Cameras in the order in which they are opened; None is one that is not there."""

    def __init__(self, *cameras: Camera | None) -> None:
        self.cameras = list(cameras)
        self.opened: list[Camera] = []

    def open(self) -> Camera:
        camera = self.cameras.pop(0)
        if camera is None:
            raise SourceError("camera 0 cannot be opened")
        self.opened.append(camera)
        return camera


@pytest.fixture
def in_thread() -> Callable[[LentCamera], list[threading.Thread]]:
    def start(camera: LentCamera) -> list[threading.Thread]:
        def grab_all() -> None:
            while camera.grab() is not None:
                pass

        thread = threading.Thread(target=grab_all, daemon=True)
        thread.start()
        return [thread]

    return start


def test_it_is_opened_when_it_is_lent_and_let_go_when_it_is_not(
    in_thread: Callable[[LentCamera], list[threading.Thread]],
) -> None:
    first, second = Camera(), Camera()
    shelf = Shelf(first, second)
    states: list[str] = []
    opened = threading.Semaphore(0)

    def changed(state: str, _why: str) -> None:
        states.append(state)
        if state == "open":
            opened.release()

    camera = LentCamera(shelf.open, changed=changed)
    (thread,) = in_thread(camera)
    assert not shelf.opened
    camera.lend(True)
    assert opened.acquire(timeout=WAIT_S)
    camera.lend(False)
    assert first.closed.wait(WAIT_S)
    camera.lend(True)
    assert opened.acquire(timeout=WAIT_S)
    camera.close()
    thread.join(WAIT_S)
    assert second.closed.is_set()
    assert states == ["opening", "open", "closed"] * 2
    assert camera.skipped == 2


def test_a_camera_that_is_missing_or_taken_away_is_tried_again_and_said() -> None:
    shelf = Shelf(None, Camera(1, fails=True), Camera(1))
    told: list[tuple[str, str]] = []
    seen: list[Frame] = []
    camera = LentCamera(
        shelf.open, seen=seen.append, changed=lambda state, why: told.append((state, why)), retry_s=0
    )
    camera.lend(True)
    frames = [camera.grab(), camera.grab()]
    assert frames == seen
    assert [why for state, why in told if state == "missing"] == [
        "camera 0 cannot be opened",
        "camera 0 was unplugged",
    ]
    assert shelf.opened[0].closed.is_set()


def test_a_camera_that_does_not_come_back_is_given_up() -> None:
    open_already = Camera(1, fails=True)
    camera = LentCamera(Shelf(None, None).open, source=open_already, give_up_s=0.05, retry_s=0.04)
    camera.lend(True)
    assert camera.grab() is not None
    with pytest.raises(SourceError, match="cannot be opened"):
        camera.grab()
    assert open_already.closed.is_set()


def test_who_waits_for_a_camera_can_be_stopped() -> None:
    stop = threading.Event()

    def changed(state: str, _why: str) -> None:
        if state == "missing":
            stop.set()

    camera = LentCamera(Shelf(None, None).open, stop=stop, retry_s=0.01, changed=changed)
    camera.lend(True)
    assert camera.grab() is None


def test_a_missing_camera_that_nobody_wants_any_more_is_closed() -> None:
    states: list[str] = []

    def changed(state: str, _why: str) -> None:
        states.append(state)
        if state == "missing":
            camera.lend(False)
        if state == "closed":
            camera.close()

    camera = LentCamera(Shelf(None).open, changed=changed)
    camera.lend(True)
    assert camera.grab() is None
    assert states == ["opening", "missing", "closed"]


def test_an_absence_is_said_once_as_it_begins_and_once_as_it_ends_and_all_are_reported() -> None:
    now_s, said = 0, list[str]()
    shelf = Shelf(None, None, Camera(1, fails=True), None, Camera(1, fails=True))

    def open_source() -> Camera:
        nonlocal now_s
        now_s += 3
        return shelf.open()

    absence = Absence(said.append, now_ns=lambda: now_s * 1_000_000_000)
    camera = LentCamera(open_source, source=Camera(1, fails=True), changed=absence, retry_s=0)
    camera.lend(True)
    assert camera.grab() is not None
    assert absence.warning() is None
    away = "camera 0 was unplugged; the session goes on once it gives pictures again"
    assert camera.grab() is not None
    assert said == [away, "the camera is back"]
    assert camera.grab() is not None
    assert said == [away, "the camera is back"] * 2
    lost = "there was no camera, so nobody was looked at; is its cable loose, or did another program take it?"
    assert absence.warning() == f"for 15 s {lost}"
    absence("missing", "camera 0 was unplugged")
    now_s += 285
    absence("closed", "")  # nobody wants it for an hour
    now_s += 3600
    absence("missing", "camera 0 cannot be opened")
    now_s += 300
    assert absence.warning() == f"for 10 min {lost}"


def test_footage_begins_again_at_its_end() -> None:
    shelf = Shelf(Camera(2), Camera(2))
    camera = LentCamera(shelf.open)
    camera.lend(True)
    assert [camera.grab() for _ in range(3)].count(None) == 0


def test_nobody_gets_a_frame_after_it_is_closed() -> None:
    camera = LentCamera(Shelf(Camera()).open)
    camera.lend(True)
    camera.close()
    assert camera.grab() is None
