"""One session: frames in, messages out.

In order, for every frame: where was the film? → is a sample due? → the viewers in it (``viewers``) → the film
second's window → the outbox. A start message goes ahead of the first frame, an end message behind the last, also after
Ctrl-C.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from contract.messages import MOST_SAMPLES, WINDOW_MS, Reactions, Sample, new_session_id
from edge_agent.clock import PlaybackClock, Position
from edge_agent.errors import SourceError
from edge_agent.faces import FaceFinder
from edge_agent.outbox import Outbox
from edge_agent.ports import EmotionClassifier, Publisher
from edge_agent.settings import AgentSettings
from edge_agent.sources import Frame, FrameSource
from edge_agent.upright import Upright
from edge_agent.viewers import Viewers
from edge_agent.windows import Windows

__all__ = ["AgentSettings", "Progress", "RunReport", "run_agent"]

NO_FACE = (
    "no face was found in {frames} looks at the viewers; put more light on the faces, come nearer, "
    "or check the picture that --source gives"
)
NO_FILM = "the film never played, so nothing was looked at; with --clock cue, give the cue when it starts"


@dataclass(frozen=True)
class Progress:
    """How far a run is, after each sampled frame. generated: samples in the outbox or past it."""

    film_ms: int
    pass_: int
    frames_sampled: int
    viewers: int
    generated: int


@dataclass(frozen=True)
class RunReport:
    """What a run did.

    generated, published, dropped, left: samples of this session. seconds: of film,
    rewatches included, in which the viewers were looked at. warnings: a line each, with what to try.
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
    progress: Callable[[Progress], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> RunReport:
    """Run one session until the source ends, ``settings.film_seconds`` are over, or ``stop`` is set.

    A camera that fails on the way, a broker that is away and Ctrl-C end the session like any other; the
    report warns of what went wrong. Without ``upright`` pictures are taken as they come. Closes nothing that it was
    given. Raises OutboxError when nothing can be kept any more.
    """
    session = _Session(settings, Viewers(finder, classifier, upright), classifier.model_id, outbox, publisher)
    warnings: list[str] = []
    session.begin()
    try:
        while (stop is None or not stop.is_set()) and (frame := source.grab()) is not None:
            position = clock.media_at(frame.captured_ns)
            if (
                settings.film_seconds is not None
                and position
                and position.film_ms >= settings.film_seconds * 1000
            ):
                break
            if session.look(frame, position):
                progress(session.progress(position))
    except KeyboardInterrupt:
        pass  # the way a person ends a session
    except SourceError as error:
        warnings.append(str(error))
    finally:
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


class _Session:
    """The moving parts of one run."""

    def __init__(
        self,
        settings: AgentSettings,
        viewers: Viewers,
        model_id: str,
        outbox: Outbox,
        publisher: Publisher | None,
    ) -> None:
        self._settings = settings
        self._viewers = viewers
        self._model_id = model_id
        self._outbox = outbox
        self._publisher = publisher
        self._id = new_session_id()
        self._windows = Windows()
        self._samples: list[Sample] = []
        self._seq = 0
        self._generated = 0
        self._frames = 0
        self._last_slot: tuple[int, int] | None = None

    def begin(self) -> None:
        self._outbox.append(self._settings.start(self._id, self._model_id))
        if self._publisher is not None:
            self._publisher.start()

    def look(self, frame: Frame, position: Position | None) -> bool:
        """Sample ``frame`` if the film plays and a sample is due; whether it was."""
        if position is None:
            return False
        slot = (position.pass_, int(position.film_ms * self._settings.rate_hz / 1000))
        if slot == self._last_slot:
            return False
        self._last_slot = slot
        self._frames += 1
        sightings = self._viewers.look(frame.image, frame.captured_ns // 1_000_000)
        self._keep(
            self._windows.add(
                position.film_ms, position.pass_, sightings, self._viewers.seated, self._viewers.waiting
            )
        )
        return True

    def end(self) -> None:
        self._keep(self._windows.flush(self._viewers.seated))
        self._write()
        self._outbox.append_end(self._id)
        self._wake()

    def progress(self, position: Position | None) -> Progress:
        film_ms, pass_ = (position.film_ms, position.pass_) if position else (0, 0)
        return Progress(film_ms, pass_, self._frames, len(self._viewers.seated), self._generated)

    def report(self, warnings: list[str]) -> RunReport:
        ledger = self._outbox.ledger(self._id)
        if ledger.dropped:
            warnings.append(
                f"{ledger.dropped} samples were dropped, the oldest first, because the outbox was full; "
                "bring the broker back sooner"
            )
        warnings += self._viewers.warnings()
        if self._frames == 0:
            warnings.append(NO_FILM)
        elif not self._viewers.seated:
            warnings.append(NO_FACE.format(frames=self._frames))
        return RunReport(
            session=self._id,
            generated=ledger.generated,
            published=ledger.published,
            dropped=ledger.dropped,
            left=ledger.left,
            frames_sampled=self._frames,
            viewers=len(self._viewers.seated),
            seconds=self._windows.seconds,
            warnings=tuple(warnings),
        )

    def _keep(self, samples: list[Sample]) -> None:
        self._samples.extend(samples)
        if not self._samples:
            return
        first, last = self._samples[0], self._samples[-1]
        enough_ms = (self._settings.batch_seconds - 1) * WINDOW_MS
        if (
            first.pass_ != last.pass_
            or abs(last.t - first.t) >= enough_ms
            or len(self._samples) >= MOST_SAMPLES
        ):
            self._write()

    def _write(self) -> None:
        while self._samples:
            batch = self._samples[:MOST_SAMPLES]
            self._outbox.append(Reactions(session=self._id, seq=self._seq + 1, samples=batch))
            self._samples = self._samples[MOST_SAMPLES:]
            self._seq += 1
            self._generated += len(batch)
        self._wake()

    def _wake(self) -> None:
        if self._publisher is not None:
            self._publisher.wake()
