"""What the reader has chosen: a scene, a moment, a stretch of film; kept in Streamlit's session state over pages.

``scene`` is the truth. Each control copies its own event into it, then the controls are brought in line
with it: the table and the list take the new value; the chart cannot be told, so it is given a new identity
(``turn``) when another control chose, and forgets its old click.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import address
from dashboard.timeline import SCENE_PARAM

SCENE, TURN, SHOWN = "scene", "timeline_turn", "screening_shown"
MOMENT, STRETCH = "moment_ms", "stretch_ms"
LIST_KEY = "scene_list"


def timeline_key(screening: str) -> str:
    """The chart's identity; changes when its remembered click is out of date."""
    return f"timeline-{screening}-{st.session_state.get(TURN, 0)}"


def table_key(screening: str) -> str:
    """The table's identity."""
    return f"scenes-{screening}"


def current_scene(screening: str, numbers: list[int]) -> int:
    """The chosen scene of ``numbers`` (not empty); the first when none is, or for another screening."""
    if st.session_state.get(SHOWN) != screening:
        st.session_state[SHOWN] = screening
        for kept in (SCENE, MOMENT, STRETCH):
            st.session_state.pop(kept, None)
    asked = address.newly_asked("scene")
    if asked and asked.isdigit():
        choose(int(asked))
    if st.session_state.get(SCENE) not in numbers:
        st.session_state[SCENE] = numbers[0]
    return int(st.session_state[SCENE])


def choose(scene: int, *, from_timeline: bool = False) -> None:
    """Makes ``scene`` the chosen one, whoever asks."""
    if st.session_state.get(SCENE) == scene:
        return
    st.session_state[SCENE] = scene
    if not from_timeline:
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def moment(screening: str) -> int | None:
    """The chosen moment, film ms; None when none is."""
    del screening
    asked = address.newly_asked("at")
    if asked and asked.isdigit():
        look_at(int(asked))
    found = st.session_state.get(MOMENT)
    return None if found is None else int(found)


def look_at(film_ms: int, *, from_timeline: bool = False) -> None:
    """Makes ``film_ms`` the chosen moment."""
    st.session_state[MOMENT] = film_ms
    if not from_timeline:
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def stretch(span_ms: int) -> tuple[int, int]:
    """The stretch of film that the timeline shows, [start, end) ms; the whole film at first."""
    start, end = st.session_state.get(STRETCH) or (0, span_ms)
    return (start, end) if 0 <= start < end <= span_ms else (0, span_ms)


def zoom(start_ms: int, end_ms: int) -> None:
    """Makes [start_ms, end_ms) the stretch that the timeline shows."""
    st.session_state[STRETCH] = (start_ms, end_ms)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def clicked_timeline(key: str) -> None:
    """A click on the chart: a moment with its scene, if it lies in one."""
    event: Any = st.session_state.get(key) or {}
    for point in event.get("selection", {}).get(SCENE_PARAM) or []:
        if point.get("scene") is not None:
            choose(int(point["scene"]), from_timeline=True)
        if point.get("t_ms") is not None:
            look_at(int(point["t_ms"]), from_timeline=True)


def clicked_table(key: str, numbers: list[int]) -> None:
    """A click on a row; taking the tick away again leaves the scene chosen."""
    event: Any = st.session_state.get(key) or {}
    rows = event.get("selection", {}).get("rows") or []
    if rows and rows[0] < len(numbers):
        choose(numbers[rows[0]])


def picked_from_list() -> None:
    """The list of scenes, for the keyboard."""
    picked = st.session_state.get(LIST_KEY)
    if picked is not None:
        choose(int(picked))


def align_table(key: str, numbers: list[int], scene: int) -> None:
    """Marks the chosen scene's row; call before the table is drawn."""
    wanted = [numbers.index(scene)]
    event: Any = st.session_state.get(key) or {}
    if list(event.get("selection", {}).get("rows") or []) != wanted:
        st.session_state[key] = {"selection": {"rows": wanted, "columns": [], "cells": []}}


def align_list(scene: int) -> None:
    """Shows the chosen scene in the list; call before the list is drawn.

    Set at every run, changed or not: the session state says which one, not the copy that the browser keeps.
    """
    st.session_state[LIST_KEY] = scene
