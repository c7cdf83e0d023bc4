"""The published figures of one screening, as exports and reports take them: plain values, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import fsum

from contract.film_time import FrameRate, format_timecode, ms_to_frame


@dataclass(frozen=True, slots=True)
class Shown:
    """One screening of one cut. ``start_frame``: number of the cut's first frame, counted from 00:00:00:00."""

    screening: str
    film: str
    title: str
    cut: str
    rate: FrameRate
    start_frame: int
    k: int
    sessions: int
    viewers: int
    simulated: int
    running: bool
    version: str
    published_at: datetime

    def timecode(self, film_ms: int) -> str:
        """Timecode of the cut's frame on the screen at ``film_ms``, milliseconds from its first frame."""
        return format_timecode(self.start_frame + ms_to_frame(film_ms, self.rate), self.rate)


@dataclass(frozen=True, slots=True)
class Reaction:
    """How many of an audience showed one emotion; shares are 0 to 1 with their 95% Wilson interval."""

    emotion: str
    viewers: int
    showing: int
    share: float
    share_low: float
    share_high: float


@dataclass(frozen=True, slots=True)
class Summary:
    """A scene's figures; valence −1 to 1 with its 95% bootstrap interval, attention 0 to 100."""

    viewers: int
    valence: float
    valence_low: float | None
    valence_high: float | None
    attention: float
    strongest: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A stretch [start_ms, end_ms) of the cut; ``summary`` is None where k withheld it or nobody saw it."""

    number: int
    name: str
    start_ms: int
    end_ms: int
    summary: Summary | None = None
    reactions: Mapping[str, Reaction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Second:
    """One published film second [t_ms, t_ms + d_ms)."""

    t_ms: int
    d_ms: int
    viewers: int
    valence: float
    attention: float | None
    """None where it is withheld so that no subtraction shows single viewers."""
    reactions: Mapping[str, Reaction]


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch [start_ms, end_ms) in which more viewers reacted at once than chance explains.

    ``kind``: as in the table ``moment``. ``showing`` of ``viewers`` reacted in its peak second; shares are 0 to 1 with
    their 95% Wilson interval.
    ``displeased``: of a split, how many of ``showing`` went down; None of other kinds.
    """

    kind: str
    start_ms: int
    end_ms: int
    peak_ms: int
    showing: int
    viewers: int
    share_low: float
    share_high: float
    displeased: int | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many seconds or scenes are not published, and why: the reasons of the table left_out."""

    what: str
    cells: int
    reason: str = "fewer_than_k"


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything published of one screening; seconds and scenes in film order."""

    shown: Shown
    scenes: tuple[Scene, ...]
    seconds: tuple[Second, ...]
    left_out: tuple[LeftOut, ...] = ()
    moments: tuple[Moment, ...] = ()
    """Dips and splits, which no single emotion shows; laughs, jumps and tears are peaks (``peaks.py``)."""

    @property
    def known(self) -> tuple[tuple[Scene, Summary], ...]:
        """The scenes that have figures, each with its summary."""
        return tuple((scene, scene.summary) for scene in self.scenes if scene.summary is not None)

    @property
    def mood(self) -> float:
        """The film's own valence, −1 to 1: the mean over its seconds, or over its scenes where no second is known."""
        values = [second.valence for second in self.seconds] or [one.valence for _, one in self.known]
        return fsum(values) / len(values) if values else 0.0

    @property
    def end_ms(self) -> int:
        """Where the last scene or published second ends: nobody has to have said how long the cut is."""
        ends = [scene.end_ms for scene in self.scenes] + [s.t_ms + s.d_ms for s in self.seconds]
        return max(ends, default=0)

    def scene_at(self, film_ms: int) -> Scene | None:
        """The scene that holds ``film_ms``."""
        return next((scene for scene in self.scenes if scene.start_ms <= film_ms < scene.end_ms), None)
