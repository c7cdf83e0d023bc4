"""Every scene in a table: sort by a heading, choose by a row."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from contract.emotions import EMOTIONS
from dashboard import state, words
from dashboard.data import Choice, ScreeningData

ROW_PX, HEAD_PX = 36, 38


def scene_table(choice: Choice, shown: ScreeningData, scene: int) -> None:
    """Draws it; a row chooses its scene."""
    screening = str(choice.screening)
    st.subheader("All scenes", anchor=False)
    simulated = words.simulated(choice.simulated, choice.viewers)
    st.caption(
        "Click a heading to sort, the box before a row to see that scene above. "
        "Strongest: the emotion that rose most above "
        "its level in the whole film. Mood runs from −1 (unpleasant) to +1 (pleasant)."
        + (f" {simulated[:1].upper()}{simulated[1:]}." if simulated else "")
    )
    table = table_rows(choice, shown)
    numbers = [int(number) for number in table["scene"]]
    key = state.table_key(screening)
    state.align_table(key, numbers, scene)
    st.dataframe(
        table,
        key=key,
        on_select=lambda: state.clicked_table(key, numbers),
        selection_mode="single-row",
        hide_index=True,
        column_config=_columns(choice.viewers),
        height=HEAD_PX + ROW_PX * min(len(table), 14),
        row_height=ROW_PX,
        placeholder="–",
        alt="Scenes with their figures",
    )


def table_rows(choice: Choice, shown: ScreeningData) -> pd.DataFrame:
    """One row a scene: its place, its summary, and the share of viewers who showed each emotion, percent."""
    scenes = shown.scenes
    table = pd.DataFrame(
        {
            "scene": scenes["scene"],
            "name": scenes["name"],
            "start": [choice.timecode(int(ms)) for ms in scenes["start_ms"]],
            "seconds": (scenes["end_ms"] - scenes["start_ms"]) / 1000,
            "viewers": scenes["viewers"].astype("Int64"),
            "strongest": [words.LOOKED.get(str(emotion), None) for emotion in scenes["strongest"]],
            "valence": scenes["valence"].astype(float).round(2),
            "attention": scenes["attention"].astype(float).round(),
        }
    )
    shares = shown.reactions.pivot_table(index="scene", columns="emotion", values="share", observed=True)
    for emotion in EMOTIONS:
        table[emotion] = table["scene"].map(shares[emotion]).round() if emotion in shares else float("nan")
    return table


def _columns(viewers: int) -> dict[str, Any]:
    column = st.column_config
    return {
        "scene": column.NumberColumn("No.", format="%d", width=45),
        "name": column.TextColumn("Scene", width=150),
        "start": column.TextColumn("Starts at", help="Timecode of the cut", width=100),
        "seconds": column.NumberColumn("Length", format="%.0f s", width=62),
        "viewers": column.NumberColumn(
            "Viewers", format="%d", help=f"Of {viewers} in this screening", width=68
        ),
        "strongest": column.TextColumn("Strongest", width=90),
        "valence": column.NumberColumn("Mood", format="%+.2f", width=65),
        "attention": column.ProgressColumn(
            "Attention",
            format="%.0f%%",
            min_value=0,
            max_value=100,
            help="Share of the time that faces were turned to the screen",
            width=95,
        ),
        **{
            emotion: column.NumberColumn(
                words.LOOKED[emotion].capitalize(),
                format="%.0f%%",
                help=f"Share of viewers who looked {words.LOOKED[emotion]}",
                width=78 if len(words.LOOKED[emotion]) > 7 else 66,
            )
            for emotion in EMOTIONS
        },
    }
