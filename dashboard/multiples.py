"""Small multiples: each scene's course on the same two scales, so that scenes can be compared at a glance."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from dashboard.line_names import Plot, line_names
from dashboard.series import Series, ceiling, level_ticks
from dashboard.theme import EMOTION_COLOURS, PADDING, Drawing, chart_title
from dashboard.timeline import CLOCK

WIDTH_PX, HEIGHT_PX = 246, 112
"""Four beside one another on a wide page, two on a tablet."""
_AXIS_PX = 40
_LABELLED = 15.0
"""A line that stays under this is drawn, not named: names would cover one another."""


def top_of(lines: Sequence[Series], emotions: Sequence[str]) -> int:
    """The height that all multiples share."""
    highest = [
        float(one.frame.loc[one.frame["emotion"].isin(list(emotions)), "level"].max())
        for one in lines
        if len(one.frame)
    ]
    return ceiling(max((value for value in highest if value == value), default=0.0))


def multiple(
    lines: Series,
    emotions: Sequence[str],
    *,
    title: str,
    subtitle: str,
    start_ms: int,
    end_ms: int,
    top: int,
    unit: str,
) -> Drawing:
    """One scene, [start_ms, end_ms): its lines, their names at their peaks; ``unit`` of the level: "%" or none."""
    drawn = lines.frame[lines.frame["emotion"].isin(list(emotions))]
    x = alt.X(
        "mid_ms:Q",
        title=None,
        scale=alt.Scale(domain=[start_ms, end_ms], nice=False),
        axis=alt.Axis(values=[start_ms, end_ms], labelExpr=CLOCK, grid=False, ticks=False, labelBound=True),
    )
    y = alt.Y(
        "level:Q",
        title=None,
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(
            values=level_ticks(top)[::2],
            labelExpr=f"datum.value + '{unit}'",
            gridOpacity=0.5,
            domain=False,
            ticks=False,
            labelFlush=False,
        ),
    )
    colour = alt.Color(
        "emotion:N",
        scale=alt.Scale(domain=list(EMOTION_COLOURS), range=list(EMOTION_COLOURS.values())),
        legend=None,
    )
    plot = Plot(start_ms, end_ms, top, WIDTH_PX - _AXIS_PX, HEIGHT_PX, letter_px=6.2, line_px=13)
    high = drawn.groupby("emotion", observed=True)["level"].transform("max") >= _LABELLED
    named = line_names(drawn[high], plot)
    layers: list[alt.Chart] = [
        alt.Chart(drawn[["mid_ms", "level", "emotion", "segment"]])
        .mark_line(strokeWidth=2, interpolate="monotone", clip=True)
        .encode(x=x, y=y, color=colour, detail=alt.Detail("segment:N")),
        *(
            alt.Chart(named[named["inside"] == inside])
            .mark_text(fontSize=11, fontWeight="bold", dy=dy)
            .encode(x=x, y=y, color=colour, text=alt.Text("name:N"))
            for inside, dy in ((False, -8), (True, 10))
        ),
    ]
    return Drawing(layer=layers).properties(
        width=WIDTH_PX,
        height=HEIGHT_PX,
        title=chart_title(title, subtitle, offset=8),
        autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        padding=PADDING,
    )
