"""Every scene in a table: sort by a heading, choose by a row."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from contract.emotions import EMOTIONS
from dashboard import state, words
from dashboard.data import Choice, ScreeningData

ROW_PX, HEAD_PX = 36, 38
RANKS = {
    "scene": "Place in the film",
    "valence": "Mood, most pleasant first",
    "attention": "Attention",
    "polarisation": "Most divided",
    **{
        emotion: f"Viewers who looked {words.LOOKED[emotion]}" for emotion in EMOTIONS if emotion != "neutral"
    },
}
"""What scenes can be ranked by, columns of ``table_rows``."""


def scene_table(choice: Choice, shown: ScreeningData, scene: int) -> None:
    """Draws it; a row chooses its scene."""
    screening = str(choice.screening)
    ranked = _ranked_by()
    simulated = words.simulated(choice.simulated, choice.viewers)
    st.caption(
        "The box before a row shows that scene below. "
        "Strongest: the emotion that rose most above "
        "its level in the whole film. Mood runs from −1 (unpleasant) to +1 (pleasant)."
        + _how_sure(ranked, shown)
        + (f" {simulated[:1].upper()}{simulated[1:]}." if simulated else "")
    )
    table = in_rank(table_rows(choice, shown), ranked)
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


def _ranked_by() -> str:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader("All scenes", anchor=False, width="stretch")
        return str(
            st.selectbox("Ranked by", list(RANKS), format_func=RANKS.__getitem__, key="ranked-by", width=240)
        )


def in_rank(table: pd.DataFrame, ranked: str) -> pd.DataFrame:
    """The rows of ``table_rows``, highest first by a column of RANKS; scenes without figures come last."""
    if ranked == "scene":
        return table
    return table.sort_values(ranked, ascending=False, kind="stable", na_position="last", ignore_index=True)


def _how_sure(ranked: str, shown: ScreeningData) -> str:
    """Whether the first rank is sure: where there are intervals to say so."""
    if ranked == "scene":
        return ""
    if ranked == "polarisation":
        return " Division has no interval: neighbours in this rank may be equal."
    frame = (
        shown.scenes
        if ranked in ("valence", "attention")
        else shown.reactions[shown.reactions["emotion"] == ranked]
    )
    measure = ranked if ranked in ("valence", "attention") else "share"
    known = frame.dropna(subset=[measure]).sort_values(measure, ascending=False)
    if len(known) < 2 or pd.isna(known[f"{measure}_low"].iloc[0]):
        return ""
    sure = int((known[f"{measure}_high"].iloc[1:] < known[f"{measure}_low"].iloc[0]).sum())
    return (
        f" The first of this ranking lies clearly above {sure} of the {len(known) - 1} others "
        "(their 95% intervals do not touch)."
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
            "polarisation": scenes["polarisation"].astype(float).round(2),
        }
    )
    shares = shown.reactions.pivot_table(index="scene", columns="emotion", values="share", observed=True)
    for emotion in EMOTIONS:
        table[emotion] = table["scene"].map(shares[emotion]).round() if emotion in shares else float("nan")
    return table


def _columns(viewers: int) -> dict[str, Any]:
    column = st.column_config
    return {
        "scene": column.NumberColumn("No.", format="%d", width=42, pinned=True),
        "name": column.TextColumn("Scene", width=170, pinned=True),
        "start": column.TextColumn("Starts at", help="Timecode of the cut", width=92),
        "seconds": column.NumberColumn("Length", format="%.0f s", width=58),
        "viewers": column.NumberColumn(
            "Viewers", format="%d", help=f"Of {viewers} in this screening", width=62
        ),
        "strongest": column.TextColumn("Strongest", width=82),
        "valence": column.NumberColumn("Mood", format="%+.2f", width=58),
        "attention": column.ProgressColumn(
            "Attention",
            format="%.0f%%",
            min_value=0,
            max_value=100,
            help="Share of the time that faces were turned to the screen",
            width=84,
        ),
        "polarisation": column.NumberColumn(
            "Divided",
            format="%.2f",
            help="0: nobody on opposite sides; 1: half pleased, half displeased",
            width=62,
        ),
        **{
            emotion: column.NumberColumn(
                words.LOOKED[emotion].capitalize(),
                format="%.0f%%",
                help=f"Share of viewers who looked {words.LOOKED[emotion]}",
                width=76 if len(words.LOOKED[emotion]) > 7 else 60,
            )
            for emotion in EMOTIONS
        },
    }
