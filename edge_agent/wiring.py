"""Puts a session together from settings: which source, clock, detector, classifier, outbox and broker."""

from __future__ import annotations

import contextlib
import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch

from contract.broker_access import OPEN, BrokerAccess
from edge_agent.agent import Progress, RunReport, run_agent
from edge_agent.burden import BurdenMeter
from edge_agent.camera import CameraSource
from edge_agent.classifier import Classifier
from edge_agent.clocks.cue import CueClock
from edge_agent.clocks.file import FileClock
from edge_agent.clocks.mpris import MprisPlayer
from edge_agent.clocks.mpv import MpvPlayer
from edge_agent.clocks.players import MprisAt, MpvAt, VlcAt
from edge_agent.clocks.port import PlaybackClock
from edge_agent.clocks.reported import ReportedClock
from edge_agent.clocks.vlc import VlcPlayer
from edge_agent.clocks.wanted import WantedFilm
from edge_agent.errors import PublishError
from edge_agent.face_tracker import TrackingFinder
from edge_agent.guest import Guest
from edge_agent.lent_camera import GIVE_UP_S, Absence, LentCamera
from edge_agent.mtcnn import MtcnnFinder
from edge_agent.outbox import Outbox
from edge_agent.pacing import AsFastAsItGoes, RealTime
from edge_agent.publisher import KafkaPublisher
from edge_agent.settings import AgentSettings
from edge_agent.signals import stop_on_signals
from edge_agent.sources import FrameSource
from edge_agent.upright import Upright
from edge_agent.video_file import FileSource

log = logging.getLogger(__name__)


def open_and_run(
    settings: AgentSettings,
    progress: Callable[[Progress], None] = lambda _: None,
    *,
    wait_for_cue: Callable[[], None] = lambda: None,
    cued: Callable[[CueClock], None] = lambda _: None,
    following: Callable[[str], None] = lambda _: None,
) -> RunReport:
    """Open what ``settings`` names and run one session.

    ``wait_for_cue`` is called once everything is ready, with ``clock="cue"`` only; when it returns the film starts,
    and ``cued`` is given the clock, to set it right later. ``following`` is told which film a player has open, or is to
    open, where one tells film time. Footage runs as fast as this machine can, or at its own
    speed where something else tells film time. Ctrl-C and SIGTERM end the session properly; a second Ctrl-C ends the
    wait for the broker. Raises EdgeError before anything is kept when a part cannot be opened.
    """
    with contextlib.ExitStack() as opened:
        opened.callback(torch.set_num_threads, torch.get_num_threads())
        torch.set_num_threads(settings.threads)
        stop = opened.enter_context(stop_on_signals())
        absence = Absence(log.warning)
        source, clock = _open_source(settings, absence, stop)
        opened.callback(source.close)
        if isinstance(source, LentCamera):
            opened.callback(source.release)
        player = open_player(settings)
        if player is not None:
            opened.callback(player.close)
            clock = player.clock
            following(str(player.film.name))
        detector = MtcnnFinder()
        classifier = Classifier.load(settings.model, settings.engine)
        outbox = opened.enter_context(Outbox(settings.outbox))
        publisher = None
        if settings.bootstrap is not None:
            publisher = KafkaPublisher(
                outbox, settings.bootstrap, access=settings.access, flush_s=settings.flush_seconds
            )
        if isinstance(clock, CueClock):
            wait_for_cue()
            clock.cue(time.monotonic_ns())
            cued(clock)
        report = run_agent(
            settings,
            source=source,
            clock=clock,
            finder=TrackingFinder(detector, room=settings.room, rate_hz=settings.rate_hz),
            classifier=classifier,
            outbox=outbox,
            upright=Upright(detector),
            publisher=publisher,
            progress=progress,
            stop=stop,
            hold_ms=player.hold_ms if player is not None else 0,
            guest=_guest(settings, player.clock if player is not None else None),
        )
        warnings = (
            *report.warnings,
            absence.warning(),
            player.film.warning() if player is not None else None,
        )
        return replace(report, warnings=tuple(line for line in warnings if line))


def send_outbox(
    path: Path, bootstrap: str, *, access: BrokerAccess = OPEN, flush_seconds: float = 10.0
) -> tuple[int, PublishError | None]:
    """Send what waits in the outbox at ``path``; the samples that are left, and why. Raises OutboxError."""
    with Outbox(path) as outbox:
        publisher = KafkaPublisher(outbox, bootstrap, access=access, flush_s=flush_seconds)
        publisher.start()
        trouble = publisher.finish()
        return outbox.left(), trouble


def _guest(settings: AgentSettings, clock: ReportedClock | None) -> Guest | None:
    """None where no film plays: footage is looked at as fast as it goes. A hall's machine may be there for this."""
    if settings.playback == "file":
        return None
    return Guest(
        settings.rate_hz,
        BurdenMeter(),
        lambda: clock.dropped if clock is not None else None,
        stays_busy_s=math.inf,
    )


def _open_source(
    settings: AgentSettings, absence: Absence, stop: threading.Event
) -> tuple[FrameSource, PlaybackClock]:
    """With the clock that needs nobody else."""
    number = settings.camera
    if number is not None:
        camera = LentCamera(
            partial(CameraSource.open, number),
            source=CameraSource.open(number),
            changed=absence,
            stop=stop,
            give_up_s=GIVE_UP_S,
        )
        camera.lend(True)
        return camera, CueClock()
    path = Path(settings.source).expanduser()
    if settings.playback != "file":
        return FileSource(path, RealTime()), CueClock()
    clock = FileClock()
    return FileSource(path, AsFastAsItGoes(), rounds=settings.rounds, on_round=clock.begin_round), clock


def open_player(settings: AgentSettings) -> MpvPlayer | VlcPlayer | MprisPlayer | None:
    """The player that the clock of ``settings`` names, if it names one. Raises PlayerError."""
    film = WantedFilm(settings.plays)
    match settings.player:
        case MpvAt(socket):
            return MpvPlayer(socket, ReportedClock(), film)
        case VlcAt(host, port):
            return VlcPlayer(host, port, settings.vlc_password, ReportedClock(), film)
        case MprisAt(name):
            return MprisPlayer(name, ReportedClock(), film)
        case None:
            return None
