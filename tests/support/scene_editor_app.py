"""The scene editor alone, for the browser: ``streamlit run tests/support/scene_editor_app.py -- STORE FILM CUT``."""

from __future__ import annotations

import sys

import streamlit as st

from dashboard.theme import ICON, STYLE
from dashboard.views.scene_editor import scene_editor

st.set_page_config(page_title="Scenes", page_icon=ICON, layout="wide")
st.html(STYLE)
st.title("Scenes", anchor=False)
scene_editor(*sys.argv[1:])
