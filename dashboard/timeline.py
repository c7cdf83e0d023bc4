"""The emotion timeline: lines over film time, scene bands behind, one click chooses a scene."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import altair as alt
import pandas as pd

from contract.messages import WINDOW_MS
from dashboard import words
from dashboard.frames import Row, records
from dashboard.series import HEADROOM, Series, ceiling, level_ticks, tick_times
from dashboard.theme import EMOTION_COLOURS, GRID, PADDING, chart_title

SCENE_PARAM = "scene"
"""The chart's selection: ``[{"scene": 3}]`` after a click on scene 3."""
HEIGHT = 300
STRIP = 40
"""Pixels above the plot for scene numbers and names."""
_NARROWEST_PX = 690
"""The plot on the smallest screen the page is made for (820 px); a name that fits there fits everywhere."""
_LETTER_PX = 5.7
_CLOCK = (
    "(datum.value >= 3600000 ? floor(datum.value / 3600000) + ':' : '')"
    " + (datum.value >= 3600000 ? pad(floor(datum.value / 60000) % 60, 2, '0', 'left')"
    " : floor(datum.value / 60000)) + ':' + pad(floor(datum.value / 1000) % 60, 2, '0', 'left')"
)


def timeline(
    lines: Series,
    scenes: pd.DataFrame,
    *,
    emotions: Sequence[str],
    measure: str,
    selected: int | None,
    subtitle: str,
    timecode: Callable[[int], str],
    ink: str,
) -> alt.LayerChart:
    """The chart.

    ``scenes``: scene, name, start_ms, end_ms; ``emotions``: the lines to draw; ``measure``: "share"
    (percent of viewers) or "mean" (0..100); ``subtitle`` states n, and the simulated audience; ``ink``: the
    colour of words.
    """
    drawn = lines.frame[lines.frame["emotion"].isin(list(emotions))]
    span = _span(lines, scenes)
    top = ceiling(float(drawn["level"].max()) if len(drawn) else 0.0)
    colour = alt.Color(
        "emotion:N",
        scale=alt.Scale(domain=list(EMOTION_COLOURS), range=list(EMOTION_COLOURS.values())),
        legend=None,
    )
    x = alt.X(
        "mid_ms:Q",
        title="film time (min:sec)",
        scale=alt.Scale(domain=[0, span], nice=False),
        axis=alt.Axis(values=tick_times(span), labelExpr=_CLOCK, grid=False, labelFlush=False),
    )
    y = alt.Y(
        "level:Q",
        title=None,
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(
            values=level_ticks(top),
            labelExpr="format(datum.value, '.0f') + '%'"
            if measure == "share"
            else "format(datum.value, '.0f')",
            gridOpacity=0.5,
            domain=False,
            ticks=False,
            minExtent=38,
        ),
    )
    hover = alt.selection_point(
        name="hover", fields=["mid_ms"], on="pointerover", clear="pointerout", empty=False, nearest=False
    )
    chosen = alt.selection_point(
        name=SCENE_PARAM, fields=["scene"], on="click", clear=False, toggle=False, empty=False
    )
    bands = scene_bands(scenes, selected)
    strokes = alt.Chart(drawn[["mid_ms", "level", "emotion", "segment"]])
    line = strokes.mark_line(strokeWidth=2.25, strokeJoin="round", strokeCap="round", interpolate="monotone")
    dots = strokes.mark_point(filled=True, size=55, opacity=1)
    names = alt.Chart(peaks(drawn, top))
    hits = alt.Chart(hit_areas(lines, scenes, emotions, measure, timecode))
    layers = [
        *_bands(bands, ink),
        line.encode(x=x, y=y, color=colour, detail="segment:N"),
        dots.encode(x=x, y=y, color=colour, opacity=alt.condition(hover, alt.value(1), alt.value(0))),
        *(
            names.transform_filter(f"datum.inside == {inside}")
            .mark_text(fontSize=13, fontWeight="bold", dy=dy)
            .encode(x=x, y=y, color=colour, text="name:N")
            for inside, dy in (("false", -11), ("true", 13))
        ),
        hits.mark_rect(color=GRID, cursor="pointer")
        .encode(
            x=alt.X("t_ms:Q"),
            x2="end_ms:Q",
            y=alt.value(-STRIP),
            y2=alt.value("height"),
            opacity=alt.condition(hover, alt.value(0.22), alt.value(0)),
            tooltip=_tooltips(emotions),
        )
        .add_params(hover, chosen),
    ]
    title = (
        "Share of viewers showing each emotion"
        if measure == "share"
        else "Average score of each emotion, 0 to 100"
    )
    return alt.LayerChart(layer=layers).properties(
        height=HEIGHT,
        title=chart_title(title, subtitle),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding=PADDING,
    )


def scene_bands(scenes: pd.DataFrame, selected: int | None) -> pd.DataFrame:
    """Where each band lies, how dark it is, and the label that fits: number and name, or the number alone."""
    span = int(scenes["end_ms"].max()) if len(scenes) else 1
    bands = scenes[["scene", "name", "start_ms", "end_ms"]].copy()
    bands["mid_ms"] = (bands["start_ms"] + bands["end_ms"]) / 2
    bands["selected"] = bands["scene"] == (selected or -1)
    bands["shade"] = [
        0.2 if on else 0.1 if number % 2 else 0.04
        for number, on in zip(bands["scene"], bands["selected"], strict=True)
    ]
    room = (bands["end_ms"] - bands["start_ms"]) / span * _NARROWEST_PX
    bands["number"] = [
        str(number) if px >= 12 else "" for number, px in zip(bands["scene"], room, strict=True)
    ]
    bands["label"] = [
        name if len(name) * _LETTER_PX + 4 <= px else "" for name, px in zip(bands["name"], room, strict=True)
    ]
    return bands


