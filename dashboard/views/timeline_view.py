"""The timeline and its two choices: what is counted, and which emotions are drawn."""

from __future__ import annotations

import streamlit as st

from contract.emotions import EMOTIONS
from dashboard import state, words
from dashboard.data import Choice, ScreeningData
from dashboard.series import series, strongest
from dashboard.theme import COLOUR_SLOTS, INK
from dashboard.timeline import timeline
from dashboard.views.colours import page_colours

MEASURES = {"share": "How many viewers", "mean": "How strongly"}


def choose_measure() -> str:
    """The measure last chosen, further down the page: "share" or "mean"."""
    return str(st.session_state.get("measure") or "share")


def timeline_view(choice: Choice, shown: ScreeningData, measure: str, scene: int | None) -> None:
    """Draws it; a click on a scene chooses that scene."""
    screening = str(choice.screening)
    st.subheader("How the audience felt, moment by moment", anchor=False)
    if shown.timeline.empty:
        st.info(
            f"No second was watched by {words.viewers(choice.k)} or more, so there is no timeline to draw."
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        emotions = st.pills(
            "Emotions",
            list(EMOTIONS),
            selection_mode="multi",
            default=strongest(shown.timeline, "share"),
            format_func=lambda emotion: f":{COLOUR_SLOTS[emotion]}[●] {words.LOOKED[emotion]}",
            key=f"emotions-{screening}",
        )
        st.segmented_control(
            "Measured as",
            list(MEASURES),
            default="share",
            required=True,
            format_func=MEASURES.__getitem__,
            key="measure",
        )
    lines = series(shown.timeline, measure)
    drawn = [emotion for emotion in EMOTIONS if emotion in emotions]
    key = state.timeline_key(screening)
    simulated = words.simulated(choice.simulated, choice.viewers)
    subtitle = f"n = {words.count_range(shown.seconds['viewers'])}"
    chart = timeline(
        lines,
        shown.scenes,
        emotions=drawn,
        measure=measure,
        selected=scene,
        subtitle=f"{subtitle} · {simulated}" if simulated else subtitle,
        timecode=choice.timecode,
        ink=INK[page_colours()],
    )
    st.altair_chart(
        chart,
        key=key,
        on_select=lambda: state.clicked_timeline(key),
        selection_mode="scene",
        alt="Emotions over film time: "
        + (", ".join(words.LOOKED[emotion] for emotion in drawn) or "none chosen"),
    )
    smoothed = (
        f"Lines are smoothed over {words.length(lines.smoothed_ms)} of film; "
        "pointing at a moment shows its own figures"
    )
    if measure == "share":
        st.caption(f"{smoothed} with their 95% interval. {words.SHOWING} Click a scene to see it below.")
    else:
        st.caption(
            f"{smoothed}. Scores are averaged for each viewer first, then over viewers. "
            "Click a scene to see it below."
        )
