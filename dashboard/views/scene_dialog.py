"""One scene, open: its name, its times, what it is merged with and where it is split."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from analytics import scene_edit
from analytics.catalogue import Scene
from analytics.cut_scenes import CutScenes
from analytics.film_pictures import scene_thumbnail, shot_thumbnail, shots_of
from dashboard.views import thumbnails
from dashboard.views.scene_editor_state import EditorState, facts, plain, said

SHOT_PX = 158
MOST_SHOTS = 60
"""Pictures of shots in one scene; beyond it a timecode is quicker than looking."""


def open_scene(now: CutScenes, state: EditorState, place: int, scene: Scene) -> None:
    """Draws it; what is done here is saved at once."""
    if (
        state.chosen != place
    ):  # merged or split: nothing but a whole run of the page closes a dialog from inside
        st.rerun()
    fresh = state.reopen()
    if fresh.scenes != now.scenes and place < len(fresh.scenes):
        now, scene = fresh, fresh.scenes[place]
    said(state)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        picture = scene_thumbnail(now.catalogue, now.cut.film, now.cut.id, scene, now.shots)
        if picture is not None:
            thumbnails.picture(picture, width="stretch", alt=f"A picture of {scene.name}")
        st.caption(facts(now, scene))
    with right:
        _name_and_times(now, state, place, scene)
        _merge(now, state, place)
    _split(now, state, scene)


def _name_and_times(now: CutScenes, state: EditorState, place: int, scene: Scene) -> None:
    def renamed() -> None:
        name = state.typed("name")
        state.change(
            now.scenes,
            lambda scenes: scene_edit.rename(scenes, place, name),
            f"{scene.name} is called {name.strip()} now.",
            stay=True,
        )

    def moved(edge: str) -> None:
        text = state.typed(edge)

        def edit(scenes: Sequence[Scene]) -> list[Scene]:
            at = now.moment(text, "this time")
            if edge == "start":
                return scene_edit.move_start(scenes, place, at)
            return scene_edit.move_end(scenes, place, at, now.cut.duration_ms)

        verb = "begins" if edge == "start" else "ends"
        state.change(now.scenes, edit, f"{scene.name} {verb} at another time now.", stay=True)

    st.text_input("Name", scene.name, key=state.field("name"), on_change=renamed, max_chars=120)
    begins, ends = st.columns(2)
    help_text = (
        "Timecode of the cut, or seconds from its first frame. A neighbour that touches it moves along."
    )
    with begins:
        st.text_input(
            "Begins at",
            now.timecode(scene.start_ms),
            key=state.field("start"),
            on_change=moved,
            args=("start",),
            help=help_text,
        )
    with ends:
        st.text_input(
            "Ends at",
            now.timecode(scene.end_ms),
            key=state.field("end"),
            on_change=moved,
            args=("end",),
            help=help_text,
        )


def _merge(now: CutScenes, state: EditorState, place: int) -> None:
    last = place + 1 == len(now.scenes)
    following = "" if last else now.scenes[place + 1].name
    st.button(
        "Merge with the next scene" if last else f"Merge with next: {plain(following)}",
        icon=":material/merge:",
        key=f"{state.key}-merge",
        disabled=last,
        help="This is the last scene" if last else "One scene of both, by this one's name",
        on_click=state.change,
        args=(
            now.scenes,
            partial(_merged, place=place),
            f"{following} is part of {now.scenes[place].name} now.",
        ),
    )


def _merged(scenes: Sequence[Scene], place: int) -> list[Scene]:
    return scene_edit.merge(scenes, place)


def _split(now: CutScenes, state: EditorState, scene: Scene) -> None:
    def split_at(at: Callable[[], int]) -> None:
        state.change(
            now.scenes, lambda scenes: scene_edit.split(scenes, at()), f"{scene.name} is two scenes now."
        )

    def split_typed() -> None:
        text = state.typed("split")
        split_at(lambda: now.moment(text, "this time"))

    st.markdown("**Split it** where the second scene begins")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "At a timecode",
            key=state.field("split"),
            placeholder=now.timecode((scene.start_ms + scene.end_ms) // 2),
            width=200,
        )
        st.button(
            "Split there",
            icon=":material/content_cut:",
            key=f"{state.key}-split",
            on_click=split_typed,
        )
    within = shots_of(scene, now.shots)
    if not within:
        if now.shots:
            st.caption("It is a single shot.")
        return
    st.caption(
        "Or at a shot:"
        if len(within) <= MOST_SHOTS
        else f"Or at one of its first {MOST_SHOTS} shots, of {len(within)}:"
    )
    tall: Any = 372 if len(within) > 8 else "content"
    with (
        st.container(height=tall, border=False, key="scene-shots"),
        st.container(horizontal=True, gap="small"),
    ):
        for shot in within[:MOST_SHOTS]:
            at_ms = now.shots[shot].start_ms
            with st.container(width=SHOT_PX, gap="xsmall"):
                picture = shot_thumbnail(now.catalogue, now.cut.film, now.cut.id, shot)
                if picture is not None:
                    thumbnails.picture(
                        picture, width=SHOT_PX, alt=f"The shot that begins at {now.timecode(at_ms)}"
                    )
                st.button(
                    now.timecode(at_ms),
                    icon=":material/content_cut:",
                    key=f"{state.key}-split-{shot}",
                    help="Begin a scene with this shot",
                    width="stretch",
                    on_click=split_at,
                    args=(partial(int, at_ms),),
                )
