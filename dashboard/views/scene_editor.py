"""A cut's scenes with their pictures: name, merge, split and move them.

The one thing that the dashboard writes is the catalogue, and this is where. Figures follow at the next publish.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import streamlit as st

from analytics.catalogue import Scene
from analytics.cut_scenes import CutScenes
from analytics.errors import AnalyticsError
from analytics.film_pictures import scene_thumbnail
from dashboard.views import thumbnails
from dashboard.views.scene_dialog import open_scene
from dashboard.views.scene_editor_state import FRAGMENT, EditorState, facts, plain, said

CARD_PX = 226
AT_ONCE = 24
"""Scenes on one page: a hundred and fifty with their pictures take a browser seven seconds."""


@st.fragment(key=FRAGMENT)
def scene_editor(store_dir: str | Path, film: str, cut: str) -> None:
    """Draws the scenes of one cut; a click on a scene opens it.

    What is done here draws this part of the page anew, not the figures above it.
    """
    try:
        now = CutScenes.open(store_dir, film, cut)
    except AnalyticsError as error:
        st.error(str(error), icon=":material/error:")
        return
    state = EditorState(store_dir, film, cut)
    with st.container(key="scene-editor"):
        _top(now, state)
        if not now.scenes:
            _no_scenes(store_dir, film, cut)
            return
        first = _choose_part(now, state)
        with st.container(horizontal=True, gap="medium", key="scene-cards"):
            for place, scene in enumerate(now.scenes[first : first + AT_ONCE], start=first):
                _card(now, state, place, scene)
    if state.chosen is not None and state.chosen < len(now.scenes):
        scene = now.scenes[state.chosen]
        title = f"Scene {state.chosen + 1} of {len(now.scenes)}"
        st.dialog(title, width="medium", on_dismiss=state.close)(open_scene)(now, state, state.chosen, scene)


def _top(now: CutScenes, state: EditorState) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="scene-editor-top"):
        count = len(now.scenes)
        st.markdown(
            f"**{count} scene{'' if count == 1 else 's'}** of cut **{now.cut.id}**. Changes are saved at once; "
            "figures follow at the next publish.",
            width="stretch",
        )
        undoable = state.changes.undoable
        st.button(
            "Undo",
            icon=":material/undo:",
            key=f"{state.key}-undo",
            disabled=undoable is None,
            help=f"Take back: {undoable}" if undoable else "Nothing to take back",
            on_click=state.undo,
        )
    if state.changes.said and state.chosen is None:
        said(state)
    if now.scenes and not now.shots:
        st.caption(
            "No pictures yet: `houselights scenes detect FILM --shots-only "
            f"--film {now.cut.film} --cut {now.cut.id}` finds the film's shots and keeps these scenes."
        )


def _choose_part(now: CutScenes, state: EditorState) -> int:
    """The place of the first scene to show; asked only where there are many."""
    parts = list(range(0, len(now.scenes), AT_ONCE))
    if len(parts) < 2:
        return 0

    def label(first: int) -> str:
        return f"{first + 1}–{min(first + AT_ONCE, len(now.scenes))}"

    key = f"{state.key}-part"
    if st.session_state.get(key) not in parts:  # merged away
        st.session_state.pop(key, None)
    part = st.segmented_control(
        "Scenes", parts, format_func=label, default=0, required=True, key=key, label_visibility="collapsed"
    )
    return int(part or 0)


def _no_scenes(store_dir: str | Path, film: str, cut: str) -> None:
    what = f"--film {film} --cut {cut} --store {shlex.quote(str(store_dir))}"
    st.markdown("This cut has no scenes yet. Bring them from the edit, or let them be found in the film:")
    st.code(
        f"houselights scenes import scenes.edl {what}\nhouselights scenes detect film.mp4 {what}",
        language=None,
        wrap_lines=True,
    )


def _card(now: CutScenes, state: EditorState, place: int, scene: Scene) -> None:
    with st.container(border=True, width=CARD_PX + 34, gap="xsmall", key=f"scene-card-{place}"):
        picture = scene_thumbnail(now.catalogue, now.cut.film, now.cut.id, scene, now.shots)
        if picture is not None:
            thumbnails.picture(picture, width=CARD_PX, alt=f"A picture of scene {place + 1}, {scene.name}")
        st.button(
            f"**{place + 1} · {plain(scene.name)}**",
            key=f"{state.key}-open-{place}",
            type="tertiary",
            icon=":material/edit:",
            icon_position="right",
            help="Name, merge, split or move it",
            on_click=state.choose,
            args=(place,),
        )
        st.caption(facts(now, scene))
