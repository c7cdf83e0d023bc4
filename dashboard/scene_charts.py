"""One scene's seven emotions: a radar (Vega has none, so its geometry is computed here) and bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import altair as alt
import pandas as pd

from contract.emotions import EMOTIONS
from dashboard import words
from dashboard.frames import Row, records
from dashboard.series import ceiling
from dashboard.theme import EMOTION_COLOURS, GRID, PADDING, Drawing, chart_title

RADAR_PX = 372
_REACH = 1.32
"""Half the plot's width in outer rings: room for the labels."""
_LABEL_AT = 1.14
_DEEP = 1.2
"""Below the middle less room is taken: the seven corners' lowest two lie at 0.9."""
_ALIGNMENTS: tuple[Literal["left", "center", "right"], ...] = ("left", "center", "right")
_FILL = "#5B7C99"
"""The polygon stands for the scene, not for an emotion: a slate that none of them has."""


def corner(index: int, radius: float) -> tuple[float, float]:
    """Where spoke ``index`` of seven ends, x right and y up; the first points up, the rest clockwise."""
    angle = math.pi / 2 - 2 * math.pi * index / len(EMOTIONS)
    return radius * math.cos(angle), radius * math.sin(angle)


def polygon(values: Sequence[float], top: float) -> pd.DataFrame:
    """The closed outline of seven ``values``, order of EMOTIONS; ``top`` is the outer ring.

    Columns emotion, value, x, y, step.
    """
    rows = []
    for step, index in enumerate([*range(len(EMOTIONS)), 0]):
        x, y = corner(index, max(0.0, min(values[index] / top, 1.0)))
        rows.append({"emotion": EMOTIONS[index], "value": values[index], "x": x, "y": y, "step": step})
    return pd.DataFrame(rows)


def radar(
    scene: pd.DataFrame, average: Sequence[float] | None, *, measure: str, subtitle: str, ink: str
) -> Drawing:
    """Seven spokes; ``scene``: its emotion rows, ``average``: the same seven over all scenes, dashed.

    ``measure``: "share" (percent of viewers) or "mean" (0..100).
    """
    values = in_order(scene, measure)
    top = ceiling(max([*values, *(average or [])], default=0))
    unit = words.unit(measure)
    tips = pd.DataFrame(
        [
            {**row, "looked": words.LOOKED[row["emotion"]].capitalize(), "figure": _figure(row, measure)}
            for row in records(scene)
        ]
    )
    points = polygon(values, top).iloc[: len(EMOTIONS)].merge(tips, on="emotion", how="left")
    scale = alt.Scale(domain=[-_REACH, _REACH], nice=False, zero=False)
    x = alt.X("x:Q", scale=scale, axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[-_DEEP, _REACH], nice=False, zero=False), axis=None)
    colour = alt.Color(
        "emotion:N",
        scale=alt.Scale(domain=list(EMOTION_COLOURS), range=list(EMOTION_COLOURS.values())),
        legend=None,
    )
    layers: list[alt.Chart] = [
        alt.Chart(_rings())
        .mark_line(color=GRID, opacity=0.45, strokeWidth=1)
        .encode(x=x, y=y, detail=alt.Detail("ring:N"), order=alt.Order("step:Q")),
        alt.Chart(_spokes())
        .mark_line(color=GRID, opacity=0.45, strokeWidth=1)
        .encode(x=x, y=y, detail=alt.Detail("spoke:N")),
    ]
    if average is not None:
        layers.append(
            alt.Chart(polygon(average, top))
            .mark_line(color=GRID, strokeWidth=1.75, strokeDash=[5, 4])
            .encode(x=x, y=y, order=alt.Order("step:Q"))
        )
    outline = alt.Chart(polygon(values, top))
    layers += [
        outline.mark_line(
            color=_FILL,
            strokeWidth=2.5,
            strokeJoin="round",
            fill=_FILL,
            fillOpacity=0.22,
            interpolate="linear-closed",
        ).encode(x=x, y=y, order=alt.Order("step:Q")),
        alt.Chart(points)
        .mark_point(filled=True, size=95, opacity=1)
        .encode(
            x=x,
            y=y,
            color=colour,
            tooltip=[
                alt.Tooltip("looked:N", title="Looked"),
                alt.Tooltip("figure:N", title="Viewers" if measure == "share" else "Average"),
            ],
        ),
        alt.Chart(_ring_labels(top, unit))
        .mark_text(color=ink, fontSize=11, align="left", dx=3, dy=-6, opacity=0.75)
        .encode(x=x, y=y, text=alt.Text("text:N")),
    ]
    labels = _labels(values, unit)
    for align in _ALIGNMENTS:
        label = alt.Chart(labels[labels["align"] == align])
        layers += [
            label.mark_text(color=ink, fontSize=13, align=align, dy=-7).encode(
                x=x, y=y, text=alt.Text("name:N")
            ),
            label.mark_text(color=ink, fontSize=13, fontWeight="bold", align=align, dy=9).encode(
                x=x, y=y, text=alt.Text("figure:N")
            ),
        ]
    return Drawing(layer=layers).properties(
        width=RADAR_PX,
        height=round(RADAR_PX * (_REACH + _DEEP) / (2 * _REACH)),
        title=chart_title("Shape of the scene", subtitle),
        autosize=alt.AutoSizeParams(type="pad"),
        padding=PADDING,
    )


