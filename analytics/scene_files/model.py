"""What readers find in a file, and what becomes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal

from analytics.catalogue import Scene
from contract.film_time import FrameRate

Group = Literal["shots", "name", "markers"]
"""How scenes are made: one a shot, one a run of shots with the same name, one a marker."""

LONGEST_NAME = 200
"""Characters; a longer name is somebody's paragraph of notes."""


class Unit(Enum):
    """What the numbers of a find count."""

    LABEL = auto()
    """Frames from timecode 00:00:00:00."""
    FRAME = auto()
    """Frames from the first frame of the file's own timeline."""
    MS = auto()
    """Milliseconds from the first frame of the film."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is not sound, and what was done about it."""

    text: str
    line: int | None = None
    """Line of the file, from 1; None for what concerns no one line."""

    def __str__(self) -> str:
        return self.text if self.line is None else f"line {self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Span:
    """A shot, a marker or a scene: [start, end) in the unit of its find; a marker of one frame has no end."""

    name: str
    start: int
    end: int | None
    line: int | None = None

    @property
    def where(self) -> str:
        """How a message calls it."""
        return f"{self.name!r}" if self.line is None else f"{self.name!r} on line {self.line}"


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader found; nothing of it is in order yet."""

    format: str
    unit: Unit
    shots: tuple[Span, ...] = ()
    markers: tuple[Span, ...] = ()
    notes: tuple[Note, ...] = ()
    rate: FrameRate | None = None
    """The rate that the file itself states; its ``drop_frame`` counts only where ``drop`` is not None."""
    drop: bool | None = None
    """Whether the file says that its timecode is drop-frame; None where it does not say."""
    start: int | None = None
    """Timecode of the timeline's first frame, in frames from 00:00:00:00; None where the file has none."""
    end: int | None = None
    """Where the timeline ends, in ``unit``; None where the file does not say."""


@dataclass(frozen=True, slots=True)
class SceneFile:
    """The scenes of a file, in film order, and what was not sound in it."""

    format: str
    scenes: tuple[Scene, ...]
    notes: tuple[Note, ...]
    rate: FrameRate | None
    """The rate at which the file was read; None where nothing in it depends on one."""
    start_timecode: str | None
    """Timecode of the cut's first frame, as it was given or found; None where neither."""


def clean_name(text: str) -> str:
    """One line without control characters, at most ``LONGEST_NAME`` characters; may be empty."""
    name = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]", " ", text).split())
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
