"""Pictures of the scenes along the timeline: as many as there is room for, the longest scenes' first."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from dashboard.timeline import scene_bands

WIDTH_PX, HEIGHT_PX = 68, 38
"""Room for one picture; its own shape is kept within."""
_GAP_PX = 5
_NUMBER_PX = 13
"""For a scene's number under its picture, where its band is too narrow to hold both."""
_NARROWEST_PX, _STEP_PX, _STEPS = 240, 40, 27
"""Of the plot: from a narrow tablet's to the widest page's. Only the browser knows which it is."""
_TABLET_PX = 480


def picture_lane(
    scenes: pd.DataFrame,
    pictures: Mapping[int, str],
    selected: int | None,
    ink: str,
    *,
    stretch: tuple[int, int],
    above_px: int,
) -> tuple[list[alt.Chart], int]:
    """The pictures, and the pixels that they take, ``above_px`` over the plot.

    ``scenes``: scene, name, start_ms, end_ms, those that reach into ``stretch``, cut to it. ``pictures``: an address
    (a data URL) by scene.
    """
    start_ms, end_ms = stretch
    bands = scene_bands(scenes, selected)
    bands["picture"] = [pictures.get(int(scene)) for scene in bands["scene"]]
    bands = bands.dropna(subset=["picture"])
    if bands.empty:
        return [], 0
    span = end_ms - start_ms
    middles = [(middle - start_ms) / span for middle in bands["mid_ms"]]
    lengths = bands["end_ms"] - bands["start_ms"]
    weights = lengths + lengths.sum() * bands["selected"]
    shown = [set(chosen(middles, list(weights), _NARROWEST_PX + _STEP_PX * step)) for step in range(_STEPS)]
    bands["shown"] = ["".join("01"[at in places] for places in shown) for at in range(len(bands))]
    bands["part"] = lengths / span
    drawn = bands[["1" in marks for marks in bands["shown"]]]
    numbered = bool((drawn["part"] * _TABLET_PX < WIDTH_PX).any())
    height = HEIGHT_PX + (_NUMBER_PX if numbered else 0) + 4
    half = WIDTH_PX / 2
    step = f"clamp(floor((width - {_NARROWEST_PX}) / {_STEP_PX}), 0, {_STEPS - 1})"
    # Pictures at the ends stay within the plot.
    x_ms = f"{start_ms} + clamp((datum.mid_ms - {start_ms}) / {span} * width, {half}, width - {half}) / width * {span}"
    base = (
        alt.Chart(drawn[["scene", "mid_ms", "picture", "shown", "part"]])
        .transform_filter(f"substring(datum.shown, {step}, {step} + 1) == '1'")
        .transform_calculate(x_ms=x_ms, number=f"datum.part * width < {WIDTH_PX} ? datum.scene : ''")
    )
    layers = [
        base.mark_image(width=WIDTH_PX, height=HEIGHT_PX, aspect=True).encode(
            x=alt.X("x_ms:Q"), y=alt.YValue(-above_px - height + HEIGHT_PX / 2), url=alt.Url("picture:N")
        )
    ]
    if numbered:
        layers.append(
            base.mark_text(fontSize=10.5, baseline="middle", color=ink, opacity=0.8).encode(
                x=alt.X("x_ms:Q"), y=alt.YValue(-above_px - _NUMBER_PX / 2 - 2), text=alt.Text("number:N")
            )
        )
    return layers, height


def chosen(middles: Sequence[float], weights: Sequence[float], width_px: int) -> list[int]:
    """Which pictures a plot shows: those that weigh most together of all that do not cover one another.

    ``middles``: where each belongs, rising, 0 to 1 of the width. A choice of intervals by what they weigh (Kleinberg
    and Tardos 2005, section 6.1).
    """
    half = WIDTH_PX / 2
    places = [min(max(middle * width_px, half), width_px - half) for middle in middles]
    best = [0.0]  # of the first so many pictures
    before = []  # how many of them end where this one may begin
    for at, place in enumerate(places):
        before.append(bisect_right(places, place - WIDTH_PX - _GAP_PX, hi=at))
        best.append(max(best[at], weights[at] + best[before[at]]))
    found = []
    at = len(places)
    while at:
        if best[at] > best[at - 1]:
            found.append(at - 1)
            at = before[at - 1]
        else:
            at -= 1
    return found[::-1]
