"""Film, cut, screening: asked only where there is more than one."""

from __future__ import annotations

import streamlit as st

from dashboard.data import Choice


def choose(choices: list[Choice]) -> Choice | None:
    """The chosen screening, or a cut without one; None when the store knows no film."""
    if not choices:
        return None
    # What is running comes first, then what has been watched: the likeliest to be looked for.
    choices = sorted(choices, key=lambda choice: (not choice.running, not choice.viewers))
    films = {choice.film: choice.title for choice in choices}
    with st.container(horizontal=True, vertical_alignment="bottom", key="kicker"):
        st.markdown("Houselights", width="stretch")
        film = _pick("Film", list(films), films)
        cuts = list(dict.fromkeys(choice.cut for choice in choices if choice.film == film))
        cut = _pick("Cut", cuts, {})
        shown = [choice for choice in choices if choice.film == film and choice.cut == cut]
        labels = {
            str(one.screening): f"{one.screening}{' · running' if one.running else ''}" for one in shown
        }
        screening = _pick("Screening", list(labels), labels)
    return next((choice for choice in shown if str(choice.screening) == screening), None)


def _pick(what: str, options: list[str], labels: dict[str, str]) -> str:
    if len(options) == 1:
        return options[0]
    return st.selectbox(
        what,
        options,
        format_func=lambda option: labels.get(option, option),
        key=f"choose-{what.lower()}",
        width=240,
    )
