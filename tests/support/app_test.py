"""A page run by Streamlit's AppTest, without the search for components that each AppTest would make."""

from __future__ import annotations

from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest

RUN_S = 60
"""A bound for what never ends; a busy machine takes its time."""


def app_test(script: str) -> AppTest:
    """An AppTest of ``script``, not yet run.

    By itself it reads the metadata of every installed package, to find components of theirs; that is as much work as
    drawing a page. The dashboard uses none.
    """
    page = AppTest.from_string(script, default_timeout=RUN_S)
    page._bidi_component_manager = BidiComponentManager()
    return page
