"""Who stayed, and how alike the audience reacted."""

from __future__ import annotations

import altair as alt
import pandas as pd

from dashboard import words
from dashboard.arc import SIGNED
from dashboard.frames import Row
from dashboard.series import step_ms, tick_times
from dashboard.theme import GRID, PADDING, Drawing, chart_title
from dashboard.timeline import CLOCK, STRIP, band_names, scene_bands

STAYED, FACING = "#34699A", "#B5652B"
"""Blue and orange, apart for every kind of colour vision; each line is named too."""


def presence(seconds: pd.DataFrame) -> pd.DataFrame:
    """Binned: t_ms, watching and viewers (fewest of the bin), attention (mean); stayed and facing, percent."""
    if seconds.empty:
        return seconds.assign(stayed=[], facing=[])
    step = step_ms(int((seconds["t_ms"] + seconds["d_ms"]).max() - seconds["t_ms"].min()))
    frame = seconds.assign(t_ms=seconds["t_ms"] // step * step)
    frame = frame.groupby("t_ms", as_index=False).agg(
        watching=("watching", "min"), viewers=("viewers", "min"), attention=("attention", "mean")
    )
    most = frame["watching"].max()
    frame["stayed"] = 100 * frame["watching"] / most if most else float("nan")
    frame["facing"] = frame["attention"].rolling(3, center=True, min_periods=1).mean()
    return frame


def stayed(frame: pd.DataFrame, scenes: pd.DataFrame, *, subtitle: str, ink: str) -> Drawing:
    """Percent still watching, and percent of the time faces were turned to the screen, over film time."""
    span = max([int(one.max()) for one in (frame["t_ms"], scenes["end_ms"]) if len(one)], default=60_000)
    long = frame.melt("t_ms", ["stayed", "facing"], "what", "percent").dropna()
    long["said"] = long["what"].map({"stayed": "Still watching", "facing": "Facing the screen"})
    long["time"] = [words.clock(at) for at in long["t_ms"]]
    colour = alt.Color(
        "what:N", scale=alt.Scale(domain=["stayed", "facing"], range=[STAYED, FACING]), legend=None
    )
    x = alt.X(
        "t_ms:Q",
        title="film time (min:sec)",
        scale=alt.Scale(domain=[0, span], nice=False),
        axis=alt.Axis(values=tick_times(span), labelExpr=CLOCK, grid=False, labelFlush=False),
    )
    y = alt.Y(
        "percent:Q",
        title=None,
        scale=alt.Scale(domain=[0, 112], nice=False),
        axis=alt.Axis(
            values=[0, 25, 50, 75, 100],
            labelExpr="datum.value + '%'",
            gridOpacity=0.5,
            domain=False,
            ticks=False,
            minExtent=38,
            labelFlush=False,
        ),
    )
    bands = scene_bands(scenes, None)
    ends = long.sort_values("t_ms").groupby("what").nth(len(frame) // 3).reset_index()
    base = alt.Chart(long)
    layers: list[alt.Chart] = [
        alt.Chart(bands)
        .mark_rect(color=GRID)
        .encode(
            x=alt.X("start_ms:Q"), x2=alt.X2("end_ms:Q"), y=alt.YValue(-STRIP), y2=alt.Y2Value("height"),
            opacity=alt.Opacity("shade:Q", scale=None),
        ),
        *band_names(bands, ink),
        base.mark_line(strokeWidth=2.5).encode(
            x=x,
            y=y,
            color=colour,
            strokeDash=alt.StrokeDash(
                "what:N", scale=alt.Scale(domain=["stayed", "facing"], range=[[1, 0], [6, 3]]), legend=None
            ),
        ),
        base.mark_point(size=90, filled=True, opacity=0).encode(
            x=x,
            y=y,
            tooltip=[
                alt.Tooltip("time:N", title="Time"),
                alt.Tooltip("said:N", title="What"),
                alt.Tooltip("percent:Q", title="Percent", format=".0f"),
            ],
        ),
        *(
            alt.Chart(ends[ends["what"] == what])
            .mark_text(dy=dy, fontSize=13, fontWeight="bold")
            .encode(x=x, y=y, color=colour, text=alt.Text("said:N"))
            for what, dy in (("stayed", -10), ("facing", 14))
        ),
    ]  # fmt: skip
    return Drawing(layer=layers).properties(
        height=210,
        title=chart_title("Who stayed, and who looked", subtitle),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding=PADDING,
    )


def synchrony(row: Row, *, subtitle: str, ink: str) -> Drawing:
    """The audience's synchrony as a mark, beside the stretch that chance alone would reach."""
    value, chance = float(row["synchrony"]), float(row["synchrony_chance"])
    top = max(0.3, value * 1.25, chance * 1.5)
    low = min(-0.1, value * 1.1)
    y = alt.YValue(24)
    axis = alt.Axis(tickCount=6, labelExpr=SIGNED, grid=False, domain=False, ticks=False)
    x = alt.X(
        "at:Q",
        title="correlation of each viewer with all the others",
        scale=alt.Scale(domain=[low, top], nice=False),
        axis=axis,
    )
    reach = pd.DataFrame({"at": [low], "end": [chance]})
    layers: list[alt.Chart] = [
        alt.Chart(reach)
        .mark_rect(color=GRID, opacity=0.3)
        .encode(x=x, x2=alt.X2("end:Q"), y=alt.YValue(8), y2=alt.Y2Value(40)),
        # Below: on a narrow page it is wider than the stretch.
        alt.Chart(pd.DataFrame({"at": [low], "said": ["what chance reaches"]}))
        .mark_text(align="left", color=ink, fontSize=12)
        .encode(x=x, y=alt.YValue(54), text=alt.Text("said:N")),
        alt.Chart(pd.DataFrame({"at": [value]}))
        .mark_rule(color=STAYED, strokeWidth=4)
        .encode(x=x, y=alt.YValue(4), y2=alt.Y2Value(44)),
        alt.Chart(pd.DataFrame({"at": [value], "said": [f"this audience {value:+.2f}".replace("-", "−")]}))
        .mark_text(align="left", dx=8, color=ink, fontSize=13, fontWeight="bold")
        .encode(x=x, y=y, text=alt.Text("said:N")),
    ]
    return Drawing(layer=layers).properties(
        height=62,
        title=chart_title("How alike the audience reacted", subtitle),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding=PADDING,
    )
