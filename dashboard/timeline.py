"""The emotion timeline: lines over film time, scene bands behind, one click chooses a scene."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence

import altair as alt
import pandas as pd

from contract.messages import WINDOW_MS
from dashboard import words
from dashboard.frames import Row, records
from dashboard.line_names import Plot, line_names
from dashboard.series import Series, ceiling, level_ticks, tick_times
from dashboard.theme import EMOTION_COLOURS, GRID, PADDING, Drawing, chart_title

STRETCH_PARAM = "stretch"
SCENE_PARAM = "scene"
"""The chart's selection: ``[{"scene": 3, "t_ms": 14000}]`` after a click on second 14, in scene 3."""
HEIGHT = 300
STRIP = 40
"""Pixels above the plot for scene numbers and names."""
BANDED = 5.0
"""Percent from which on a line has a band: those of all lines near 0 are one, and hide what matters."""
_LETTER_PX = 5.7
_FITS = (
    f"length(datum.name) * {_LETTER_PX} + 4 <= datum.fraction * width ? datum.name : "
    f"datum.fraction * width > 60 ? truncate(datum.name, floor((datum.fraction * width - 4) / {_LETTER_PX})) : ''"
)
"""As much of a scene's name as its band has room for: only the browser knows how wide the chart is."""
CLOCK = (
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
    stretch: tuple[int, int] | None = None,
    uncertainty: bool = False,
    moment_ms: int | None = None,
    lanes: Sequence[alt.Chart] = (),
    lanes_px: int = 0,
    pictures: Sequence[alt.Chart] = (),
) -> Drawing:
    """The chart.

    ``scenes``: scene, name, start_ms, end_ms; ``emotions``: the lines to draw; ``measure``: "share"
    (percent of viewers) or "mean" (0..100); ``subtitle`` states n, and the simulated audience; ``ink``: the
    colour of words; ``stretch``: what is shown, [start, end) ms, the whole film if None; ``uncertainty``: bands of
    the 95% interval, from BANDED on; ``moment_ms``: a mark there; ``lanes``: layers between the scenes'
    names and the plot, which take ``lanes_px`` above it; ``pictures``: layers there, too, that a click goes through.
    """
    drawn = lines.frame[lines.frame["emotion"].isin(list(emotions))]
    start, end = stretch or (0, span_of(lines, scenes))
    scenes = shown_scenes(scenes, start, end)
    uncertain = uncertainty and measure == "share"
    highest = (
        drawn["level_high"].where(drawn["level"] >= BANDED, drawn["level"]) if uncertain else drawn["level"]
    )
    top = ceiling(float(highest.max()) if len(drawn) else 0.0)
    colour = alt.Color(
        "emotion:N",
        scale=alt.Scale(domain=list(EMOTION_COLOURS), range=list(EMOTION_COLOURS.values())),
        legend=None,
    )
    x = alt.X(
        "mid_ms:Q",
        title="film time (min:sec)",
        # Said in so many words: the bands' layers would bring the film's first frame in again.
        scale=alt.Scale(domain=[start, end], nice=False, zero=False),
        axis=alt.Axis(
            values=tick_times(end - start, start_ms=start), labelExpr=CLOCK, grid=False, labelFlush=False
        ),
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
            labelFlush=False,
        ),
    )
    hover = alt.selection_point(
        name="hover", fields=["mid_ms"], on="pointerover", clear="pointerout", empty=False, nearest=False
    )
    chosen = alt.selection_point(
        name=SCENE_PARAM, fields=["scene", "t_ms"], on="click", clear=False, toggle=False, empty=False
    )
    bands = scene_bands(scenes, selected)
    strokes = alt.Chart(drawn[["mid_ms", "level", "emotion", "segment"]])
    line = strokes.mark_line(strokeWidth=2.25, strokeJoin="round", strokeCap="round", interpolate="monotone")
    dots = strokes.mark_point(filled=True, size=55, opacity=1)
    names = alt.Chart(line_names(drawn, Plot(start, end, top)))
    hits = alt.Chart(hit_areas(lines, scenes, emotions, measure, timecode))
    areas = (
        alt.Chart(_banded(drawn))
        .mark_area(opacity=0.16, interpolate="monotone", line=False)
        .encode(
            x=x,
            y=alt.Y("level_low:Q"),
            y2=alt.Y2("level_high:Q"),
            color=colour,
            detail=alt.Detail("segment:N"),
        )
    )
    layers = [
        *_bands(bands, ink, STRIP + lanes_px),
        *([areas] if uncertain and len(drawn) else []),
        line.encode(x=x, y=y, color=colour, detail=alt.Detail("segment:N")),
        dots.encode(x=x, y=y, color=colour, opacity=_shown_at(hover, 1)),
        *(
            names.transform_filter(f"datum.inside == {inside}")
            .mark_text(fontSize=13, fontWeight="bold", dy=dy)
            .encode(x=x, y=y, color=colour, text=alt.Text("name:N"))
            for inside, dy in (("false", -11), ("true", 13))
        ),
        *pictures,
        hits.mark_rect(color=GRID, cursor="pointer")
        .encode(
            x=alt.X("t_ms:Q"),
            x2=alt.X2("end_ms:Q"),
            y=alt.YValue(-STRIP - lanes_px),
            y2=alt.Y2Value("height"),
            opacity=_shown_at(hover, 0.22),
            tooltip=_tooltips(emotions),
        )
        .add_params(hover, chosen),
        *_mark(moment_ms, start, end, ink),
        *lanes,
    ]
    title = (
        "Share of viewers showing each emotion"
        if measure == "share"
        else "Average score of each emotion, 0 to 100"
    )
    return Drawing(layer=layers).properties(
        height=HEIGHT,
        title=chart_title(title, subtitle),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding=PADDING,
    )


