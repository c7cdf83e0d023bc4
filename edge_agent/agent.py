"""One session: frames in, messages out.

In order, for every frame: where was the film? → is a sample due? → the viewers in it (``viewers``) → the film
second's window → the outbox. A start message goes ahead of the first frame, an end message behind the last, also after
Ctrl-C.

While the outbox cannot be written (its disk is full) the film goes on: samples wait in memory and are tried again with
each window. What is too much for the memory, or is still there at the end, is lost and counted as dropped.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from contract.messages import MOST_SAMPLES, WINDOW_MS, Message, Reactions, Sample, new_session_id
from edge_agent.clocks.port import PlaybackClock, Position
from edge_agent.errors import OutboxError, OutboxStuckError, SourceError
from edge_agent.faces import FaceFinder
from edge_agent.guest import Burden, End, Guest, Why
from edge_agent.lasted import lasted
from edge_agent.light import light
from edge_agent.outbox import Outbox
from edge_agent.ports import EmotionClassifier, Publisher
from edge_agent.randomised_answers import Answers
from edge_agent.settings import AgentSettings
from edge_agent.sources import Frame, FrameSource
from edge_agent.upright import Upright
from edge_agent.viewers import Viewers
from edge_agent.windows import Windows

__all__ = ["AgentSettings", "Progress", "RunReport", "run_agent"]

MOST_HELD = 100_000
"""Samples that wait in memory for an outbox that cannot be written: some 25 MB, nine hours of film of three viewers."""
NO_FACE = (
    "no face was found in {frames} looks at the viewers; put more light on the faces, come nearer, "
    "or check the picture that --source gives"
)
FULL_OUTBOX = (
    "{} samples were dropped, the oldest first, because the outbox was full; bring the broker back sooner"
)
FULL_DISK = "{} samples were dropped, because the outbox could not be written; free some space on its disk"
COVERED = "for {} the picture was black or of one colour; is the camera's lid open?"
COVERED_S = 5
"""A hand in front of the camera is gone sooner."""
NOT_ENDED = (
    "{} samples are lost and the session's end could not be kept, so houselights ledger will name it: {}"
)
NOT_WITHDRAWN = "the session is not taken back yet, because that could not be kept: {}"
NO_FILM = (
    "the film never played, so nothing was looked at; with --clock cue, give the cue when it starts, "
    "with a player, let it play"
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """How far a run is, after each sampled frame.

    generated: samples in the outbox or past it. waits_s: how long the oldest unsent message has waited, where there is
    a publisher; 0 when none does. burden: of this machine, None before it was measured; slowed: why the viewers are
    looked at less often for now.
    """

    film_ms: int
    pass_: int
    frames_sampled: int
    viewers: int
    generated: int
    waits_s: float = 0.0
    burden: Burden | None = None
    slowed: Why = ""


@dataclass(frozen=True)
class RunReport:
    """What a run did.

    generated, published, dropped, left: samples of this session. seconds: of film,
    rewatches included, in which the viewers were looked at. warnings: a line each, with what to try. withdrawn: the
    viewer took the session back; its counts are then 0, for the device has forgotten it too. most_cpu, most_memory_mb:
    the most that it took of one core (a share, over five seconds) and of memory; None where nobody played the film.
    ended_by: what this machine could not bear, where it ended before the film did.
    """

    session: str
    generated: int
    published: int
    dropped: int
    left: int
    frames_sampled: int
    viewers: int
    seconds: int
    warnings: tuple[str, ...] = ()
    withdrawn: bool = False
    most_cpu: float | None = None
    most_memory_mb: int | None = None
    ended_by: End = ""

    @property
    def warning(self) -> str | None:
        """All warnings in one line; None when there are none."""
        return "; ".join(self.warnings) or None

    @property
    def no_face(self) -> bool:
        """Whether nobody was seen in the whole run."""
        return self.viewers == 0


def run_agent(
    settings: AgentSettings,
    *,
    source: FrameSource,
    clock: PlaybackClock,
    finder: FaceFinder,
    classifier: EmotionClassifier,
    outbox: Outbox,
    upright: Upright | None = None,
    publisher: Publisher | None = None,
    session_id: str | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
    kept: Callable[[Message], None] = lambda _: None,
    stop: threading.Event | None = None,
    withdraw: threading.Event | None = None,
    hold_ms: int = 0,
    guest: Guest | None = None,
) -> RunReport:
    """Run one session until the source ends, ``settings.film_seconds`` are over, or ``stop`` is set.

    ``kept`` is told of each message once the outbox holds it. If ``withdraw`` is set by the end, the viewer takes the
    session back. ``session_id``: a new one unless given. ``hold_ms``: how long a frame is held before the clock is
    asked about it, for a player that tells late where it was. ``guest``: how often to look, where this machine
    plays the film too.

    A camera that fails on the way, a broker that is away and Ctrl-C end the session like any other; the
    report warns of what went wrong. Without ``upright`` pictures are taken as they come. Closes nothing that it was
    given. Raises OutboxError when not even the start can be kept, or the outbox is damaged.
    """
    session = _Session(
        settings,
        Viewers(finder, classifier, upright),
        classifier.model_id,
        outbox,
        publisher,
        session_id=session_id,
        kept=kept,
        guest=guest,
    )
    warnings: list[str] = []
    session.begin()
    try:
        for frame in _held(source, hold_ms, stop or threading.Event()):
            position = clock.media_at(frame.captured_ns)
            if (
                settings.film_seconds is not None
                and position
                and position.film_ms >= settings.film_seconds * 1000
            ):
                break
            if session.look(frame, position):
                progress(session.progress(position))
            if guest is not None and guest.ends:
                break
    except KeyboardInterrupt:
        pass  # the way a person ends a session
    except SourceError as error:
        warnings.append(str(error))
    finally:
        if withdraw is not None and withdraw.is_set():
            session.withdraw()
        else:
            session.end()
    if source.skipped:
        warnings.append(f"{source.skipped} damaged frames of the source were left out")
    if publisher is not None:
        trouble = publisher.finish()
        left = outbox.left()
        if trouble is not None:
            warnings.append(
                f"{left} samples stay in the outbox {outbox.path}: {trouble}. Nothing is lost: "
                "the next run with this outbox and --to sends them, and so does: houselights ingest --from outbox:PATH"
            )
    return session.report(warnings)


def _held(source: FrameSource, hold_ms: int, stop: threading.Event) -> Iterator[Frame]:
    """Frames in order, each once another was taken ``hold_ms`` after it, or none is taken any more."""
    held: deque[Frame] = deque()
    while not stop.is_set() and (frame := source.grab()) is not None:
        held.append(frame)
        while held and frame.captured_ns - held[0].captured_ns >= hold_ms * 1_000_000:
            yield held.popleft()
    yield from held


class _Session:
    """The moving parts of one run."""

    def __init__(
        self,
        settings: AgentSettings,
        viewers: Viewers,
        model_id: str,
        outbox: Outbox,
        publisher: Publisher | None,
        *,
        session_id: str | None = None,
        kept: Callable[[Message], None] = lambda _: None,
        guest: Guest | None = None,
    ) -> None:
        self._guest = guest
        self._settings = settings
        self._viewers = viewers
        self._model_id = model_id
        self._outbox = outbox
        self._publisher = publisher
        self._kept = kept
        self._id = session_id or new_session_id()
        self._windows = Windows()
        self._answers = Answers(settings.answers) if settings.answers else None
        self._samples: list[Sample] = []
        self._seq = 0
        self._generated = 0
        self._frames = 0
        self._last_slot: tuple[int, int] | None = None
        self._waits_s = 0.0
        self._covered_s = 0.0
        self._stuck: OutboxStuckError | None = None
        """Why nothing can be kept at the moment."""
        self._lost = 0
        """Samples that found no place in the outbox, and that its ledger does not know of before the end."""
        self._ended = False
        self._withdrawn: bool | None = None
        """Whether the viewer's withdrawal is kept; None when none was asked for."""

    def begin(self) -> None:
        self._append(self._settings.start(self._id, self._model_id))
        if self._publisher is not None:
            self._publisher.start()

    def look(self, frame: Frame, position: Position | None) -> bool:
        """Sample ``frame`` if the film plays and a sample is due; whether it was."""
        if position is None:
            return False
        rate_hz = self._settings.rate_hz
        if self._guest is not None:
            self._guest.look(frame.captured_ns)
            rate_hz = self._guest.rate_hz
        slot = (position.pass_, int(position.film_ms * rate_hz / 1000))
        if slot == self._last_slot:
            return False
        self._last_slot = slot
        self._frames += 1
        sightings = self._viewers.look(frame.image, frame.captured_ns // 1_000_000)
        if not sightings and light(frame.image) == "covered":
            self._covered_s += 1 / rate_hz
        self._keep(
            self._windows.add(
                position.film_ms, position.pass_, sightings, self._viewers.seated, self._viewers.waiting
            ),
            position.film_ms,
        )
        return True

    def end(self) -> None:
        self._keep(self._windows.flush(self._viewers.seated), 0)
        if self._answers is not None:
            self._samples += self._answers.rest()
        self._write()
        self._lose(len(self._samples))
        try:
            end = self._outbox.append_end(self._id, self._lost)
        except OutboxStuckError as error:
            self._stuck = error
        else:
            self._ended = True
            self._kept(end)
        self._wake()

    def withdraw(self) -> None:
        self._samples.clear()
        try:
            withdrawal = self._outbox.withdraw(self._id)
        except OutboxStuckError as error:
            self._stuck, self._withdrawn = error, False
        else:
            self._withdrawn = True
            self._kept(withdrawal)
        self._wake()

    def progress(self, position: Position | None) -> Progress:
        film_ms, pass_ = (position.film_ms, position.pass_) if position else (0, 0)
        if self._publisher is not None:
            with contextlib.suppress(OutboxError):  # whoever writes next says so; this is for a status line
                self._waits_s = self._outbox.waits_s()
        seated = len(self._viewers.seated)
        burden, slowed = (self._guest.burden, self._guest.why) if self._guest else (None, "")
        return Progress(film_ms, pass_, self._frames, seated, self._generated, self._waits_s, burden, slowed)

    def report(self, warnings: list[str]) -> RunReport:
        ledger = self._outbox.ledger(self._id)
        unknown = 0 if self._ended or self._withdrawn else self._lost
        if self._withdrawn is False:
            warnings.append(NOT_WITHDRAWN.format(self._stuck))
        if not self._ended and self._withdrawn is None:
            warnings.append(NOT_ENDED.format(self._lost, self._stuck))
        elif self._lost:
            warnings.append(FULL_DISK.format(self._lost))
        dropped = ledger.dropped + unknown
        if dropped > self._lost:
            warnings.append(FULL_OUTBOX.format(dropped - self._lost))
        if self._covered_s >= COVERED_S:
            warnings.append(COVERED.format(lasted(self._covered_s)))
        if self._guest is not None:
            warnings += self._guest.warnings(self._windows.seconds)
        warnings += self._viewers.warnings()
        if self._frames == 0:
            warnings.append(NO_FILM)
        elif not self._viewers.seated:
            warnings.append(NO_FACE.format(frames=self._frames))
        most = self._guest.most if self._guest and self._guest.burden else None
        return RunReport(
            session=self._id,
            generated=ledger.generated + unknown,
            published=ledger.published,
            dropped=dropped,
            left=ledger.left,
            frames_sampled=self._frames,
            viewers=len(self._viewers.seated),
            seconds=self._windows.seconds,
            warnings=tuple(warnings),
            withdrawn=self._withdrawn is True,
            most_cpu=round(most.cpu, 3) if most else None,
            most_memory_mb=most.memory_mb if most else None,
            ended_by=self._guest.ends if self._guest else "",
        )

    def _keep(self, samples: list[Sample], film_ms: int) -> None:
        self._samples.extend(samples if self._answers is None else self._answers.take(samples, film_ms))
        if not self._samples:
            return
        first, last = self._samples[0], self._samples[-1]
        if (
            first.pass_ != last.pass_
            or abs(last.t - first.t) + last.d >= self._settings.batch_seconds * WINDOW_MS
            or len(self._samples) >= MOST_SAMPLES
        ):
            self._write()

    def _write(self) -> None:
        try:
            while self._samples:
                batch = self._samples[:MOST_SAMPLES]
                self._append(Reactions(session=self._id, seq=self._seq + 1, samples=batch))
                self._samples = self._samples[MOST_SAMPLES:]
                self._seq += 1
                self._generated += len(batch)
        except OutboxStuckError as error:
            if self._stuck is None:
                log.warning("%s; the film goes on, and what is seen waits in memory", error)
            self._stuck = error
            self._lose(len(self._samples) - MOST_HELD)
        else:
            if self._stuck is not None:
                log.warning("the outbox %s can be written again", self._outbox.path)
            self._stuck = None
        self._wake()

    def _append(self, message: Message) -> None:
        self._outbox.append(message)
        self._kept(message)

    def _lose(self, count: int) -> None:
        """The oldest ``count`` of the samples that wait."""
        if count > 0:
            del self._samples[:count]
            self._lost += count

    def _wake(self) -> None:
        if self._publisher is not None:
            self._publisher.wake()
