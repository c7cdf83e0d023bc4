"""Film, cut, screening: chosen once in the sidebar for all pages, and written into the address.

The choice lives in Streamlit's session; ``?screening=`` in the address sets it, whoever wrote it: a link from
another page, or one that somebody sent.
"""

from __future__ import annotations

import streamlit as st

from dashboard import address, words
from dashboard.data import Choice

FILM, CUT, SCREENING = "choose-film", "choose-cut", "choose-screening"


def choose(choices: list[Choice]) -> Choice | None:
    """The chosen screening, or a cut without one; None when the store knows no film."""
    if not choices:
        return None
    # What is running comes first, then what has been watched: the likeliest to be looked for.
    choices = sorted(choices, key=lambda choice: (not choice.running, not choice.viewers))
    _adopt(choices)
    with st.sidebar, st.container(key="chooser"):
        films = {choice.film: choice.title for choice in choices}
        film = _pick("Film", FILM, list(films), films)
        cuts = list(dict.fromkeys(choice.cut for choice in choices if choice.film == film))
        cut = _pick("Cut", CUT, cuts, {})
        shown = [choice for choice in choices if choice.film == film and choice.cut == cut]
        labels = {str(one.screening): _label(one) for one in shown if one.screening}
        screening = _pick("Screening", SCREENING, list(labels), labels) if labels else None
        chosen = next((one for one in shown if one.screening == screening), None)
        if chosen is not None and chosen.simulated:
            said = words.simulated(chosen.simulated, chosen.viewers)
            st.caption(f":material/smart_toy: {said[:1].upper()}{said[1:]}")
    return chosen


def _adopt(choices: list[Choice]) -> None:
    asked = address.newly_asked("screening")
    found = next((choice for choice in choices if asked and choice.screening == asked), None)
    if found is not None:
        st.session_state[FILM], st.session_state[CUT] = found.film, found.cut
        st.session_state[SCREENING] = asked


def _label(choice: Choice) -> str:
    return f"{choice.screening} · running" if choice.running else str(choice.screening)


def _pick(what: str, key: str, options: list[str], labels: dict[str, str]) -> str:
    chosen = st.session_state.get(key)
    # Set at every run, as in state.align_list.
    st.session_state[key] = chosen if chosen in options else options[0]
    return st.selectbox(
        what, options, format_func=lambda option: labels.get(option, option), key=key, width="stretch"
    )