def bars(
    scene: pd.DataFrame, average: Sequence[float] | None, *, measure: str, subtitle: str, ink: str
) -> Drawing:
    """One bar an emotion, strongest first; a line is its 95% interval, a diamond the average scene."""
    low, high = f"{measure}_low", f"{measure}_high"
    usual = dict(zip(EMOTIONS, average or [math.nan] * len(EMOTIONS), strict=True))
    frame = pd.DataFrame(
        [
            {
                "emotion": row["emotion"],
                "looked": words.LOOKED[row["emotion"]].capitalize(),
                "value": row[measure],
                "low": row[low],
                "high": row[high],
                "average": usual[row["emotion"]],
                "text": _figure(row, measure),
            }
            for row in records(scene)
        ]
    )
    order = list(frame.sort_values("value", ascending=False, kind="stable")["looked"])
    y = alt.Y(
        "looked:N",
        sort=order,
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelPadding=10, labelFontSize=13),
    )
    unit = words.unit(measure)
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[0, 100], nice=False),
        title="share of viewers" if measure == "share" else "average score, 0 to 100",
        axis=alt.Axis(
            values=[0, 25, 50, 75, 100],
            labelExpr=f"datum.value + '{unit}'",
            gridOpacity=0.5,
            domain=False,
            ticks=False,
        ),
    )
    base = alt.Chart(frame)
    tips = [
        alt.Tooltip("looked:N", title="Looked"),
        alt.Tooltip("text:N", title="Viewers" if measure == "share" else "Average"),
    ]
    colour = alt.Color(
        "emotion:N",
        scale=alt.Scale(domain=list(EMOTION_COLOURS), range=list(EMOTION_COLOURS.values())),
        legend=None,
    )
    layers: list[alt.Chart] = [
        base.mark_bar(height=16, cornerRadiusEnd=3, opacity=0.85).encode(
            x=x, y=y, color=colour, tooltip=tips
        ),
        base.mark_rule(strokeWidth=1.5, color=ink, opacity=0.8).encode(
            x=alt.X("low:Q"), x2=alt.X2("high:Q"), y=y, tooltip=tips
        ),
        *(
            base.mark_tick(thickness=1.5, size=9, color=ink, opacity=0.8).encode(x=alt.X(f"{end}:Q"), y=y)
            for end in ("low", "high")
        ),
        base.mark_text(color=ink, align="left", dx=12, fontSize=12.5).encode(
            x=alt.XValue("width"), y=y, text=alt.Text("text:N")
        ),
    ]
    if average is not None:
        layers.insert(
            1,
            base.mark_point(shape="diamond", size=60, filled=False, strokeWidth=1.5, color=ink).encode(
                x=alt.X("average:Q"), y=y
            ),
        )
    return Drawing(layer=layers).properties(
        height=RADAR_PX - 52,
        title=chart_title(f"{_what(measure)}, with 95% interval", subtitle),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding=PADDING,
    )


def in_order(scene: pd.DataFrame, measure: str) -> list[float]:
    """The seven values of ``measure`` in the order of EMOTIONS; 0 where there is no row."""
    found = dict(zip(scene["emotion"], scene[measure], strict=True))
    return [float(found.get(emotion, 0.0)) for emotion in EMOTIONS]


def average_scene(reactions: pd.DataFrame, measure: str) -> list[float] | None:
    """The mean over all published scenes, order of EMOTIONS; None when there are fewer than two."""
    if reactions["scene"].nunique() < 2:
        return None
    means = reactions.groupby("emotion", observed=True)[measure].mean()
    return [float(means.get(emotion, 0.0)) for emotion in EMOTIONS]


def alternative(name: str, scene: pd.DataFrame, measure: str) -> str:
    """The radar in words, for a screen reader."""
    unit = words.unit(measure)
    figures = ", ".join(
        f"{words.LOOKED[emotion]} {value:.0f}{unit}"
        for emotion, value in zip(EMOTIONS, in_order(scene, measure), strict=True)
    )
    return f"Radar of scene {name}: {figures}"


def _figure(row: Row, measure: str) -> str:
    low, high = row[f"{measure}_low"], row[f"{measure}_high"]
    if measure == "share":
        return f"{row['showing']} of {row['viewers']}  ({words.interval(low, high)})"
    between = words.interval(low, high, "")
    return f"{row['mean']:.0f}  ({between})" if between else f"{row['mean']:.0f}"


def _what(measure: str) -> str:
    return "Viewers showing each emotion" if measure == "share" else "Average score of each emotion"


def _rings() -> pd.DataFrame:
    rows = []
    for ring in (0.25, 0.5, 0.75, 1.0):
        for step in range(len(EMOTIONS) + 1):
            x, y = corner(step % len(EMOTIONS), ring)
            rows.append({"ring": ring, "step": step, "x": x, "y": y})
    return pd.DataFrame(rows)


def _spokes() -> pd.DataFrame:
    rows = []
    for index in range(len(EMOTIONS)):
        for radius in (0.0, 1.0):
            x, y = corner(index, radius)
            rows.append({"spoke": index, "x": x, "y": y})
    return pd.DataFrame(rows)


def _ring_labels(top: int, unit: str) -> pd.DataFrame:
    rows = []
    for ring in (0.5, 1.0):
        x, y = corner(0, ring)
        right, down = corner(1, ring)
        # On the middle of an edge: corners belong to the emotions.
        rows.append({"x": (x + right) / 2, "y": (y + down) / 2, "text": f"{top * ring:g}{unit}"})
    return pd.DataFrame(rows)


def _labels(values: Sequence[float], unit: str) -> pd.DataFrame:
    rows = []
    for index, emotion in enumerate(EMOTIONS):
        x, y = corner(index, _LABEL_AT)
        align = "center" if abs(x) < 0.1 else "left" if x > 0 else "right"
        rows.append(
            {
                "x": x,
                "y": y,
                "align": align,
                "name": words.LOOKED[emotion].capitalize(),
                "figure": f"{values[index]:.0f}{unit}",
            }
        )
    return pd.DataFrame(rows)
