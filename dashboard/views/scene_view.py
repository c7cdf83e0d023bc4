"""The chosen scene: a sentence, a radar, bars with their intervals."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import scene_charts, state, words
from dashboard.data import Choice, ScreeningData
from dashboard.frames import Row, records
from dashboard.theme import INK
from dashboard.views import figures, thumbnails
from dashboard.views.colours import page_colours

_PICTURE_PX = 192


def scene_view(choice: Choice, shown: ScreeningData, measure: str, scene: int) -> None:
    """Draws it, with the list of scenes to choose another by keyboard."""
    row = shown.scene(scene)
    reactions = shown.reactions_of(scene)
    names = {int(one["scene"]): f"{one['scene']} · {one['name']}" for one in records(shown.scenes)}
    with st.container(border=True, key="scene"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(f"Scene {scene}: {row['name']}", anchor=False, width="stretch")
            state.align_list(scene)
            st.selectbox(
                "Scene",
                list(names),
                format_func=lambda number: names.get(number, str(number)),
                key=state.LIST_KEY,
                on_change=state.picked_from_list,
                label_visibility="collapsed",
                width=280,
            )
        with st.container(horizontal=True, vertical_alignment="top", gap="medium"):
            _picture(choice, shown, row)
            with st.container():
                _said(choice, shown, row)
        if reactions.empty:
            return
        _charts(choice, shown, measure, scene, str(row["name"]))


def _picture(choice: Choice, shown: ScreeningData, row: pd.Series[Any]) -> None:
    scene = {str(name): value for name, value in row.items()}
    for path in thumbnails.picture_paths(shown.published.store_dir, choice, [scene]).values():
        thumbnails.picture(path, width=_PICTURE_PX, alt=f"A picture of scene {row['scene']}, {row['name']}")


def _said(choice: Choice, shown: ScreeningData, row: pd.Series[Any]) -> None:
    """The scene in sentences, each with its n or its interval."""
    scene = int(row["scene"])
    rows = records(shown.reactions_of(scene))
    before = records(shown.reactions_of(scene - 1)) if scene > 1 else []
    since = words.change(rows, before, "a scene earlier")
    st.markdown(" ".join(filter(None, (f"**{words.headline(rows)}**", since, words.headline_interval(rows)))))
    start, end = int(row["start_ms"]), int(row["end_ms"])
    span = f"{words.clock(start)}–{words.clock(end)}, from {choice.timecode(start)}"
    if not rows:
        st.caption(f"{span}. Fewer than {words.viewers(choice.k)} watched it (k = {choice.k}).")
        return
    st.caption(f"{span}. {_mood(row)}{_norm(shown, scene)}")


def _charts(choice: Choice, shown: ScreeningData, measure: str, scene: int, name: str) -> None:
    reactions = shown.reactions_of(scene)
    ink = INK[page_colours()]
    average = scene_charts.average_scene(shown.reactions, measure)
    counted = int(reactions["viewers"].max())
    simulated = words.simulated(choice.simulated, choice.viewers)
    subtitle = f"n = {words.viewers(counted)}" + (f"\n{simulated}" if simulated else "")
    with st.container(key="charts"):
        left, right = st.columns([5, 7], gap="large")
    with left, st.container(key="radar"):
        st.altair_chart(
            scene_charts.radar(reactions, average, measure=measure, subtitle=subtitle, ink=ink),
            width="content",
            alt=scene_charts.alternative(f"{scene} {name}", reactions, measure),
        )
    with right, st.container(key="bars"):
        st.altair_chart(
            scene_charts.bars(reactions, average, measure=measure, subtitle=subtitle, ink=ink),
            alt=f"Bars of scene {scene} with 95% intervals",
        )
    explained = "Line on a bar: 95% interval over viewers."
    if average is not None:
        explained += " Dashed outline and diamonds: the average scene of this screening."
    st.caption(explained)
    figures.behind(_table(records(reactions)))


def _table(rows: list[Row]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Looked": [words.LOOKED[str(row["emotion"])] for row in rows],
            "How many": [words.many(int(row["showing"]), int(row["viewers"])) for row in rows],
            "Share, %": [round(row["share"]) for row in rows],
            "95% interval of the share": [
                words.interval(row["share_low"], row["share_high"]) for row in rows
            ],
            "Mean score, 0 to 100": [round(row["mean"]) for row in rows],
            "95% interval of the mean": [
                words.interval(row["mean_low"], row["mean_high"], "") for row in rows
            ],
        }
    )


def _norm(shown: ScreeningData, scene: int) -> str:
    """The scene's mood among the scenes of the catalogue's other films, where there are enough of them."""
    norms = shown.read("norms")
    found = records(norms[(norms["scene"] == scene) & (norms["measure"] == "valence")])
    if not found:
        return ""
    one = found[0]
    between = words.interval(one["low"], one["high"])
    return (
        f" More pleasant than {one['percentile']:.0f}% of {int(one['scenes'])} scenes of your other films "
        f"(95% interval {between})."
    )


def _mood(row: pd.Series[Any]) -> str:
    between = words.mood_interval({str(name): value for name, value in row.items()})
    text = f"Mood {words.mood(row['valence'])}{between}, on a scale from −1 to +1."
    if pd.notna(row["attention"]):
        between = words.interval(row["attention_low"], row["attention_high"])
        text += f" Faces turned to the screen {row['attention']:.0f}% of the time"
        text += f" (95% interval {between})." if between else "."
    return text
