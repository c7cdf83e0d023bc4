"""The page, top to bottom. Each section is a module of ``views``."""

from __future__ import annotations

import shlex
from pathlib import Path

import streamlit as st

from analytics.errors import AnalyticsError, StoreError
from analytics.serving import Serving
from dashboard import data, state
from dashboard.theme import ICON, STYLE
from dashboard.views import chooser, empty, header, scene_table, scene_view, timeline_view

RUNNING_S, RESTING_S, EMPTY_S = 2.0, 20.0, 3.0
"""Seconds between looks for something new: during a screening, otherwise, and before the first."""


def render(store_dir: Path) -> None:
    """Draws the page for one store directory; where there is no store yet, the page says what to do."""
    st.set_page_config(page_title="Houselights", page_icon=ICON, layout="wide")
    st.html(STYLE)
    store = shlex.quote(str(store_dir))
    try:
        version = Serving(store_dir).version()
        choices = data.choices(str(store_dir), version)
        every = _draw(store_dir, store, version, choices)
    except StoreError:
        empty.nothing_published(store)
        version, every = None, EMPTY_S
    except AnalyticsError as error:
        st.error(str(error), icon=":material/error:")
        return
    _watch(store_dir, version, every)


def _draw(store_dir: Path, store: str, version: str, choices: list[data.Choice]) -> float:
    """Everything below the top; returns how long to wait before looking for a new publish, seconds."""
    choice = chooser.choose(choices)
    if choice is None or choice.screening is None:
        empty.no_screening(store, choice)
        return EMPTY_S
    every = RUNNING_S if choice.running else RESTING_S
    shown = data.screening_data(str(store_dir), version, choice.screening)
    header.header(choice, shown)
    if shown.timeline.empty and shown.reactions.empty:
        empty.nothing_to_show(store, choice, shown.left_out)
        return every
    numbers = [int(number) for number in shown.scenes["scene"]]
    measure = timeline_view.choose_measure()
    if not numbers:
        timeline_view.timeline_view(choice, shown, measure, None)
        empty.no_scenes(store, choice)
        return every
    scene = state.current_scene(choice.screening, numbers)
    header.worth_a_look(shown)
    timeline_view.timeline_view(choice, shown, measure, scene)
    scene_view.scene_view(choice, shown, measure, scene)
    scene_table.scene_table(choice, shown, scene)
    return every


def _watch(store_dir: Path, seen: str | None, every: float) -> None:
    """Draws the page again once the published version differs from ``seen``; draws nothing itself."""

    @st.fragment(run_every=every)
    def look() -> None:
        try:
            version: str | None = Serving(store_dir).version()
        except AnalyticsError:
            version = None
        if version != seen:
            st.rerun()

    look()
