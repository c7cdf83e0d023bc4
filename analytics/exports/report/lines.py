"""The chart's numbers: seconds averaged into bins that a page has room for, broken where nothing is known. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import fsum

from analytics.exports.figures import Second
from analytics.exports.words import STANDS_OUT
from contract.emotions import EMOTIONS

_STEPS_MS = (1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000)


@dataclass(frozen=True, slots=True)
class Point:
    """A bin's middle, milliseconds, and its mean."""

    ms: int
    value: float


def step_ms(span_ms: int, most_bins: int) -> int:
    """The shortest round step that keeps ``span_ms`` within ``most_bins`` bins."""
    return next((step for step in _STEPS_MS if span_ms <= step * most_bins), _STEPS_MS[-1])


def line(seconds: Sequence[Second], value: Callable[[Second], float | None], step: int) -> list[list[Point]]:
    """Means of bins of ``step`` ms; a new stretch begins where bins are missing."""
    bins: defaultdict[int, list[float]] = defaultdict(list)
    for second in seconds:
        known = value(second)
        if known is not None:
            bins[second.t_ms // step].append(known)
    stretches: list[list[Point]] = []
    before: int | None = None
    for number in sorted(bins):
        if before is None or number != before + 1:
            stretches.append([])
        stretches[-1].append(Point(number * step + step // 2, fsum(bins[number]) / len(bins[number])))
        before = number
    return stretches


def share(emotion: str, end: str = "share") -> Callable[[Second], float | None]:
    """One emotion's share of viewers, or an ``end`` of its interval."""

    def of(second: Second) -> float | None:
        reaction = second.reactions.get(emotion)
        return None if reaction is None else float(getattr(reaction, end))

    return of


def strongest(seconds: Sequence[Second], step: int) -> list[str]:
    """The emotions with the highest binned peaks, neutral aside: those that stand out, else the first of all."""
    heights: dict[str, float] = {}
    for emotion in EMOTIONS:
        points = [point for stretch in line(seconds, share(emotion), step) for point in stretch]
        if emotion != "neutral" and points:
            heights[emotion] = max(point.value for point in points)
    ordered = sorted(heights, key=lambda emotion: -heights[emotion])
    clear = [emotion for emotion in ordered if heights[emotion] >= STANDS_OUT]
    return clear or ordered[:1]