def _banded(drawn: pd.DataFrame) -> pd.DataFrame:
    """The stretches of lines that get a band: mid_ms, level_low, level_high, emotion, segment."""
    high = drawn["level"] >= BANDED
    stretch = (high != high.shift()).cumsum().astype(str) + "/" + drawn["segment"].astype(str)
    banded = drawn[["mid_ms", "level_low", "level_high", "emotion"]].assign(segment=stretch)
    return banded[high]


def _shown_at(hover: alt.Parameter, opacity: float) -> alt.OpacityValue:
    """Invisible but where the pointer is.

    In Vega-Lite's own terms: what `alt.condition` gives, and every channel given as a dict or a string, is looked up
    among all of Altair's classes, which took a fifth of a page's time.
    """
    return alt.OpacityValue(0, condition={"param": hover.name, "empty": False, "value": opacity})


def scene_bands(scenes: pd.DataFrame, selected: int | None) -> pd.DataFrame:
    """Where each band lies, what part of the width it has, and how dark it is."""
    span = int(scenes["end_ms"].max() - scenes["start_ms"].min()) if len(scenes) else 1
    bands = scenes[["scene", "name", "start_ms", "end_ms"]].copy()
    bands["mid_ms"] = (bands["start_ms"] + bands["end_ms"]) / 2
    bands["selected"] = bands["scene"] == (selected or -1)
    bands["shade"] = [
        0.2 if on else 0.1 if number % 2 else 0.04
        for number, on in zip(bands["scene"], bands["selected"], strict=True)
    ]
    bands["fraction"] = (bands["end_ms"] - bands["start_ms"]) / span
    return bands


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
    found: dict[int, dict[str, object]] = {}
    known: set[int] = set()
    scene_at = _scene_finder(scenes)
    for row in records(lines.frame):
        area = found.get(row["mid_ms"])
        if area is None:
            t_ms, end_ms, mid_ms = (int(row[name]) for name in ("t_ms", "end_ms", "mid_ms"))
            number, name = scene_at(mid_ms)
            area = {"t_ms": t_ms, "end_ms": end_ms, "mid_ms": mid_ms, "scene": number}
            area["time"] = f"{words.clock(t_ms)} ({timecode(t_ms)})"
            area["where"] = f"{number} · {name}" if number else "between scenes"
            area["watching"] = words.viewers(int(row["viewers"]))
            found[mid_ms] = area
            known.add(number or -1)
        if row["emotion"] in emotions:
            area[row["emotion"]] = _figure(row, measure, lines.step_ms)
    areas = [found[mid_ms] for mid_ms in sorted(found)]
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


def _bands(bands: pd.DataFrame, ink: str, strip: int) -> list[alt.Chart]:
    # Without figures the line's scale is not there to share: the domain is stated by the line layer.
    base = alt.Chart(bands)
    x = alt.X("start_ms:Q")
    return [
        base.mark_rect(color=GRID).encode(
            x=x,
            x2=alt.X2("end_ms:Q"),
            y=alt.YValue(-strip),
            y2=alt.Y2Value("height"),
            opacity=alt.Opacity("shade:Q", scale=None),
        ),
        base.transform_filter("datum.selected")
        .mark_rect(fillOpacity=0, strokeWidth=1.5, stroke=GRID)
        .encode(x=x, x2=alt.X2("end_ms:Q"), y=alt.YValue(-strip), y2=alt.Y2Value("height")),
        *band_names(bands, ink, strip),
    ]


