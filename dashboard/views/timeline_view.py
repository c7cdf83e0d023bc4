"""The timeline and what it is told to draw: emotions, measure, stretch of film."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from contract.emotions import EMOTIONS
from dashboard import state, words
from dashboard.data import Choice, ScreeningData
from dashboard.frames import records
from dashboard.lanes import MOST_SUBTITLED_MS, moment_bars, subtitle_bars
from dashboard.pictures import picture_lane
from dashboard.series import Series, series, strongest, within
from dashboard.theme import COLOUR_SLOTS, INK
from dashboard.timeline import BANDED, SCENE_PARAM, STRETCH_PARAM, overview, shown_scenes, span_of, timeline
from dashboard.views import figures, thumbnails
from dashboard.views.colours import page_colours

MEASURES = {"share": "How many viewers", "mean": "How strongly"}
_SHORTEST_MS = 4_000


def choose_measure() -> str:
    """The measure last chosen: "share" or "mean"."""
    return str(st.session_state.get("measure") or "share")


def timeline_view(choice: Choice, shown: ScreeningData, scene: int | None, moment_ms: int | None) -> None:
    """Draws it; a click chooses a moment and its scene."""
    screening = str(choice.screening)
    if shown.timeline.empty:
        st.info(
            f"No second was watched by {words.viewers(choice.k)} or more, so there is no timeline to draw."
        )
        return
    measure, drawn = _controls(screening, shown.timeline)
    whole = series(shown.timeline, measure)
    span = span_of(whole, shown.scenes)
    start, end = _stretch(shown, whole, drawn, span)
    lines = series(within(shown.timeline, start, end), measure)
    key = state.timeline_key(screening)
    simulated = words.simulated(choice.simulated, choice.viewers)
    subtitle = f"n = {words.count_range(within(shown.seconds, start, end)['viewers'])}"
    lanes, lanes_px = _lanes(shown, start, end)
    pictures, pictures_px = _pictures(choice, shown, (start, end), scene, lanes_px)
    uncertainty = measure == "share" and bool(st.session_state.get("uncertainty", True))
    chart = timeline(
        lines,
        shown.scenes,
        emotions=drawn,
        measure=measure,
        selected=scene,
        subtitle=f"{subtitle} · {simulated}" if simulated else subtitle,
        timecode=choice.timecode,
        ink=INK[page_colours()],
        stretch=(start, end),
        uncertainty=uncertainty,
        moment_ms=moment_ms,
        lanes=lanes,
        lanes_px=lanes_px + pictures_px,
        pictures=pictures,
    )
    figures.chart(
        chart,
        table(lines, drawn, choice),
        alt_text="Emotions over film time: "
        + (", ".join(words.LOOKED[emotion] for emotion in drawn) or "none chosen"),
        caption=_caption(lines, measure, uncertainty=uncertainty),
        key=key,
        on_select=lambda: state.clicked_timeline(key),
        selection=SCENE_PARAM,
    )


def table(lines: Series, emotions: list[str], choice: Choice) -> pd.DataFrame:
    """What is drawn, a row a moment: film time, viewers, and each emotion's share with its interval."""
    frame = lines.frame[lines.frame["emotion"].isin(emotions)]
    rows: dict[int, dict[str, Any]] = {}
    for t_ms, emotion, viewers, share, low, high, mean in zip(
        *(frame[name] for name in ("t_ms", "emotion", "viewers", "share", "share_low", "share_high", "mean")),
        strict=True,
    ):
        row = rows.setdefault(
            int(t_ms),
            {"Film time": words.clock(t_ms), "Timecode": choice.timecode(int(t_ms)), "Viewers": viewers},
        )
        name = words.LOOKED[str(emotion)].capitalize()
        row[f"{name}, % of viewers"] = round(share)
        row[f"{name}, 95% interval"] = words.interval(low, high)
        row[f"{name}, mean score"] = round(mean)
    return pd.DataFrame([rows[t_ms] for t_ms in sorted(rows)])


def _lanes(shown: ScreeningData, start: int, end: int) -> tuple[list[alt.Chart], int]:
    """Moments, and the subtitles when the stretch is short enough to read them; and the pixels they take."""
    ink = INK[page_colours()]
    moments, subtitles = (
        table[(table["end_ms"] > start) & (table["start_ms"] < end)]
        for table in (shown.read("moments"), shown.read("subtitles"))
    )
    layers: list[alt.Chart] = []
    pixels = 0
    if len(moments):
        bars, taken = moment_bars(moments, start, end, ink, above_px=pixels)
        layers, pixels = layers + bars, pixels + taken
    if len(subtitles) and end - start <= MOST_SUBTITLED_MS:
        bars, taken = subtitle_bars(subtitles, start, end, ink, above_px=pixels)
        layers, pixels = layers + bars, pixels + taken
    return layers, pixels


