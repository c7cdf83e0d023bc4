"""A screening whose viewers' devices answered at random: all that can be shown of it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard import randomised
from dashboard.frames import Row


def draw(rows: Sequence[Row]) -> None:
    """``rows``: of ``randomised.sql``, one or more."""
    epsilon = float(rows[0]["epsilon"])
    st.subheader("Randomised answers", anchor=False)
    st.markdown(
        "Viewers of this screening sent nothing that was measured. For a few stretches of the film each device named a "
        f"feeling, or another one by chance, so that nobody can be sure what one viewer felt (epsilon {epsilon:g} "
        "for a whole session). Over the audience chance is put right exactly; what it costs is in the intervals."
    )
    found = randomised.sure(rows)
    if found:
        st.markdown(
            f"Felt by {randomised.STANDS_OUT}% of the audience or more (each so, 95 times in 100):\n\n"
            + "\n".join(f"- {one}" for one in found)
        )
    else:
        st.markdown("No feeling stands out of the noise: for that there were too few answers.")
    st.dataframe(
        pd.DataFrame(randomised.table(rows)),
        hide_index=True,
        placeholder="–",
        alt="Share of the audience by stretch of film and feeling, with its 95% interval",
    )
    st.caption(
        "Film time in hours and minutes. Share of the audience with its 95% interval; how: docs/privacy.md."
    )
