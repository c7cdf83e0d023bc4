"""Moments on the film's time: a lane a kind, wide as the moment, dark as it is strong."""

from __future__ import annotations

import altair as alt
import pandas as pd

from dashboard import words
from dashboard.frames import records
from dashboard.series import tick_times
from dashboard.theme import GRID, PADDING, Drawing, chart_title
from dashboard.timeline import CLOCK, STRIP, band_names, scene_bands

MOMENT_PARAM = "moment"
COLOURS = {"laugh": "#CB7A00", "jump": "#AC3E93", "tears": "#608BEA", "dip": "#898C92", "split": "#1E7347"}
"""From the emotions' palette where a kind is of one; each lane is named too."""
_LANE_PX, _LEAST_PX = 30, 0.008


def moment_lanes(
    moments: pd.DataFrame, scenes: pd.DataFrame, *, span_ms: int, subtitle: str, ink: str
) -> Drawing:
    """``moments``: rows of moments.sql; a click selects ``MOMENT_PARAM`` with the field ``moment``."""
    kinds = [kind for kind in words.KINDS if kind in set(moments["kind"])]
    rows = pd.DataFrame(
        [
            {
                "moment": int(row["moment"]),
                "lane": words.KINDS[str(row["kind"])][1],
                "kind": row["kind"],
                "start_ms": int(row["start_ms"]),
                # As wide as a finger on a long film, too.
                "end_ms": max(int(row["end_ms"]), int(row["start_ms"] + _LEAST_PX * span_ms)),
                "share": row["share"],
                "time": f"{words.clock(row['start_ms'])} to {words.clock(row['end_ms'])}",
                "said": words.moment(row),
            }
            for row in records(moments)
        ]
    )
    lanes = [words.KINDS[kind][1] for kind in kinds]
    x = alt.X(
        "start_ms:Q",
        title="film time (min:sec)",
        scale=alt.Scale(domain=[0, span_ms], nice=False),
        axis=alt.Axis(values=tick_times(span_ms), labelExpr=CLOCK, grid=False, labelFlush=False),
    )
    chosen = alt.selection_point(
        name=MOMENT_PARAM, fields=["moment"], on="click", clear=False, toggle=False, empty=False
    )
    bands = scene_bands(scenes, None)
    layers: list[alt.Chart] = [
        alt.Chart(bands)
        .mark_rect(color=GRID)
        .encode(
            x=alt.X("start_ms:Q"),
            x2=alt.X2("end_ms:Q"),
            y=alt.YValue(-STRIP),
            y2=alt.Y2Value("height"),
            opacity=alt.Opacity("shade:Q", scale=None),
        ),
        *band_names(bands, ink),
        alt.Chart(rows)
        .mark_bar(cornerRadius=3, height=18, cursor="pointer")
        .encode(
            x=x,
            x2=alt.X2("end_ms:Q"),
            y=alt.Y(
                "lane:N",
                sort=lanes,
                title=None,
                axis=alt.Axis(ticks=False, domain=False, labelPadding=8, labelFontSize=13, labelColor=ink),
            ),
            color=alt.Color(
                "kind:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None
            ),
            opacity=alt.Opacity("share:Q", scale=alt.Scale(domain=[0, 100], range=[0.45, 1]), legend=None),
            tooltip=[alt.Tooltip("time:N", title="When"), alt.Tooltip("said:N", title="What")],
        )
        .add_params(chosen),
    ]
    return Drawing(layer=layers).properties(
        height=_LANE_PX * max(1, len(lanes)),
        title=chart_title("Moments over the film", subtitle),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding=PADDING,
    )
