"""Whether the reader's page is light or dark, which the charts must know."""

from __future__ import annotations

from typing import Literal

import streamlit as st


def page_colours() -> Literal["light", "dark"]:
    """The page's colours; light until the browser has said."""
    return "dark" if st.context.theme.type == "dark" else "light"
