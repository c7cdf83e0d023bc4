"""Puts what a reader found on the cut's time: milliseconds from its first frame, right to the frame.

Three clocks meet here. An EDL and lists of markers speak in timecode, of which the cut's first frame has one.
A timeline counts its own frames, and may begin before the cut does (a leader, a slate). Chapters count the film's
milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from analytics.scene_files.model import Found, Note, Span, Unit
from analytics.scene_files.rates import settled_rate
from analytics.scene_files.source import Asked, Source
from analytics.scene_files.starts import first_label, first_of_timeline, label_frame
from contract.film_time import FrameRate, frame_to_ms


@dataclass(frozen=True, slots=True)
class Placed:
    """Shots and markers in milliseconds of the cut; in the order of the file, and perhaps before its start."""

    shots: tuple[Span, ...]
    markers: tuple[Span, ...]
    notes: tuple[Note, ...]
    rate: FrameRate | None
    start_timecode: str | None
    end_ms: int | None
    """Where the last scene ends, as the person said."""
    length_ms: int | None
    """Where the file's own timeline ends."""


def place(source: Source, found: Found, asked: Asked) -> Placed:
    """Raises SceneListError where rates contradict each other, or nobody can tell where the cut begins."""
    if found.unit is Unit.MS:
        return _chapters(source, found, asked)
    notes: list[Note] = []
    rate = settled_rate(source, found, asked)
    if found.unit is Unit.LABEL:
        first, start_timecode = first_label(source, found, asked, rate, notes)
        shift = -first
    else:
        first, shift, start_timecode = first_of_timeline(source, found, asked, rate, notes)

    def ms(frame: int) -> int:
        return frame_to_ms(frame + shift, rate)

    def placed(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(
            replace(span, start=ms(span.start), end=None if span.end is None else ms(span.end))
            for span in spans
        )

    return Placed(
        placed(found.shots),
        placed(found.markers),
        (*found.notes, *notes),
        rate,
        start_timecode,
        end_of(source, asked, rate, first),
        None if found.end is None else ms(found.end),
    )


def _chapters(source: Source, found: Found, asked: Asked) -> Placed:
    """Chapters lie on the film's own milliseconds; a frame's rounding to them is undone."""
    rate = asked.rate
    notes = []
    if rate is not None and found.rate is not None and rate.fraction != found.rate.fraction:
        notes.append(Note(f"the film's file runs at {found.rate} frames a second, the cut at {rate}"))

    def on_frame(ms: int) -> int:
        if rate is None:
            return ms
        exact = frame_to_ms(round(ms * rate.fraction / 1000), rate)
        return exact if abs(exact - ms) <= 1 else ms

    def placed(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(
            replace(span, start=on_frame(span.start), end=None if span.end is None else on_frame(span.end))
            for span in spans
        )

    first = 0
    if asked.end_timecode is not None:
        if rate is None:
            raise source.error(
                "--end is a timecode, which needs the cut's frame rate: give it, for example --rate 25"
            )
        if asked.start_timecode is not None:
            first = label_frame(source, asked.start_timecode, rate, "the cut's start timecode")
    return Placed(
        placed(found.shots),
        placed(found.markers),
        (*found.notes, *notes),
        rate or found.rate,
        asked.start_timecode,
        None if rate is None else end_of(source, asked, rate, first),
        found.end,
    )


def end_of(source: Source, asked: Asked, rate: FrameRate, first: int) -> int | None:
    """Where the person ends the last scene, in milliseconds; ``first`` is the label of the cut's first frame."""
    if asked.end_timecode is None:
        return None
    end = label_frame(source, asked.end_timecode, rate, "--end") - first
    if end <= 0:
        raise source.error(f"--end {asked.end_timecode} does not lie after the cut's first frame")
    return frame_to_ms(end, rate)
