"""What the address says besides the page, so that a page can be linked: screening, scene, moment.

A value in the address counts once, when it was not written there by this session itself; from then on the
reader's choices count, and are written.
"""

from __future__ import annotations

import streamlit as st

_WRITTEN, _PLACED, _PAGE = "written in the address", "placed in the address", "page in the address"


def on_page(name: str) -> None:
    """Says which page is drawn; call before ``write``."""
    st.session_state[_PAGE] = name


def newly_asked(name: str) -> str | None:
    """The value of ``name`` in the address, when it came from outside and has not been taken yet."""
    asked = st.query_params.get(name)
    written: dict[str, str] = st.session_state.setdefault(_WRITTEN, {})
    if not asked or asked == written.get(name):
        return None
    written[name] = asked
    return str(asked)


def write(name: str, value: str) -> None:
    """Puts ``value`` into the address, once for each page and value.

    Each change of the address is a step of the browser's history: what the reader took away by going back is not
    put there again, or there would be no way back.
    """
    placed: dict[str, tuple[str, str]] = st.session_state.setdefault(_PLACED, {})
    here = (str(st.session_state.get(_PAGE)), value)
    st.session_state.setdefault(_WRITTEN, {})[name] = value
    if placed.get(name) == here:
        return
    placed[name] = here
    if st.query_params.get(name) != value:
        st.query_params[name] = value