def band_names(bands: pd.DataFrame, ink: str, strip: int = STRIP) -> list[alt.Chart]:
    """Number and name of each band of ``scene_bands``, as far as there is room."""
    base = alt.Chart(bands)
    return [
        base.transform_calculate(number="datum.fraction * width >= 14 ? datum.scene : ''")
        .mark_text(fontSize=13, fontWeight="bold", baseline="middle", color=ink)
        .encode(x=alt.X("mid_ms:Q"), y=alt.YValue(-strip + 12), text=alt.Text("number:N")),
        base.transform_calculate(label=_FITS)
        .mark_text(fontSize=12, baseline="middle", color=ink)
        .encode(x=alt.X("mid_ms:Q"), y=alt.YValue(-strip + 28), text=alt.Text("label:N")),
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


def _scene_finder(scenes: pd.DataFrame) -> Callable[[int], tuple[int | None, str]]:
    """A function from film ms to the scene there, number and name; scenes stand in film order."""
    rows = records(scenes)
    starts = [int(row["start_ms"]) for row in rows]

    def find(film_ms: int) -> tuple[int | None, str]:
        at = bisect.bisect_right(starts, film_ms) - 1
        if at < 0 or film_ms >= rows[at]["end_ms"]:
            return None, ""
        return int(rows[at]["scene"]), str(rows[at]["name"])

    return find


def span_of(lines: Series, scenes: pd.DataFrame) -> int:
    """The end of what is known of the film, ms."""
    ends = [int(frame["end_ms"].max()) for frame in (lines.frame, scenes) if len(frame)]
    return max(ends, default=60_000)


def shown_scenes(scenes: pd.DataFrame, start_ms: int, end_ms: int) -> pd.DataFrame:
    """The scenes that reach into [start_ms, end_ms), cut to it."""
    inside = scenes[(scenes["end_ms"] > start_ms) & (scenes["start_ms"] < end_ms)].copy()
    inside["start_ms"] = inside["start_ms"].clip(lower=start_ms)
    inside["end_ms"] = inside["end_ms"].clip(upper=end_ms)
    return inside


def _mark(moment_ms: int | None, start: int, end: int, ink: str) -> list[alt.Chart]:
    if moment_ms is None or not start <= moment_ms < end:
        return []
    at = pd.DataFrame({"at_ms": [moment_ms + WINDOW_MS // 2]})
    return [
        alt.Chart(at)
        .mark_rule(color=ink, strokeWidth=1.5, strokeDash=[3, 3])
        .encode(x=alt.X("at_ms:Q"), y=alt.YValue(-2), y2=alt.Y2Value("height"))
    ]


def overview(
    lines: Series, scenes: pd.DataFrame, emotions: Sequence[str], stretch: tuple[int, int], ink: str
) -> Drawing:
    """The whole film in a strip: dragging over it chooses the stretch that the timeline shows.

    The selection ``STRETCH_PARAM`` has ``mid_ms``: its two ends.
    """
    span = span_of(lines, scenes)
    drawn = lines.frame[lines.frame["emotion"].isin(list(emotions))]
    # Not None: layers with and without an axis cannot share one.
    bare = alt.Axis(labels=False, ticks=False, domain=False, grid=False, title=None)
    x = alt.X("mid_ms:Q", title=None, scale=alt.Scale(domain=[0, span], nice=False), axis=bare)
    top = ceiling(float(drawn["level"].max()) if len(drawn) else 0.0)
    colour = alt.Color(
        "emotion:N",
        scale=alt.Scale(domain=list(EMOTION_COLOURS), range=list(EMOTION_COLOURS.values())),
        legend=None,
    )
    brush = alt.selection_interval(name=STRETCH_PARAM, encodings=["x"], mark=alt.BrushConfig(fill=GRID))
    window = pd.DataFrame({"start_ms": [stretch[0]], "end_ms": [stretch[1]]})
    layers: list[alt.Chart] = [
        alt.Chart(scene_bands(scenes, None))
        .mark_rect(color=GRID)
        .encode(x=alt.X("start_ms:Q"), x2=alt.X2("end_ms:Q"), opacity=alt.Opacity("shade:Q", scale=None)),
        alt.Chart(drawn[["mid_ms", "level", "emotion", "segment"]])
        .mark_line(strokeWidth=1.25, interpolate="monotone")
        .encode(
            x=x,
            y=alt.Y(
                "level:Q",
                title=None,
                axis=alt.Axis(labels=False, ticks=False, domain=False, grid=False, minExtent=38),
                scale=alt.Scale(domain=[0, top], nice=False),
            ),
            color=colour,
            detail=alt.Detail("segment:N"),
        )
        .add_params(brush),
    ]
    if stretch != (0, span):
        layers.append(
            alt.Chart(window)
            .mark_rect(fillOpacity=0.12, fill=GRID, stroke=ink, strokeWidth=1.5)
            .encode(x=alt.X("start_ms:Q"), x2=alt.X2("end_ms:Q"))
        )
    return Drawing(layer=layers).properties(
        height=54, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"), padding=PADDING
    )
