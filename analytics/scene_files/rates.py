"""The frame rates that files state, and what to do when the cut's is another."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from analytics.scene_files.model import Found
from analytics.scene_files.source import Asked, Source
from contract.errors import TimecodeError
from contract.film_time import FrameRate, format_timecode

_NTSC = Fraction(1000, 1001)
_NEAR = Fraction(1, 100)
"""Frames a second: 23.98 is meant as 24000/1001, which is 0.024 away from 24."""
_USUAL = tuple(
    rate for whole in (24, 25, 30, 48, 50, 60, 100, 120) for rate in (Fraction(whole), whole * _NTSC)
)


def usual_rate(frames_per_second: float | Fraction) -> FrameRate | None:
    """The exact rate that a rounded number means; None where no film runs at it."""
    nearest = min(_USUAL, key=lambda rate: abs(rate - Fraction(frames_per_second)))
    return FrameRate(nearest) if abs(nearest - Fraction(frames_per_second)) < _NEAR else None


def exact_rate(numerator: int | Fraction, denominator: int = 1) -> FrameRate | None:
    """The rate of a fraction that a file states; None where no film runs at it."""
    try:
        return FrameRate(Fraction(numerator) / denominator)
    except (TimecodeError, ZeroDivisionError):
        return None


def stated_drop(rate: FrameRate | None, drop: bool | None) -> bool | None:
    """What a file says of drop-frame; None where it says nothing, or its rate knows no such count."""
    if rate is None or drop is None:
        return None
    try:
        FrameRate(rate.fraction, drop_frame=True)
    except TimecodeError:
        return None
    return drop


def on_a_dropped_hour(rate: FrameRate, start: int | None) -> bool:
    """Whether a timeline whose first frame is ``start`` begins on an hour in drop-frame: OTIO does not say which."""
    if not start or not stated_drop(rate, drop=True):
        return False
    try:
        return format_timecode(start, replace(rate, drop_frame=True))[2:] == ":00:00;00"
    except TimecodeError:
        return False


def settled_rate(source: Source, found: Found, asked: Asked) -> FrameRate:
    """The rate to read at: the one asked for, which the file's must not contradict, or else the file's.

    Raises SceneListError where they contradict each other.
    """
    if asked.rate is None:
        if found.rate is None:
            raise source.error("it does not state its frame rate: give it, for example --rate 25")
        return replace(found.rate, drop_frame=found.drop or False)
    if found.rate is None:
        return asked.rate
    other_count = found.drop is not None and found.drop != asked.rate.drop_frame
    if found.rate.fraction != asked.rate.fraction or other_count:
        stated = replace(found.rate, drop_frame=found.drop or False)
        raise source.error(
            f"its timeline runs at {stated} frames a second, the cut at {asked.rate}: export the cut's own "
            f"timeline, or give --rate {stated} if that is the cut's rate"
        )
    return asked.rate