def _pictures(
    choice: Choice, shown: ScreeningData, stretch: tuple[int, int], selected: int | None, above_px: int
) -> tuple[list[alt.Chart], int]:
    """The scenes' pictures, where the film's shots were looked for; and the pixels they take."""
    scenes = shown_scenes(shown.scenes, *stretch)
    paths = thumbnails.picture_paths(shown.published.store_dir, choice, records(scenes))
    return picture_lane(
        scenes,
        thumbnails.small_pictures(paths),
        selected,
        INK[page_colours()],
        stretch=stretch,
        above_px=above_px,
    )


def _controls(screening: str, seconds: pd.DataFrame) -> tuple[str, list[str]]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        emotions = st.pills(
            "Emotions",
            list(EMOTIONS),
            selection_mode="multi",
            default=strongest(seconds, "share"),
            format_func=lambda emotion: f":{COLOUR_SLOTS[emotion]}[●] {words.LOOKED[emotion]}",
            key=f"emotions-{screening}",
        )
        measure = st.segmented_control(
            "Measured as",
            list(MEASURES),
            default="share",
            required=True,
            format_func=MEASURES.__getitem__,
            key="measure",
        )
        st.toggle(
            "Bands of uncertainty",
            value=True,
            key="uncertainty",
            help="The 95% interval of each share. Where two bands overlap widely, the lines may be equal.",
        )
    return str(measure), [emotion for emotion in EMOTIONS if emotion in emotions]


def _stretch(shown: ScreeningData, whole: Series, drawn: list[str], span: int) -> tuple[int, int]:
    """The strip of the whole film, the slider and the buttons; returns what they chose."""
    start, end = state.stretch(span)
    key = f"overview-{shown.screening}-{st.session_state.get(state.TURN, 0)}"
    st.altair_chart(
        overview(whole, shown.scenes, drawn, (start, end), INK[page_colours()]),
        key=key,
        on_select=lambda: _brushed(key, span),
        selection_mode=STRETCH_PARAM,
        alt="The whole film; drag to choose what the timeline shows",
    )
    slider = f"stretch-{shown.screening}"
    st.session_state[slider] = (_time(start), _time(end))
    width = end - start
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="zoom"):
        st.slider(
            "Film time shown",
            min_value=_time(0),
            max_value=_time(span),
            step=timedelta(seconds=1),
            format="H:mm:ss" if span >= 3_600_000 else "m:ss",
            key=slider,
            help="Drag over the strip above, move the ends here, or use the buttons.",
            on_change=lambda: _slid(slider, span),
            width="stretch",
        )
        for label, icon, shown_as, asked in (
            ("Closer", "zoom_in", "Show half as much", (start + width // 4, end - width // 4)),
            ("Wider", "zoom_out", "Show twice as much", (start - width // 2, end + width // 2)),
            ("Earlier", "chevron_left", "Move half a stretch back", _moved(start, end, -width // 2, span)),
            ("Later", "chevron_right", "Move half a stretch on", _moved(start, end, width // 2, span)),
            ("Whole film", "fit_width", "Show the whole film", (0, span)),
        ):
            st.button(
                label if label == "Whole film" else "",
                icon=f":material/{icon}:",
                key=f"zoom-{label}",
                help=f"{label}: {shown_as[:1].lower()}{shown_as[1:]}",
                on_click=_zoom,
                args=(*asked, span),
            )
    return start, end


def _time(film_ms: int) -> time:
    seconds = min(film_ms // 1000, 24 * 3600 - 1)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _ms(value: time) -> int:
    return 1000 * (value.hour * 3600 + value.minute * 60 + value.second)


def _moved(start: int, end: int, by: int, span: int) -> tuple[int, int]:
    by = max(-start, min(by, span - end))
    return start + by, end + by


def _zoom(start: int, end: int, span: int) -> None:
    """Whole seconds within the film, and at least a few of them."""
    start, end = max(0, start // 1000 * 1000), min(span, -(-end // 1000) * 1000)
    if end - start < _SHORTEST_MS:
        start = max(0, min(start, span - _SHORTEST_MS))
        end = min(span, start + _SHORTEST_MS)
    state.zoom(start, end)


def _brushed(key: str, span: int) -> None:
    event: Any = st.session_state.get(key) or {}
    ends = event.get("selection", {}).get(STRETCH_PARAM, {}).get("mid_ms") or []
    if len(ends) == 2:
        _zoom(int(min(ends)), int(max(ends)), span)


def _slid(key: str, span: int) -> None:
    first, last = st.session_state[key]
    _zoom(_ms(first), _ms(last) if last < _time(span) else span, span)


def _caption(lines: Series, measure: str, *, uncertainty: bool) -> str:
    said = (
        f"Lines are smoothed over {words.length(lines.smoothed_ms)} of film; "
        "pointing at a moment shows its own figures"
    )
    if measure == "share":
        bands = f" Bands: the 95% interval over viewers, from {BANDED:.0f}% on." if uncertainty else ""
        return f"{said} with their 95% interval.{bands} {words.SHOWING} Click a moment to read it below."
    return f"{said}. Scores are averaged for each viewer first, then over viewers. Click a moment to read it below."
