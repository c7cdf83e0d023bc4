"""Differences between two audiences, over the whole film and scene by scene, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from dashboard.frames import Row
from dashboard.theme import PADDING, Drawing, chart_title

SURE, UNSURE = "#34699A", "#8A8F98"
"""A clear difference is blue and filled, the others are grey and hollow: shape says it as well as colour."""
_ROW_PX = 28
WHOLE = "The whole film"
"""The label of the row that is no scene."""


def differences(
    rows: Sequence[Row], *, title: str, first: str, second: str, subtitle: str, decimals: int, ink: str
) -> Drawing:
    """Second minus first. ``rows``: one measure, as comparison.sql gives it, with ``sure``, ``told``, ``label``."""
    frame = pd.DataFrame(
        [
            {
                "label": _short(str(row["label"])),
                "difference": row["difference"],
                "low": row["low"],
                "high": row["high"],
                "sure": "clear" if row["sure"] else "may be chance",
                "figure": _signed(float(row["difference"]), decimals),
                "told": f"p {row['told']}",
            }
            for row in rows
        ]
    )
    reach = float(frame[["difference", "low", "high"]].abs().max().max() or 1) * 1.1
    x = alt.X(
        "difference:Q",
        title=f"← higher in {first} · higher in {second} →",
        scale=alt.Scale(domain=[-reach, reach], nice=False),
        axis=alt.Axis(
            tickCount=5,
            labelExpr=f"datum.value == 0 ? '0' : format(datum.value, '+.{decimals}f')",
            gridOpacity=0.4,
            domain=False,
            ticks=False,
        ),
    )
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
            labelFontWeight={
                "condition": {"test": f"datum.value == '{WHOLE}'", "value": "bold"},
                "value": "normal",
            },
        ),
    )
    scale = alt.Scale(domain=["clear", "may be chance"], range=[SURE, UNSURE])
    tips = [
        alt.Tooltip("label:N", title="Scene"),
        alt.Tooltip("figure:N", title="Difference"),
        alt.Tooltip("told:N", title="Corrected"),
    ]
    base = alt.Chart(frame)
    layers: list[alt.Chart] = [
        alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(color=ink, opacity=0.55).encode(x=alt.X("x:Q")),
        base.mark_rule(strokeWidth=2.5, opacity=0.75).encode(
            x=alt.X("low:Q"), x2=alt.X2("high:Q"), y=y, color=alt.Color("sure:N", scale=scale, legend=None)
        ),
        *(
            base.transform_filter(f"datum.sure == '{sure}'")
            .mark_point(filled=filled, size=110, opacity=1, strokeWidth=2)
            .encode(x=x, y=y, color=alt.Color("sure:N", scale=scale, legend=None), tooltip=tips)
            for sure, filled in (("clear", True), ("may be chance", False))
        ),
        base.mark_text(align="left", dx=10, fontSize=12.5, color=ink).encode(
            x=alt.XValue("width"), y=y, text=alt.Text("figure:N")
        ),
    ]
    return Drawing(layer=layers).properties(
        height=max(60, _ROW_PX * len(frame)),
        title=chart_title(title, subtitle),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding={**PADDING, "right": 52},
    )


def _signed(value: float, decimals: int) -> str:
    text = f"{value:+.{decimals}f}".replace("-", "−")
    return text[1:] if float(f"{value:.{decimals}f}") == 0 else text


def _short(name: str) -> str:
    return name if len(name) <= 34 else name[:33] + "…"
