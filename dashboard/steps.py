"""Which emotion followed which, from scene to scene: rows of scene_steps.sql in words and in a chart."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping, Sequence

import altair as alt
import pandas as pd

from analytics.statistics import wilson
from dashboard import words
from dashboard.frames import Row
from dashboard.theme import EMOTION_COLOURS, GRID, PADDING, Drawing, chart_title
from dashboard.timeline import STRIP, band_names, scene_bands

OTHER = "other"
LANES = ("happy", "surprise", "neutral", "sad", "fear", "disgust", "angry", OTHER)
"""From pleasant to unpleasant; the ways of few viewers, told together, at the bottom."""
_LANE_PX, _WIDEST_PX = 34, 26
_BEND = 0.28
"""Of the way from scene to scene, a line leaves and arrives level."""


def with_shares(steps: Sequence[Row], scenes: Container[int]) -> list[Row]:
    """``steps``: rows of scene_steps.sql; share, share_low, share_high in percent are added.

    No interval where several ways are told together. ``scenes``: the numbers there are; figures that outlived the rows
    of their viewers may be of a scene list that is no more, and are left aside.
    """
    found = []
    for row in steps:
        if row["scene"] not in scenes or row["next_scene"] not in scenes:
            continue
        low, high = wilson(int(row["viewers"]), int(row["of"]))
        together = row["emotion"] == OTHER
        found.append(
            {
                **row,
                "share": 100 * row["viewers"] / row["of"],
                "share_low": float("nan") if together else 100 * low,
                "share_high": float("nan") if together else 100 * high,
            }
        )
    return found


def clearest(steps: Sequence[Row], most: int) -> list[Row]:
    """Changes that surely more viewers went through than the other way round, strongest first; ``steps``: with shares.

    The other way is at most all that is told as others, where it is not told itself.
    """
    back = {(row["scene"], row["next_emotion"], row["emotion"]): float(row["share_high"]) for row in steps}
    others = {row["scene"]: float(row["share"]) for row in steps if row["emotion"] == OTHER}

    def surely(row: Row) -> bool:
        way = (row["scene"], row["emotion"], row["next_emotion"])
        return float(row["share_low"]) > back.get(way, others.get(row["scene"], 0.0))

    changes = [row for row in steps if row["emotion"] not in {OTHER, row["next_emotion"]} and surely(row)]
    return sorted(changes, key=lambda row: -float(row["share_low"]))[:most]


def sentence(row: Row, names: Mapping[int, str], *, begin: bool = True) -> str:
    """A step told with its n and interval: "From “A” to “B”, 22 of 41 viewers went from happy to afraid (…).".

    ``begin``: with a capital.
    """
    scenes = (
        f"{'From' if begin else 'from'} “{names[int(row['scene'])]}” to “{names[int(row['next_scene'])]}”"
    )
    between = words.interval(row["share_low"], row["share_high"])
    return f"{scenes}, {words.many(int(row['viewers']), int(row['of']))} {way(row)} (95% interval {between})."


def way(row: Row) -> str:
    """As in "went from happy to afraid", "stayed neutral"."""
    if row["emotion"] == OTHER:
        return "went ways that too few shared to be told apart"
    if row["emotion"] == row["next_emotion"]:
        return f"stayed {words.LOOKED[str(row['emotion'])]}"
    return f"went from {words.LOOKED[str(row['emotion'])]} to {words.LOOKED[str(row['next_emotion'])]}"


def step_chart(steps: Sequence[Row], scenes: Sequence[Row], *, subtitle: str, ink: str) -> Drawing:
    """A column a scene of ``scenes`` (consecutive), a lane an emotion, a line a way, as wide as viewers went it."""
    places = {int(scene["scene"]): at for at, scene in enumerate(scenes)}
    drawn = [row for row in steps if int(row["scene"]) in places and int(row["next_scene"]) in places]
    present = {str(row[end]) for row in drawn for end in ("emotion", "next_emotion")}
    lanes = [lane for lane in LANES if lane in present]
    bands = scene_bands(
        pd.DataFrame(
            [(scene["scene"], scene["name"], at, at + 1) for at, scene in enumerate(scenes)],
            columns=["scene", "name", "start_ms", "end_ms"],
        ),
        None,
    )
    axis = alt.Axis(
        values=list(range(len(lanes))),
        labelExpr=f"{json.dumps([_lane(lane) for lane in lanes])}[datum.value]",
        labelFontSize=13,
        labelColor=ink,
        labelPadding=10,
        ticks=False,
        domain=False,
        gridOpacity=0.35,
    )
    # Not None: layers with and without an axis cannot share one.
    bare = alt.Axis(labels=False, ticks=False, domain=False, grid=False, title=None)
    x = alt.X("place:Q", title=None, axis=bare, scale=alt.Scale(domain=[0, len(scenes)], nice=False))
    y = alt.Y("lane:Q", title=None, axis=axis, scale=alt.Scale(domain=[len(lanes) - 0.4, -0.6], nice=False))
    points = pd.DataFrame(
        [point for row in drawn for point in _points(row, places[int(row["scene"])], lanes)],
        columns=["step", "place", "lane", "colour", "share", "where", "said"],
    )
    said = pd.DataFrame(
        [
            {
                "place": places[int(row["scene"])] + 1,
                "lane": (lanes.index(str(row["emotion"])) + lanes.index(str(row["next_emotion"]))) / 2,
                "text": str(int(row["viewers"])),
            }
            for row in _largest(drawn)
        ],
        columns=["place", "lane", "text"],
    )
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
        alt.Chart(points)
        .mark_line(interpolate="monotone", opacity=0.62, strokeCap="butt")
        .encode(
            x=x,
            y=y,
            detail=alt.Detail("step:N"),
            stroke=alt.Stroke("colour:N", scale=None, legend=None),
            strokeWidth=alt.StrokeWidth(
                "share:Q", scale=alt.Scale(domain=[0, 100], range=[1, _WIDEST_PX]), legend=None
            ),
            tooltip=[alt.Tooltip("where:N", title="Step"), alt.Tooltip("said:N", title="Viewers")],
        ),
        alt.Chart(said)
        .mark_text(color=ink, fontSize=12.5, fontWeight="bold")
        .encode(x=x, y=y, text=alt.Text("text:N")),
    ]
    return Drawing(layer=layers).properties(
        height=_LANE_PX * max(2, len(lanes)),
        title=chart_title("What followed what, scene to scene", subtitle),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding=PADDING,
    )


def table(steps: Sequence[Row], names: Mapping[int, str]) -> pd.DataFrame:
    """Every step as people read it; ``steps``: with shares."""
    return pd.DataFrame(
        {
            "From scene": [f"{int(row['scene'])} · {names[int(row['scene'])]}" for row in steps],
            "To scene": [f"{int(row['next_scene'])} · {names[int(row['next_scene'])]}" for row in steps],
            "From": [_lane(str(row["emotion"])) for row in steps],
            "To": [_lane(str(row["next_emotion"])) for row in steps],
            "How many": [words.many(int(row["viewers"]), int(row["of"])) for row in steps],
            "Share, %": [round(row["share"]) for row in steps],
            "95% interval": [words.interval(row["share_low"], row["share_high"]) for row in steps],
        }
    )


def _points(row: Row, place: int, lanes: Sequence[str]) -> list[Row]:
    """The line of one way, from the middle of a column to the middle of the next."""
    one, other = (lanes.index(str(row[end])) for end in ("emotion", "next_emotion"))
    line = {
        "step": f"{row['scene']} {row['emotion']} {row['next_emotion']}",
        "colour": EMOTION_COLOURS.get(str(row["emotion"]), GRID),
        "share": row["share"],
        "where": f"scene {row['scene']} to {row['next_scene']}",
        "said": f"{words.many(int(row['viewers']), int(row['of']))} {way(row)}",
    }
    course = ((0.5, one), (0.5 + _BEND, one), (1.5 - _BEND, other), (1.5, other))
    return [{**line, "place": place + at, "lane": lane} for at, lane in course]


def _largest(steps: Sequence[Row]) -> list[Row]:
    """Of each step the way that most viewers went."""
    found: dict[int, Row] = {}
    for row in steps:
        best = found.get(int(row["scene"]))
        if row["emotion"] != OTHER and (best is None or row["viewers"] > best["viewers"]):
            found[int(row["scene"])] = row
    return list(found.values())


def _lane(emotion: str) -> str:
    return "Others, together" if emotion == OTHER else words.LOOKED[emotion].capitalize()
