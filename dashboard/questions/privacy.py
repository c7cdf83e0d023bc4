"""What is collected, and what is not shown? From the contract's schema, and from what each publish withheld."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.collected import collected
from dashboard.frames import Row, records
from dashboard.look import Look

_ANYWHERE = (
    "No picture, no video and no sound leave a viewer's device; nor do a name, an account, a device id, "
    "an address, a place or a time of day. There is no field for them."
)


def draw(look: Look) -> None:
    """Draws the page."""
    with st.container(key="header"):
        st.title("What is collected, and what is not shown?", anchor=False)
        st.caption(
            "Every field that leaves a viewer's device, read from the contract itself; then what k withheld."
        )
    st.subheader("What leaves a viewer's device", anchor=False)
    st.markdown(f"**{_ANYWHERE}** All that does leave it are these fields:")
    parts = collected()
    for part in parts:
        with st.expander(
            f"**{part.name}** · {part.what}", expanded=part.name == "sample", icon=":material/mail:"
        ):
            st.table(
                pd.DataFrame(
                    [(f"`{field}`", meaning, limits) for field, meaning, limits in part.fields],
                    columns=["field", "what it is", "what it can hold"],
                ).set_index("field")
            )
    st.caption(
        f"{sum(len(part.fields) for part in parts)} fields in {len(parts)} parts, generated from contract/messages.py. "
        "A viewer who withdraws is forgotten: the store removes the session's rows. Where a screening's answers are "
        "randomised, a sample holds one of eight answers for some minutes of film, in place of what was measured."
    )
    _k(look)


def _k(look: Look) -> None:
    rows = records(look.published.read("withheld"))
    st.subheader("What is not shown", anchor=False)
    if not rows:
        st.info("No screening is published yet, so nothing was left out.")
        return
    if look.chosen is not None and look.chosen.screening:
        mine = [
            row for row in rows if row["screening"] == look.chosen.screening and isinstance(row["what"], str)
        ]
        st.markdown(f"**{look.chosen.screening}:** {words.threshold(look.chosen.k)} {words.left_out(mine)}")
    lowered = sorted(
        {str(row["screening"]) for row in rows if 1 < row["k"] < 5}
        | {str(row["screening"]) for row in rows if row["k"] <= 1}
    )
    if lowered:
        st.warning(
            f"A k under 5 makes single viewers easier to recognise; it is set so for {', '.join(lowered[:6])}"
            + (f" and {len(lowered) - 6} more." if len(lowered) > 6 else "."),
            icon=":material/visibility:",
        )
    st.dataframe(
        pd.DataFrame([_row(row) for row in rows]),
        hide_index=True,
        placeholder="–",
        alt="What was left out of each screening",
    )


def _row(row: Row) -> Row:
    return {
        "Film": row["title"],
        "Screening": row["screening"],
        "k": int(row["k"]),
        "Viewers": int(row["viewers"]),
        "of them simulated": int(row["simulated_viewers"]),
        "Left out": words.left_out_row(row),
    }