def peaks(drawn: pd.DataFrame, top: float) -> pd.DataFrame:
    """Where each line is highest, for its name: the reader need not tell colours apart.

    The middle of a plateau; ``inside`` when the name belongs under the line, because ``top`` of the plot is
    too near.
    """
    found: list[Row] = []
    for emotion, line in drawn.groupby("emotion", observed=True):
        rows = records(line)
        highest = max(row["level"] for row in rows)
        first = next(at for at, row in enumerate(rows) if row["level"] == highest)
        plateau = list(itertools.takewhile(lambda row: row["level"] >= highest - 0.5, rows[first:]))  # noqa: B023 - used at once
        at = plateau[len(plateau) // 2]
        name = words.LOOKED[str(emotion)]
        inside = bool(highest > HEADROOM * top)
        found.append(
            {**{key: at[key] for key in ("mid_ms", "level", "emotion")}, "name": name, "inside": inside}
        )
    return pd.DataFrame(found, columns=["mid_ms", "level", "emotion", "name", "inside"])


def hit_areas(
    lines: Series,
    scenes: pd.DataFrame,
    emotions: Sequence[str],
    measure: str,
    timecode: Callable[[int], str],
) -> pd.DataFrame:
    """What the pointer meets: one tall area a bin, with its scene and the words of its tooltip.

    A scene without figures gets one area of its own, so that it can be chosen all the same.
    """
    areas: list[dict[str, object]] = []
    known: set[int] = set()
    for times, bin_rows in lines.frame.groupby(["t_ms", "end_ms", "mid_ms"], sort=True):
        t_ms, end_ms, mid_ms = (int(str(value)) for value in times)
        number, name = _scene_at(scenes, mid_ms)
        area: dict[str, object] = {"t_ms": t_ms, "end_ms": end_ms, "mid_ms": mid_ms, "scene": number}
        area["time"] = f"{words.clock(t_ms)} ({timecode(t_ms)})"
        area["where"] = f"{number} · {name}" if number else "between scenes"
        area["watching"] = words.viewers(int(bin_rows["viewers"].iloc[0]))
        for row in records(bin_rows[bin_rows["emotion"].isin(list(emotions))]):
            area[row["emotion"]] = _figure(row, measure, lines.step_ms)
        areas.append(area)
        known.add(number or -1)
    areas += [
        {
            "t_ms": int(scene["start_ms"]),
            "end_ms": int(scene["end_ms"]),
            "mid_ms": int(scene["start_ms"] + scene["end_ms"]) // 2,
            "scene": int(scene["scene"]),
            "time": f"{words.clock(scene['start_ms'])} ({timecode(int(scene['start_ms']))})",
            "where": f"{scene['scene']} · {scene['name']}",
            "watching": "too few viewers to show",
        }
        for scene in records(scenes[~scenes["scene"].isin(list(known))])
    ]
    columns = ["t_ms", "end_ms", "mid_ms", "scene", "time", "where", "watching", *emotions]
    return pd.DataFrame(areas, columns=columns).astype({"scene": "Int64"})


def _bands(bands: pd.DataFrame, ink: str) -> list[alt.Chart]:
    # Without figures the line's scale is not there to share: the domain is stated by the line layer.
    base = alt.Chart(bands)
    x = alt.X("start_ms:Q")
    return [
        base.mark_rect(color=GRID).encode(
            x=x,
            x2="end_ms:Q",
            y=alt.value(-STRIP),
            y2=alt.value("height"),
            opacity=alt.Opacity("shade:Q", scale=None),
        ),
        base.transform_filter("datum.selected")
        .mark_rect(fillOpacity=0, strokeWidth=1.5, stroke=GRID)
        .encode(x=x, x2="end_ms:Q", y=alt.value(-STRIP), y2=alt.value("height")),
        base.mark_text(fontSize=13, fontWeight="bold", baseline="middle", color=ink).encode(
            x=alt.X("mid_ms:Q"), y=alt.value(-STRIP + 12), text="number:N"
        ),
        base.mark_text(fontSize=12, baseline="middle", color=ink).encode(
            x=alt.X("mid_ms:Q"), y=alt.value(-STRIP + 28), text="label:N"
        ),
    ]


def _tooltips(emotions: Sequence[str]) -> list[alt.Tooltip]:
    fixed = [
        alt.Tooltip("time:N", title="Time"),
        alt.Tooltip("where:N", title="Scene"),
        alt.Tooltip("watching:N", title="Watching"),
    ]
    return fixed + [
        alt.Tooltip(f"{emotion}:N", title=words.LOOKED[emotion].capitalize()) for emotion in emotions
    ]


def _figure(row: Row, measure: str, step_ms: int) -> str:
    if measure == "mean":
        return f"{row['mean']:.0f} of 100"
    if step_ms == WINDOW_MS:
        between = words.interval(row["share_low"], row["share_high"])
        return f"{row['showing']:.0f} of {row['viewers']} ({row['share']:.0f}%, 95% interval {between})"
    return f"{row['share']:.0f}%, 95% interval {words.interval(row['share_low'], row['share_high'])}"


def _scene_at(scenes: pd.DataFrame, film_ms: int) -> tuple[int | None, str]:
    found = scenes[(scenes["start_ms"] <= film_ms) & (film_ms < scenes["end_ms"])]
    return (int(found["scene"].iloc[0]), str(found["name"].iloc[0])) if len(found) else (None, "")


def _span(lines: Series, scenes: pd.DataFrame) -> int:
    ends = [int(frame["end_ms"].max()) for frame in (lines.frame, scenes) if len(frame)]
    return max(ends, default=60_000)
