"""The timeline's numbers: binned so a long film stays light, smoothed, broken where nothing is known."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

MOST_BINS = 480
"""A bin is then two pixels or more on a wide screen, and a chart carries a few thousand rows at most."""
SMOOTHED_BINS = 3
HEADROOM = 0.93
"""A line stays this far below the top, so that its name fits above its peak."""
FAINT = 15.0
"""Percent, or points of a score."""
_STEPS_MS = (1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000)


@dataclass(frozen=True)
class Series:
    """One line an emotion.

    ``frame``: t_ms, end_ms, mid_ms, emotion, viewers (fewest in the bin), showing, share, share_low,
    share_high, mean, level (the smoothed measure, what is drawn), level_low and level_high (its interval, smoothed
    the same way; for shares alone), segment (changes where the line breaks).
    """

    frame: pd.DataFrame
    step_ms: int

    @property
    def smoothed_ms(self) -> int:
        """Film time that one drawn point averages over."""
        return self.step_ms * SMOOTHED_BINS


def series(timeline: pd.DataFrame, measure: str) -> Series:
    """The lines for ``measure`` ("share" or "mean"), from ``timeline`` with the columns of ``data.TIMELINE``.

    A bin of several seconds carries the mean of its seconds; its interval is the mean of theirs, which is
    wider than the true one, never narrower.
    """
    if timeline.empty:
        empty = timeline.assign(end_ms=[], mid_ms=[], level=[], level_low=[], level_high=[], segment=[])
        return Series(empty, _STEPS_MS[0])
    step = step_ms(int((timeline["t_ms"] + timeline["d_ms"]).max() - timeline["t_ms"].min()))
    step = max(step, int(timeline["d_ms"].min()))
    frame = timeline.assign(t_ms=timeline["t_ms"] // step * step)
    frame = frame.groupby(["emotion", "t_ms"], sort=True, as_index=False, observed=True).agg(
        viewers=("viewers", "min"),
        showing=("showing", "mean"),
        share=("share", "mean"),
        share_low=("share_low", "mean"),
        share_high=("share_high", "mean"),
        mean=("mean", "mean"),
    )
    frame["end_ms"] = frame["t_ms"] + step
    frame["mid_ms"] = frame["t_ms"] + step // 2
    gap = frame.groupby("emotion", observed=True)["t_ms"].diff().fillna(step) > step
    frame["segment"] = gap.astype(int).groupby(frame["emotion"], observed=True).cumsum()
    levels = [measure, "share_low", "share_high"]
    smoothed = (
        frame.groupby(["emotion", "segment"], observed=True, sort=False)[levels]
        .rolling(SMOOTHED_BINS, center=True, min_periods=1)
        .mean()
        .round(2)
        .droplevel([0, 1])
    )
    frame["level"] = smoothed[measure]
    for end in ("low", "high"):
        frame[f"level_{end}"] = smoothed[f"share_{end}"] if measure == "share" else float("nan")
    return Series(frame, step)


def within(timeline: pd.DataFrame, start_ms: int, end_ms: int) -> pd.DataFrame:
    """The seconds of ``timeline`` that lie in [start_ms, end_ms)."""
    return timeline[(timeline["t_ms"] >= start_ms) & (timeline["t_ms"] < end_ms)]


def step_ms(span_ms: int) -> int:
    """The shortest whole step that keeps ``span_ms`` of film within MOST_BINS bins."""
    return next((step for step in _STEPS_MS if span_ms <= step * MOST_BINS), _STEPS_MS[-1])


def strongest(timeline: pd.DataFrame, measure: str, count: int = 4) -> list[str]:
    """The emotions with the highest peaks, strongest first and without neutral: the timeline's first lines.

    The lines are smoothed, so one odd second does not choose; a line that stays under FAINT is not drawn at
    first unless nothing else is there; nor then one that is faint beside the others.
    """
    drawn = series(timeline, measure).frame
    drawn = drawn[drawn["emotion"] != "neutral"]
    if drawn.empty:
        return []
    peaks = drawn.groupby("emotion", observed=True)["level"].max().sort_values(ascending=False, kind="stable")
    clear = peaks[peaks >= FAINT]
    shown = clear if len(clear) else peaks[peaks >= peaks.iloc[0] / 3]
    return [str(emotion) for emotion in shown.index[:count]]


def ceiling(highest: float) -> int:
    """The top of a percent axis: 25, 50, 75 or 100."""
    return next((top for top in (25, 50, 75) if highest <= top * HEADROOM), 100)


def level_ticks(top: int) -> list[int]:
    """Round values from 0 to ``top`` of ``ceiling``."""
    return list(range(0, top + 1, {25: 5, 50: 10}.get(top, 25)))


def tick_times(span_ms: int, most: int = 10, start_ms: int = 0) -> list[int]:
    """Whole, even film times from ``start_ms``, over ``span_ms``, at most ``most`` steps."""
    steps = (
        1_000,
        2_000,
        5_000,
        10_000,
        15_000,
        30_000,
        60_000,
        120_000,
        300_000,
        600_000,
        900_000,
        1_800_000,
        3_600_000,
    )
    step = next((step for step in steps if span_ms <= step * most), steps[-1])
    first = -(-start_ms // step) * step
    return list(range(first, start_ms + span_ms + 1, step))
