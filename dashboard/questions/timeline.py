"""What happened when? Emotions over film time; a click reads a moment."""

from __future__ import annotations

import streamlit as st

from dashboard import address, state
from dashboard.look import Look
from dashboard.views import empty, header, moment_view, scene_view, timeline_view


def draw(look: Look) -> None:
    """Draws the page."""
    choice, shown = look.choice, look.data
    header.header(look, "What happened when?")
    numbers = [int(number) for number in shown.scenes["scene"]]
    scene = state.current_scene(str(choice.screening), numbers) if numbers else None
    moment_ms = state.moment(str(choice.screening))
    timeline_view.timeline_view(choice, shown, scene, moment_ms)
    if moment_ms is not None:
        address.write("at", str(moment_ms))
        moment_view.moment_view(look, moment_ms)
    elif not shown.timeline.empty:
        st.caption("No moment is chosen yet: click one in the timeline, or choose a scene below.")
    if scene is None:
        empty.no_scenes(look.store, choice)
        return
    address.write("scene", str(scene))
    scene_view.scene_view(choice, shown, timeline_view.choose_measure(), scene)
