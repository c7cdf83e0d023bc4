"""A course without camera, networks and broker: its parts by script."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from contract.emotions import EMOTIONS
from edge_agent.agent import RunReport
from edge_agent.errors import EdgeError, ModelError, PublishError, SourceError
from edge_agent.faces import Face
from edge_agent.guest import Burden, Guest
from edge_agent.outbox import Outbox, Outgoing
from edge_agent.settings import AgentSettings
from edge_agent.sources import Frame
from edge_agent.view.course import Course
from edge_agent.view.eyes import Eyes
from edge_agent.view.messages import Agree, Begin, Told

WAIT_S = 20
FACE = Face(
    np.array([40, 20, 100, 90], np.float32),
    1.0,
    np.array([[55, 45], [85, 45], [70, 60], [58, 75], [82, 75]], np.float32),
)


LIGHT = Burden(0.06, 412, 64)


class Camera:
    """A grey gradient, fifty times a second."""

    skipped = 0

    def __init__(self, cameras: Cameras) -> None:
        if not cameras.there:
            raise SourceError("it is gone")
        self._cameras = cameras
        cameras.open += 1

    def grab(self) -> Frame:
        if not self._cameras.there:
            raise SourceError("it is gone")
        time.sleep(0.02)
        ramp = np.linspace(60, 200, 160, dtype=np.uint8)[None, :, None]
        return Frame(np.broadcast_to(ramp, (120, 160, 3)).copy(), time.monotonic_ns())

    def close(self) -> None:
        self._cameras.open -= 1


class OneFace:
    def find(self, image: NDArray[np.uint8]) -> list[Face]:  # noqa: ARG002 - the same in each
        return [FACE]


class Happy:
    model_id = "scripted"

    def scores(self, crops: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
        return np.tile(np.eye(7, dtype=np.float32)[EMOTIONS.index("happy")], (len(crops), 1))


class Cameras:
    open = 0
    there = True


class Broker:
    """Takes all messages as soon as it is woken."""

    def __init__(self, outbox: Outbox, taken: Callable[[Outgoing], None], bodies: list[bytes]) -> None:
        self._outbox, self._taken, self._bodies = outbox, taken, bodies

    def start(self) -> None:
        self.wake()

    def wake(self) -> None:
        for message in self._outbox.pending():
            self._bodies.append(message.body)
            self._outbox.ack([message.id])
            self._taken(message)

    def finish(self) -> PublishError | None:
        self.wake()
        return None


@dataclass
class Parts:
    """``parts.Parts``. bodies: what the broker took; None is no broker. asked: which parts were, in order."""

    path: Path
    bodies: list[bytes] | None = None
    fails: EdgeError | None = None
    cameras: Cameras = field(default_factory=Cameras)
    asked: list[str] = field(default_factory=list)
    burden: Burden = LIGHT

    def eyes(self) -> Eyes:
        self.asked.append("eyes")
        if isinstance(self.fails, ModelError):
            raise self.fails
        return Eyes(Happy(), OneFace(), OneFace)

    def camera(self) -> Camera:
        self.asked.append("camera")
        return Camera(self.cameras)

    def outbox(self) -> Outbox:
        self.asked.append("outbox")
        if self.fails is not None:
            raise self.fails
        return Outbox(self.path)

    def publisher(self, outbox: Outbox, taken: Callable[[Outgoing], None]) -> Broker | None:
        return None if self.bodies is None else Broker(outbox, taken, self.bodies)

    def guest(self, dropped: Callable[[], int | None]) -> Guest:
        return Guest(4.0, lambda _: self.burden, dropped)


class Running:
    """A course in its thread, and its report when it has ended."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.report: RunReport | None = None
        self._news = threading.Condition()
        course.when_changed(self._changed)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def wait_for(self, so: Callable[[Told], bool]) -> Told:
        with self._news:
            assert self._news.wait_for(lambda: so(self.course.told()), WAIT_S), self.course.told()
        return self.course.told()

    def agree(self) -> None:
        """To the film's beginning."""
        self.course.attend(True)
        self.course.say(Agree(version=1, language="de"))
        self.wait_for(lambda told: told.stage == "check" and told.readable)
        self.course.say(Begin())
        self.wait_for(lambda told: told.stage == "film")

    def _changed(self) -> None:
        with self._news:
            self._news.notify_all()

    def _run(self) -> None:
        self.report = self.course.run()


@contextmanager
def running(parts: Parts, settings: AgentSettings, *, baseline_s: float = 0.0) -> Iterator[Running]:
    """Closed at the end, if it was not before."""
    course = Running(Course(settings, parts, baseline_s=baseline_s))
    try:
        yield course
    finally:
        course.course.close()
        course.thread.join(WAIT_S)
    assert not course.thread.is_alive()
    assert parts.cameras.open == 0
