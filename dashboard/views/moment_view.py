"""The chosen moment in words: who showed what, and what it was shortly before."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from contract.messages import WINDOW_MS
from dashboard import state, words
from dashboard.frames import Row, records
from dashboard.look import Look

_BEFORE_MS = 5_000


def moment_view(look: Look, moment_ms: int) -> None:
    """Draws it, with buttons to the seconds beside it."""
    choice, shown = look.choice, look.data
    here = _at(shown.timeline, moment_ms)
    with st.container(border=True, key="moment"):
        with st.container(horizontal=True, vertical_alignment="center"):
            title = f"{words.clock(moment_ms)} · {choice.timecode(moment_ms)}"
            st.subheader(f"The moment at {title}", anchor=False, width="stretch")
            for label, by in (("−1 s", -WINDOW_MS), ("+1 s", WINDOW_MS)):
                st.button(
                    label,
                    key=f"moment{by:+d}",
                    on_click=state.look_at,
                    args=(max(0, moment_ms + by),),
                    help="One second earlier" if by < 0 else "One second later",
                )
        if not here:
            st.markdown(
                f"Fewer than {words.viewers(choice.k)} watched this second (k = {choice.k}), so nothing is shown of it."
            )
            return
        before = _at(shown.timeline, moment_ms - _BEFORE_MS)
        since = words.change(here, before, "five seconds earlier")
        said = words.headline(here).replace(" here", "")
        st.markdown(f"**{said}** {since}".strip())
        st.dataframe(
            table(here), hide_index=True, alt="Every emotion at this moment", height="content", row_height=32
        )


def table(rows: list[Row]) -> pd.DataFrame:
    """The seven emotions of one second, most viewers first."""
    ordered = sorted(rows, key=lambda row: -int(row["showing"]))
    return pd.DataFrame(
        {
            "Looked": [words.LOOKED[str(row["emotion"])] for row in ordered],
            "How many": [words.many(int(row["showing"]), int(row["viewers"])) for row in ordered],
            "95% interval": [words.interval(row["share_low"], row["share_high"]) for row in ordered],
            "Mean score, 0 to 100": [round(row["mean"]) for row in ordered],
        }
    )


def _at(timeline: pd.DataFrame, film_ms: int) -> list[Row]:
    return records(timeline[(timeline["t_ms"] <= film_ms) & (film_ms < timeline["t_ms"] + timeline["d_ms"])])
