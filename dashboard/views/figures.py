"""A chart with the table behind it: nobody needs the picture to read the figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.theme import Drawing

BEHIND = "The figures as a table"


def chart(
    drawing: Drawing,
    table: pd.DataFrame,
    *,
    alt_text: str,
    caption: str = "",
    key: str | None = None,
    on_select: Callable[[], None] | None = None,
    selection: str | None = None,
    columns: dict[str, Any] | None = None,
    width: Any = "stretch",
) -> None:
    """Draws ``drawing``, then ``caption``, then ``table`` (named columns, as people read them), folded.

    ``selection``: the chart's selection that calls ``on_select``; ``columns``: how the table's columns look.
    """
    if on_select is None:
        st.altair_chart(drawing, key=key, alt=alt_text, width=width)
    else:
        st.altair_chart(
            drawing, key=key, alt=alt_text, width=width, on_select=on_select, selection_mode=selection
        )
    if caption:
        st.caption(caption)
    behind(table, columns)


def behind(table: pd.DataFrame, columns: dict[str, Any] | None = None, label: str = BEHIND) -> None:
    """The folded table alone."""
    with st.expander(label, icon=":material/table_rows:"):
        st.dataframe(table, hide_index=True, column_config=columns, placeholder="–", alt=label)
