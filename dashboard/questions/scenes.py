"""Which scenes work? Ranked, side by side, and one of them closely."""

from __future__ import annotations

import streamlit as st

from dashboard import address, state
from dashboard.look import Look
from dashboard.views import header, scene_editor, scene_multiples, scene_steps, scene_table, scene_view
from dashboard.views.timeline_view import MEASURES


def draw(look: Look) -> None:
    """Draws the page."""
    choice, shown = look.choice, look.data
    header.header(look, "Which scenes work?")
    numbers = [int(number) for number in shown.scenes["scene"]]
    if not numbers:
        _edit(look)
        return
    scene = state.current_scene(str(choice.screening), numbers)
    address.write("scene", str(scene))
    scene_table.scene_table(choice, shown, scene)
    measure = str(
        st.segmented_control(
            "Measured as",
            list(MEASURES),
            default="share",
            required=True,
            format_func=MEASURES.__getitem__,
            key="measure",
        )
    )
    scene_view.scene_view(choice, shown, measure, scene)
    look.link("timeline", "This scene in the timeline", ":material/timeline:", **_place(look, scene))
    _side_by_side(look, measure)
    _edit(look)


def _side_by_side(look: Look, measure: str) -> None:
    """Scenes beside one another, and what of the audience went from each to the next."""
    if look.data.timeline.empty:
        return
    st.subheader("Scene beside scene", anchor=False)
    part = scene_multiples.choose_part(look)
    scene_multiples.scene_multiples(look, measure, part)
    scene_steps.scene_steps(look, part)


def _place(look: Look, scene: int) -> dict[str, int]:
    return {"scene": scene, "at": int(look.data.scene(scene)["start_ms"])}


@st.fragment
def _edit(look: Look) -> None:
    """The scene list itself; read from the catalogue only when somebody opens it, and drawn apart from the page."""
    asked = st.toggle(
        "Edit the scenes: name, merge, split and move them",
        key="edit-scenes",
        value=look.data.scenes.empty,
        help="Writes the cut's scene list in the catalogue; figures follow at the next publish",
    )
    if asked:
        scene_editor.scene_editor(look.store_dir, look.choice.film, look.choice.cut)
