"""What lies between the scenes' names and the lines of the timeline: lanes of moments, lanes of subtitles."""

from __future__ import annotations

from collections.abc import Iterable

import altair as alt
import pandas as pd

from dashboard import words
from dashboard.frames import records
from dashboard.moment_charts import COLOURS
from dashboard.theme import GRID

LANE_PX = 20
"""Height of one lane. What lasts at the same time lies in lanes of its own, so that nothing covers anything."""
_BAR_PX = 15
MOST_SUBTITLED_MS = 180_000
"""In a longer stretch a line of dialogue is a few pixels wide."""
_LETTER_PX = 5.4
_FITS = (
    "(datum.end_ms - datum.start_ms) / {span} * width > 24 ? "
    "truncate(datum.text, max(3, floor((datum.end_ms - datum.start_ms) / {span} * width / {letter}))) : ''"
)


def lane_of(spans: Iterable[tuple[int, int]]) -> list[int]:
    """For each [start_ms, end_ms), in order of their starts, the first lane, from 0, in which nothing else lies."""
    free_from: list[int] = []
    lanes = []
    for start_ms, end_ms in spans:
        lane = next((at for at, free in enumerate(free_from) if free <= start_ms), len(free_from))
        if lane == len(free_from):
            free_from.append(end_ms)
        free_from[lane] = end_ms
        lanes.append(lane)
    return lanes


def moment_bars(
    moments: pd.DataFrame, start_ms: int, end_ms: int, ink: str, *, above_px: int
) -> tuple[list[alt.Chart], int]:
    """A bar for each moment, named where there is room, and the pixels that they take, ``above_px`` over the plot."""
    rows = pd.DataFrame(
        [
            {
                "start_ms": max(start_ms, int(row["start_ms"])),
                "end_ms": min(end_ms, int(row["end_ms"])),
                "mid_ms": (max(start_ms, row["start_ms"]) + min(end_ms, row["end_ms"])) / 2,
                "colour": COLOURS.get(str(row["kind"]), GRID),
                "text": row["kind"],
                "said": words.moment(row),
            }
            for row in records(moments)
        ]
    )
    tips = [alt.Tooltip("text:N", title="Moment"), alt.Tooltip("said:N", title="What")]
    room = f"(datum.end_ms - datum.start_ms) / {end_ms - start_ms} * width > 30"
    layers: list[alt.Chart] = []
    for lane, top in _lanes(rows, above_px):
        base = alt.Chart(lane)
        layers += [
            base.mark_rect(cornerRadius=3, fillOpacity=0.3, strokeOpacity=0.9, strokeWidth=1).encode(
                x=alt.X("start_ms:Q"),
                x2=alt.X2("end_ms:Q"),
                y=alt.YValue(top),
                y2=alt.Y2Value(top + _BAR_PX),
                # Its own colour, not the emotions' scale.
                fill=alt.Fill("colour:N", scale=None, legend=None),
                stroke=alt.Stroke("colour:N", scale=None, legend=None),
                tooltip=tips,
            ),
            base.transform_calculate(label=f"{room} ? datum.text : ''")
            .mark_text(fontSize=11.5, baseline="middle", color=ink)
            .encode(x=alt.X("mid_ms:Q"), y=alt.YValue(top + _BAR_PX / 2), text=alt.Text("label:N")),
        ]
    return layers, LANE_PX * len(layers) // 2


def subtitle_bars(
    subtitles: pd.DataFrame, start_ms: int, end_ms: int, ink: str, *, above_px: int
) -> tuple[list[alt.Chart], int]:
    """The lines of dialogue, as much of each as fits, the rest in its tooltip; and the pixels, as ``moment_bars``."""
    rows = subtitles.assign(
        start_ms=subtitles["start_ms"].clip(lower=start_ms), end_ms=subtitles["end_ms"].clip(upper=end_ms)
    )
    tip = [alt.Tooltip("text:N", title="Subtitle")]
    layers: list[alt.Chart] = []
    for lane, top in _lanes(rows[["start_ms", "end_ms", "text"]], above_px):
        base = alt.Chart(lane)
        layers += [
            base.mark_rect(color=GRID, opacity=0.25, cornerRadius=3).encode(
                x=alt.X("start_ms:Q"),
                x2=alt.X2("end_ms:Q"),
                y=alt.YValue(top),
                y2=alt.Y2Value(top + _BAR_PX),
                tooltip=tip,
            ),
            base.transform_calculate(label=_FITS.format(span=end_ms - start_ms, letter=_LETTER_PX))
            .mark_text(fontSize=11, align="left", baseline="middle", dx=3, color=ink)
            .encode(
                x=alt.X("start_ms:Q"),
                y=alt.YValue(top + _BAR_PX / 2),
                text=alt.Text("label:N"),
                tooltip=tip,
            ),
        ]
    return layers, LANE_PX * len(layers) // 2


def _lanes(rows: pd.DataFrame, above_px: int) -> list[tuple[pd.DataFrame, int]]:
    """The rows of each lane, and the pixel at its top; the lowest lies right above ``above_px``."""
    rows = rows.sort_values("start_ms", kind="stable")
    lanes = lane_of(zip(rows["start_ms"].astype(int), rows["end_ms"].astype(int), strict=True))
    count = max(lanes, default=-1) + 1
    places = pd.Series(lanes, index=rows.index)
    return [(rows[places == lane], -above_px - LANE_PX * (count - lane)) for lane in range(count)]
