"""The chosen scene: a sentence, a radar, bars with their intervals."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import scene_charts, state, words
from dashboard.data import Choice, ScreeningData
from dashboard.frames import records
from dashboard.theme import INK
from dashboard.views.colours import page_colours


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
        rows = records(reactions)
        st.markdown(f"**{words.headline(rows)}** {words.headline_interval(rows)}")
        start, end = int(row["start_ms"]), int(row["end_ms"])
        span = f"{words.clock(start)}–{words.clock(end)}, from {choice.timecode(start)}"
        if reactions.empty:
            st.caption(f"{span}. Fewer than {words.viewers(choice.k)} watched it (k = {choice.k}).")
            return
        st.caption(f"{span}. {_mood(row)}")
        _charts(choice, shown, measure, scene, str(row["name"]))


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


def _mood(row: pd.Series[Any]) -> str:
    text = f"Mood {words.mood(row['valence'])}{words.mood_interval({str(name): value for name, value in row.items()})}."
    if pd.notna(row["attention"]):
        text += f" Faces turned to the screen {row['attention']:.0f}% of the time."
    return text
