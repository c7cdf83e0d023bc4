"""The viewer's course, in a thread of its own: consent, camera, quiet seconds, film, and what was sent.

Nothing is opened before the viewer agrees. What goes wrong here ends the measuring and never the film, which the
browser plays by itself.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from contract.messages import CONSENT_VERSION, Message, new_session_id
from edge_agent.agent import Progress, RunReport, run_agent
from edge_agent.clocks.report import PlayerState, Report
from edge_agent.clocks.reported import ReportedClock
from edge_agent.contrast import readable
from edge_agent.errors import EdgeError
from edge_agent.faces import FaceFinder, by_size, is_front, is_readable
from edge_agent.lent_camera import Absence, CameraState, LentCamera
from edge_agent.light import light
from edge_agent.outbox import Outgoing
from edge_agent.settings import AgentSettings
from edge_agent.sources import Frame
from edge_agent.upright import Upright
from edge_agent.view import messages
from edge_agent.view.baseline import Baseline
from edge_agent.view.eyes import Eyes
from edge_agent.view.messages import Cost, Measuring, Told, Why
from edge_agent.view.parts import Parts
from edge_agent.view.sent import SentLog

LOOKS_A_SECOND = 4
"""While the camera is placed and in the quiet seconds."""
PREVIEW_EVERY_NS = 120_000_000
LIGHT_EVERY_NS = 500_000_000
HOLD_MS = 200
"""How late a jump of the film may be told, on a busy machine."""
_PLAYS: set[PlayerState] = {"playing", "buffering", "seeking"}
"""The camera stays as it is while a film that plays is moved or waits for its data."""
_STOPPED_BY: dict[PlayerState, Why] = {"ended": "film_ended", "lost": "page_hidden"}

log = logging.getLogger(__name__)


class Course:
    """``run`` it in a thread; the other methods may be called from any."""

    def __init__(self, settings: AgentSettings, parts: Parts, *, baseline_s: float) -> None:
        self._settings = settings
        self._parts = parts
        self._changed: Callable[[], None] = lambda: None
        self._baseline = Baseline(baseline_s)
        self._session = new_session_id()
        self._sent = SentLog(self._session)
        self._clock = ReportedClock()
        self._absence = Absence(lambda _: None)  # the page says it
        self._camera = LentCamera(parts.camera, seen=self._see, changed=self._camera_changed)
        self._state = threading.Condition()
        self._told = Told(sends=settings.bootstrap is not None)
        self._preview: NDArray[np.uint8] | None = None
        self._preview_ns = 0
        self._light_ns = 0
        self._face: NDArray[np.float32] | None = None
        self._language: str | None = None
        self._declined = False
        self._begun = self._skipped = False
        self._measure = True
        self._film: PlayerState = "paused"
        self._plays = False
        """Whether the film played before it was moved, or began to wait."""
        self._attended = False
        """Whether a page is there."""
        self._over = False
        """Nothing is measured any more."""
        self._closed = False
        self._stop = threading.Event()
        self._withdraw = threading.Event()

    # ------------------------------------------------------------------------------- what the page sees

    def when_changed(self, changed: Callable[[], None]) -> None:
        """Call ``changed``, from any thread, when ``told`` or ``take_preview`` has something new."""
        self._changed = changed

    def told(self) -> Told:
        """All that the page shows."""
        with self._state:
            return msgspec.structs.replace(self._told, sent=self._sent.counts, last=self._sent.last)

    def take_preview(self) -> NDArray[np.uint8] | None:
        """The newest picture (height, width, 3) uint8 RGB that was not taken yet, while the camera is placed."""
        with self._state:
            preview, self._preview = self._preview, None
            return preview

    def lines(self, *, sent: bool) -> bytes:
        """See ``SentLog.lines``."""
        return self._sent.lines(sent=sent)

    # ------------------------------------------------------------------------------- what the page says

    def say(self, message: messages.Said) -> None:
        """Take in what the viewer wants."""
        with self._state:
            match message:
                case messages.Agree(version=version, language=language):
                    if self._told.stage == "consent" and version == CONSENT_VERSION:
                        self._language = language
                case messages.Decline():
                    self._decline()
                case messages.Begin():
                    self._begun = True
                case messages.Skip():
                    self._skipped = True
                case messages.Measure(on=on):
                    self._measure = on
                case messages.Stop():
                    self._end("stopped")
                case messages.Finish():
                    self._end("finished")
                    self._tell(stage="summary")
                case messages.TakeBack():
                    self._withdraw.set()
                    self._end("withdrawn")
                case _:
                    pass
            self._settle()
            self._state.notify_all()

    def film(self, report: Report) -> None:
        """What the player shows."""
        self._clock.report(report)
        with self._state:
            if report.state == self._film:
                return
            self._film = report.state
            self._plays = (
                self._plays if report.state in {"seeking", "buffering"} else report.state == "playing"
            )
            self._settle()

    def attend(self, there: bool) -> None:
        """Whether a page is there; without one the camera is closed and nobody knows where the film is."""
        with self._state:
            self._attended = there
            self._settle()

    def close(self) -> None:
        """End it: a session that runs ends properly."""
        with self._state:
            self._closed = True
            self._end("finished")
            self._state.notify_all()

    # --------------------------------------------------------------------------------------- the course

    def run(self) -> RunReport | None:
        """Until ``close``; None when nothing was measured."""
        try:
            report = self._measured()
        except EdgeError as error:
            log.debug("the course ended: %s", error)
            self._fail("session", str(error))
            report = None
        finally:
            self._fail(
                "session", ""
            )  # whatever happened: nothing is measured any more, and the viewer sees it
            self._camera.release()
        with self._state:
            self._state.wait_for(lambda: self._closed or self._withdraw.is_set())
        if report is not None and self._withdraw.is_set() and not report.withdrawn:
            return self._take_back(report)
        with self._state:
            self._state.wait_for(lambda: self._closed)
        return report

    def _measured(self) -> RunReport | None:
        """From consent to the session's end."""
        try:
            eyes = self._parts.eyes()
        except EdgeError as error:
            self._fail("model", str(error))
            return None
        with self._state:
            self._tell(ready=True)
            self._state.wait_for(lambda: self._language or self._over)
            if self._over or self._language is None:
                return None
            language = self._language
            self._tell(stage="check", why="by_viewer")
            self._settle()
        if not (self._place(eyes) and self._rest(eyes)):
            return None
        settings = replace(self._settings, consent_language=language, calibration=self._baseline.quality)
        with self._parts.outbox() as outbox:
            publisher = self._parts.publisher(outbox, self._taken)
            with self._state:
                self._camera.lend(False)
                self._tell(stage="film", quality=self._baseline.quality)
                self._settle()
            report = run_agent(
                settings,
                source=self._camera,
                clock=self._clock,
                finder=eyes.new_finder(),
                classifier=eyes.classifier,
                outbox=outbox,
                upright=eyes.new_upright(),
                publisher=publisher,
                session_id=self._session,
                kept=self._kept,
                stop=self._stop,
                withdraw=self._withdraw,
                hold_ms=HOLD_MS,
                guest=self._parts.guest(lambda: self._clock.dropped),
                progress=self._cost,
            )
        if report.ended_by:
            self._fail("machine", "")
        self._tell(withdrawn=report.withdrawn)
        absence = self._absence.warning()
        return replace(report, warnings=(*report.warnings, absence)) if absence else report

    def _place(self, eyes: Eyes) -> bool:
        """Look until the viewer finds the camera well placed; whether to go on."""
        finder, upright = eyes.new_finder(), eyes.new_upright()
        looked_ns = 0
        while not self._begun:
            frame = self._camera.grab()
            if frame is None:
                return False
            if frame.captured_ns - looked_ns >= 1e9 / LOOKS_A_SECOND:
                looked_ns = frame.captured_ns
                self._look(frame, finder, upright)
        return not self._over

    def _rest(self, eyes: Eyes) -> bool:
        """Look at the viewer at rest, for the baseline's seconds; whether to go on."""
        finder, upright = eyes.new_finder(), eyes.new_upright()
        looked_ns = 0
        if self._baseline.left_s > 0:
            self._tell(stage="baseline", baseline_left_s=self._baseline.left_s)
        while not (self._skipped or self._baseline.left_s == 0):
            frame = self._camera.grab()
            if frame is None:
                return False
            if frame.captured_ns - looked_ns >= 1e9 / LOOKS_A_SECOND:
                looked_ns = frame.captured_ns
                self._baseline.look(frame.captured_ns, readable=self._look(frame, finder, upright))
                self._tell(baseline_left_s=self._baseline.left_s)
        return not self._over

    def _look(self, frame: Frame, finder: FaceFinder, upright: Upright) -> bool:
        """Whether there is a face that can be read, and turned to the screen."""
        picture = readable(frame.image)
        image = upright.turned(picture)
        faces = finder.find(image)
        if upright.learn(picture, faces):
            image = upright.turned(picture)
            faces = finder.find(image)
        good = any(is_readable(image.shape, face.box) and is_front(face.landmarks) for face in faces)
        # Where the face is in the picture as it came is known only while the picture stands upright.
        self._face = by_size(faces)[0].box if faces and not upright.turns else None
        self._tell(faces=len(faces), readable=good)
        return good

    def _take_back(self, report: RunReport) -> RunReport:
        """After the session's end."""
        try:
            with self._parts.outbox() as outbox:
                self._kept(outbox.withdraw(self._session))
                publisher = self._parts.publisher(outbox, self._taken)
                self._tell(withdrawn=True)
                if publisher is not None:
                    publisher.start()
                    publisher.finish()
        except EdgeError as error:
            self._tell(trouble=str(error))
            return report
        with self._state:
            self._state.wait_for(lambda: self._closed)
        return replace(report, generated=0, published=0, dropped=0, left=0, withdrawn=True)

    # ---------------------------------------------------------------------------------------- the state

    def _see(self, frame: Frame) -> None:
        """Every frame while the camera is open."""
        if frame.captured_ns - self._light_ns >= LIGHT_EVERY_NS:
            self._light_ns = frame.captured_ns
            self._tell(light=light(frame.image, self._face if self._told.stage != "film" else None))
        if (
            self._told.stage in {"check", "baseline"}
            and frame.captured_ns - self._preview_ns >= PREVIEW_EVERY_NS
        ):
            self._preview_ns = frame.captured_ns
            with self._state:
                self._preview = frame.image
            self._changed()

    def _camera_changed(self, camera: CameraState, why: str) -> None:
        self._absence(camera, why)
        with self._state:
            self._tell(camera=camera, light=None)
            if not self._over:  # else the trouble that ended it stays
                self._tell(trouble=why)
            self._settle()

    def _cost(self, progress: Progress) -> None:
        burden = progress.burden
        if burden is not None:
            self._tell(cost=Cost(round(burden.cpu, 2), burden.memory_mb, burden.battery, progress.slowed))

    def _kept(self, message: Message) -> None:
        self._sent.kept(message)
        self._changed()

    def _taken(self, outgoing: Outgoing) -> None:
        self._sent.taken(outgoing)
        self._changed()

    def _decline(self) -> None:
        if not self._over:
            self._end("declined")
            self._tell(stage="film")

    def _end(self, why: Why) -> None:
        """Nothing is measured from now on, for the first reason given; that it is taken back comes before all."""
        if not self._over or why == "withdrawn":
            self._tell(measuring="off", why=why)
        self._over = True
        self._stop.set()
        self._camera.close()
        if self._told.stage in {"check", "baseline"}:
            self._tell(stage="film")

    def _fail(self, why: Why, trouble: str) -> None:
        with self._state:
            over = self._over
            self._end(why)
            if not over:
                self._tell(trouble=trouble, stage="film")

    def _settle(self) -> None:
        """Whether the camera is wanted, and what the viewer is told of it."""
        if self._over:
            return
        stage = self._told.stage
        if stage == "film":
            measuring, why = self._measuring()
            wanted = self._attended and self._measure and self._film in _PLAYS and self._plays
            self._tell(measuring=measuring, why=why)
        else:
            wanted = self._attended and stage in {"check", "baseline"}
        self._camera.lend(wanted)

    def _measuring(self) -> tuple[Measuring, Why]:
        if not self._measure:
            return "paused", "by_viewer"
        if self._film not in _PLAYS or not self._plays:
            return "paused", _STOPPED_BY.get(self._film, "film_paused")
        if self._told.camera == "missing":
            return "off", "camera"
        return "on", ""

    def _tell(self, **changes: object) -> None:
        with self._state:
            told = msgspec.structs.replace(self._told, **changes)
            if told == self._told:
                return
            self._told = told
        self._changed()
