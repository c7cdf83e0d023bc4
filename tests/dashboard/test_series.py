"""Binning, smoothing and gaps of the timeline."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.series import MOST_BINS, ceiling, level_ticks, series, step_ms, strongest, tick_times

TIMELINE = ("t_ms", "d_ms", "emotion", "viewers", "showing", "share", "share_low", "share_high", "mean")


def frame(seconds: list[int], emotion: str = "happy", share: float = 50.0) -> pd.DataFrame:
    rows = [(second * 1000, 1000, emotion, 10, 5, share, share - 20, share + 20, 40.0) for second in seconds]
    return pd.DataFrame(rows, columns=list(TIMELINE))


def test_line_breaks_where_seconds_are_missing() -> None:
    drawn = series(frame([0, 1, 2, 7, 8]), "share").frame
    assert list(drawn["segment"]) == [0, 0, 0, 1, 1]


def test_smoothing_does_not_reach_over_a_gap() -> None:
    timeline = pd.concat([frame([0, 1, 2], share=100.0), frame([7, 8], share=0.0)])
    assert list(series(timeline, "share").frame["level"]) == [100, 100, 100, 0, 0]


def test_smoothing_averages_three_seconds() -> None:
    timeline = pd.concat([frame([0]), frame([1], share=80.0), frame([2])])
    assert list(series(timeline, "share").frame["level"]) == [65.0, 60.0, 65.0]


def test_a_long_film_is_binned() -> None:
    lines = series(frame(list(range(7200))), "share")
    assert lines.step_ms == 15_000
    assert len(lines.frame) <= MOST_BINS
    assert lines.smoothed_ms == 45_000
    assert set(lines.frame["share"]) == {50.0}


def test_half_open_bins() -> None:
    drawn = series(frame([0, 1]), "share").frame
    assert list(drawn["end_ms"]) == [1000, 2000]
    assert list(drawn["mid_ms"]) == [500, 1500]


def test_mean_is_drawn_when_asked() -> None:
    assert set(series(frame([0, 1, 2]), "mean").frame["level"]) == {40.0}


def test_empty_timeline() -> None:
    empty = pd.DataFrame(columns=list(TIMELINE))
    assert series(empty, "share").frame.empty
    assert strongest(empty, "share") == []


def test_strongest_leaves_neutral_aside() -> None:
    timeline = pd.concat(
        [frame([0, 1], "neutral", 90.0), frame([0, 1], "sad", 30.0), frame([0, 1], "fear", 60.0)]
    )
    assert strongest(timeline, "share", 2) == ["fear", "sad"]


@pytest.mark.parametrize(
    ("span_ms", "step"), [(60_000, 1_000), (480_000, 1_000), (481_000, 2_000), (10**8, 60_000)]
)
def test_step(span_ms: int, step: int) -> None:
    assert step_ms(span_ms) == step


@pytest.mark.parametrize(("highest", "top"), [(0, 25), (23, 25), (25, 50), (60, 75), (73, 100), (99, 100)])
def test_ceiling(highest: float, top: int) -> None:
    assert ceiling(highest) == top


def test_ticks_are_even_and_few() -> None:
    assert tick_times(60_000) == list(range(0, 60_001, 10_000))
    assert len(tick_times(7_200_000)) <= 11


def test_faint_lines_are_not_drawn_at_first() -> None:
    timeline = pd.concat([frame([0, 1], "sad", 60.0), frame([0, 1], "fear", 3.0)])
    assert strongest(timeline, "share") == ["sad"]
    assert strongest(frame([0, 1], "fear", 3.0), "share") == ["fear"]


@pytest.mark.parametrize("top", [25, 50, 75, 100])
def test_level_ticks_end_at_the_top(top: int) -> None:
    ticks = level_ticks(top)
    assert (ticks[0], ticks[-1]) == (0, top)
    assert len(ticks) <= 6
