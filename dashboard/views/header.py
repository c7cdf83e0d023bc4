"""What is being looked at, how many viewers it stands for, and what was left out."""

from __future__ import annotations

import streamlit as st

from dashboard import words
from dashboard.highlights import highlights
from dashboard.look import Look


def header(look: Look, question: str) -> None:
    """The page's question, then the screening's facts, labels, and what k means here."""
    choice = look.choice
    with st.container(key="header"):
        st.title(question, anchor=False)
        _facts(look)
        said = f"{words.threshold(choice.k)} {words.left_out(look.data.left_out)}{words.few(choice.viewers)}"
        st.caption(said)


def _facts(look: Look) -> None:
    choice = look.choice
    came_unseen = choice.sessions > 0 and choice.viewers == 0  # no face yet, or randomised answers
    with st.container(key="facts", horizontal=True, vertical_alignment="center", gap="small"):
        facts = (
            f"**{choice.title}** · cut **{choice.cut}** · screening **{choice.screening}** · "
            f"**{words.devices(choice.sessions) if came_unseen else words.viewers(choice.viewers)}**"
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


def worth_a_look(look: Look) -> None:
    """Up to three scenes to begin with, each a link to the scene."""
    found = highlights(look.data.scenes, look.data.reactions)
    if not found:
        return
    with st.container(key="cards"):
        for column, one in zip(st.columns(3), found, strict=False):
            with column, st.container(border=True, gap="xsmall", height="stretch"):
                st.caption(one.title)
                look.link(
                    "scenes", f"**{one.scene} · {one.name}**", ":material/arrow_forward:", scene=one.scene
                )
                st.markdown(one.reason[:1].upper() + one.reason[1:] + ".")
