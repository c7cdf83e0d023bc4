"""What is being looked at, how many viewers it stands for, and what was left out."""

from __future__ import annotations

import streamlit as st

from dashboard import state, words
from dashboard.data import Choice, ScreeningData
from dashboard.highlights import highlights


def header(choice: Choice, shown: ScreeningData) -> None:
    """Title, facts, labels, and what k means here."""
    with st.container(key="header"):
        st.title(choice.title, anchor=False)
        _facts(choice)
        st.caption(f"{words.threshold(choice.k)} {words.left_out(shown.left_out)}{words.few(choice.viewers)}")


def _facts(choice: Choice) -> None:
    with st.container(key="facts", horizontal=True, vertical_alignment="center", gap="small"):
        facts = (
            f"Cut **{choice.cut}** · screening **{choice.screening}** · **{words.viewers(choice.viewers)}**"
        )
        if choice.seconds:
            facts += f" · {words.length(choice.seconds * 1000)} of film with reactions"
        st.markdown(facts, width="content")
        if choice.running:
            st.badge(
                "Screening running: this page updates itself",
                icon=":material/radio_button_checked:",
                color="primary",
            )
        if choice.k <= 1:
            st.badge("Single viewers are visible (k = 1)", icon=":material/visibility:", color="primary")
        if choice.simulated:
            label = words.simulated(choice.simulated, choice.viewers)
            st.badge(label[:1].upper() + label[1:], icon=":material/smart_toy:", color="primary")


def worth_a_look(shown: ScreeningData) -> None:
    """Up to three scenes to begin with, each a button that chooses it."""
    found = highlights(shown.scenes, shown.reactions)
    if not found:
        return
    for column, one in zip(st.columns(3), found, strict=False):
        with column, st.container(border=True, gap="xsmall", height="stretch"):
            st.caption(one.title)
            st.button(
                f"**{one.scene} · {one.name}**",
                key=f"look-{one.title}",
                type="tertiary",
                icon=":material/south:",
                icon_position="right",
                on_click=state.choose,
                args=(one.scene,),
                help="Show this scene below",
            )
            st.markdown(one.reason[:1].upper() + one.reason[1:] + ".")
