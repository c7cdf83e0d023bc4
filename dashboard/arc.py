"""The arc: mood over film time with its uncertainty, and scenes ranked by mood with their intervals."""

from __future__ import annotations

from collections.abc import Callable

import altair as alt
import pandas as pd

from dashboard import words
from dashboard.frames import Row, records
from dashboard.series import SMOOTHED_BINS, step_ms, tick_times
from dashboard.theme import GRID, PADDING, Drawing, chart_title
from dashboard.timeline import CLOCK, STRIP, band_names, scene_bands

SIGNED = "datum.value == 0 ? '0' : format(datum.value, '+.1f')"
LINE = "#5B7C99"
"""Mood is no emotion of its own: a slate that none of them has."""
PLEASANT, UNPLEASANT = "#3E7CB1", "#B5652B"
"""Blue and orange: apart for every kind of colour vision; the words say which is which too."""


def arc_series(seconds: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Mood binned and smoothed: t_ms, mid_ms, viewers, valence, low, high, segment; and the smoothing, ms.

    ``seconds``: t_ms, d_ms, viewers, valence, and valence_low, valence_high where they are known. The interval of
    a bin is the mean of its seconds': wider than the true one, never narrower.
    """
    frame = seconds.dropna(subset=["valence"])
    if frame.empty:
        return pd.DataFrame(columns=["t_ms", "mid_ms", "viewers", "valence", "low", "high", "segment"]), 1000
    step = step_ms(int((frame["t_ms"] + frame["d_ms"]).max() - frame["t_ms"].min()))
    for end in ("low", "high"):
        if f"valence_{end}" not in frame:
            frame = frame.assign(**{f"valence_{end}": float("nan")})
    frame = frame.assign(t_ms=frame["t_ms"] // step * step)
    frame = frame.groupby("t_ms", as_index=False).agg(
        viewers=("viewers", "min"),
        valence=("valence", "mean"),
        low=("valence_low", "mean"),
        high=("valence_high", "mean"),
    )
    frame["mid_ms"] = frame["t_ms"] + step // 2
    frame["segment"] = (frame["t_ms"].diff().fillna(step) > step).astype(int).cumsum()
    for column in ("valence", "low", "high"):
        frame[column] = (
            frame.groupby("segment")[column]
            .transform(lambda line: line.rolling(2 * SMOOTHED_BINS + 1, center=True, min_periods=1).mean())
            .round(3)
        )
    return frame, step * (2 * SMOOTHED_BINS + 1)


def arc(
    frame: pd.DataFrame, scenes: pd.DataFrame, *, subtitle: str, ink: str, timecode: Callable[[int], str]
) -> Drawing:
    """Mood over film time; a band is its 95% interval, where it is known."""
    span = max([int(one.max()) for one in (frame["mid_ms"], scenes["end_ms"]) if len(one)], default=60_000)
    reach = float(max(0.2, frame[["valence", "low", "high"]].abs().max().max() if len(frame) else 0.2)) * 1.08
    x = alt.X(
        "mid_ms:Q",
        title="film time (min:sec)",
        scale=alt.Scale(domain=[0, span], nice=False),
        axis=alt.Axis(values=tick_times(span), labelExpr=CLOCK, grid=False, labelFlush=False),
    )
    y = alt.Y(
        "valence:Q",
        title="← unpleasant · pleasant →",
        scale=alt.Scale(domain=[-reach, reach], nice=False),
        axis=alt.Axis(
            tickCount=5,
            labelExpr=SIGNED,
            gridOpacity=0.4,
            domain=False,
            ticks=False,
            minExtent=38,
            labelFlush=False,
        ),
    )
    points = frame.assign(
        time=[f"{words.clock(at)} ({timecode(int(at))})" for at in frame["t_ms"]],
        said=[words.mood(value) for value in frame["valence"]],
        between=[
            "" if pd.isna(low) else f"{words.signed(low)} to {words.signed(high)}"
            for low, high in zip(frame["low"], frame["high"], strict=True)
        ],
        watching=[words.viewers(int(count)) for count in frame["viewers"]],
    )
    base = alt.Chart(points)
    bands = alt.Chart(scene_bands(scenes, None))
    layers: list[alt.Chart] = [
        bands.mark_rect(color=GRID).encode(
            x=alt.X("start_ms:Q"),
            x2=alt.X2("end_ms:Q"),
            y=alt.YValue(-STRIP),
            y2=alt.Y2Value("height"),
            opacity=alt.Opacity("shade:Q", scale=None),
        ),
        *band_names(scene_bands(scenes, None), ink),
        alt.Chart(pd.DataFrame({"y": [0.0]})).mark_rule(color=ink, opacity=0.55).encode(y=alt.Y("y:Q")),
    ]
    if frame["low"].notna().any():
        layers.append(
            base.mark_area(color=LINE, opacity=0.22, interpolate="monotone").encode(
                x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), detail=alt.Detail("segment:N")
            )
        )
    layers += [
        base.mark_line(color=LINE, strokeWidth=2.5, interpolate="monotone").encode(
            x=x, y=y, detail=alt.Detail("segment:N")
        ),
        base.mark_bar(color=GRID, opacity=0).encode(
            x=x,
            y=alt.YValue(0),
            y2=alt.Y2Value("height"),
            tooltip=[
                alt.Tooltip("time:N", title="Time"),
                alt.Tooltip("said:N", title="Mood"),
                alt.Tooltip("between:N", title="95% interval"),
                alt.Tooltip("watching:N", title="Watching"),
            ],
        ),
    ]
    return Drawing(layer=layers).properties(
        height=220,
        title=chart_title("Mood over the film", subtitle),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding=PADDING,
    )


def ranked(scenes: pd.DataFrame, *, most: int, subtitle: str, ink: str) -> Drawing:
    """The scenes with the most and the least pleasant mood, at most ``most``, with their 95% intervals."""
    rows = ends(scenes, most)
    frame = pd.DataFrame(
        [
            {
                "label": _label(row),
                "valence": row["valence"],
                "low": row["valence_low"],
                "high": row["valence_high"],
                "side": "pleasant" if row["valence"] >= 0 else "unpleasant",
                "figure": words.signed(row["valence"]),
                "watching": words.viewers(int(row["viewers"])),
            }
            for row in rows
        ],
        columns=["label", "valence", "low", "high", "side", "figure", "watching"],
    )
    reach = max(0.3, float(frame[["valence", "low", "high"]].abs().max().max() or 0.3)) * 1.1
    y = alt.Y(
        "label:N",
        sort=None,
        title=None,
        axis=alt.Axis(
            ticks=False,
            domain=False,
            labelPadding=10,
            labelFontSize=13,
            labelLimit=220,
            labelColor=ink,
            labelFlush=False,
        ),
    )
    base = alt.Chart(frame)
    tips = [
        alt.Tooltip("label:N", title="Scene"),
        alt.Tooltip("figure:N", title="Mood"),
        alt.Tooltip("watching:N", title="Watched by"),
    ]
    colour = alt.Color(
        "side:N",
        scale=alt.Scale(domain=["pleasant", "unpleasant"], range=[PLEASANT, UNPLEASANT]),
        legend=None,
    )
    x = alt.X(
        "valence:Q",
        title="← unpleasant · mood · pleasant →",
        scale=alt.Scale(domain=[-reach, reach], nice=False),
        axis=alt.Axis(tickCount=5, labelExpr=SIGNED, gridOpacity=0.4, domain=False, ticks=False),
    )
    layers: list[alt.Chart] = [
        alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(color=ink, opacity=0.55).encode(x=alt.X("x:Q")),
        base.mark_rule(strokeWidth=2.5, opacity=0.75).encode(
            x=alt.X("low:Q"), x2=alt.X2("high:Q"), y=y, color=colour, tooltip=tips
        ),
        base.mark_point(filled=True, size=110, opacity=1).encode(x=x, y=y, color=colour, tooltip=tips),
        base.mark_text(align="left", dx=10, fontSize=12.5, color=ink).encode(
            x=alt.XValue("width"), y=y, text=alt.Text("figure:N")
        ),
    ]
    return Drawing(layer=layers).properties(
        height=max(60, 30 * len(frame)),
        title=chart_title("Scenes by mood, with 95% interval", subtitle),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding={**PADDING, "right": 44},
    )


def ends(scenes: pd.DataFrame, most: int) -> list[Row]:
    """The rows of ``scenes`` with figures by mood, most pleasant first: all, or ``most`` from the two ends."""
    known = records(scenes.dropna(subset=["valence"]).sort_values("valence", ascending=False, kind="stable"))
    if len(known) <= most:
        return known
    return known[: most // 2] + known[-(most - most // 2) :]


def _label(row: Row) -> str:
    name = str(row["name"])
    return f"{row['scene']} · {name if len(name) <= 30 else name[:29] + '…'}"
