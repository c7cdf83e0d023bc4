"""Moments in words, each with a way into the timeline."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.frames import Row, known
from dashboard.look import Look


def moment_row(look: Look, row: Row, *, key: str) -> None:
    """One moment: when, where, how many of how many, how strong, the line under it."""
    with st.container(border=True, gap="xxsmall", key=key):
        icon = words.KINDS.get(str(row["kind"]), ("", "", "flag"))[2]
        where = "" if not known(row["scene"]) else f" · scene {int(row['scene'])}, {row['name']}"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/{icon}: **{when(row)}**{where}", width="stretch")
            look.link("timeline", "Timeline", ":material/timeline:", **place(row))
        said = words.moment(row)
        st.markdown(f"**{said}**: {words.few_or_many(row)}.")
        joined = words.many(int(row["joined"]), int(row["audience"]))
        more = f"In all, {joined} reacted at some point of it. {strength(row)}"
        if isinstance(row["line"], str) and row["line"]:
            more += f" On screen: “{row['line']}”"
        st.caption(more)


def place(row: Row) -> dict[str, int]:
    """Where the timeline opens for it."""
    found = {"at": int(row["peak_ms"])}
    if known(row["scene"]):
        found["scene"] = int(row["scene"])
    return found


def when(row: Row) -> str:
    """Its stretch of film time."""
    return f"{words.clock(row['start_ms'])}–{words.clock(row['end_ms'])}"


def strength(row: Row) -> str:
    """How far it stands out: how many would do the same in any second of this film."""
    usual, viewers = words.usual(row), int(row["viewers"])
    if usual < 0.5:
        return f"In any one second of this film hardly one of {viewers} does."
    return f"In any one second of this film some {round(usual)} of {viewers} do."


def table(rows: Sequence[Row]) -> pd.DataFrame:
    """The moments as people read them in a table."""
    return pd.DataFrame(
        {
            "Kind": [str(row["kind"]) for row in rows],
            "From": [words.clock(row["start_ms"]) for row in rows],
            "To": [words.clock(row["end_ms"]) for row in rows],
            "Peak": [words.clock(row["peak_ms"]) for row in rows],
            "Scene": [
                "" if not known(row["scene"]) else f"{int(row['scene'])} · {row['name']}" for row in rows
            ],
            "At the peak": [words.many(int(row["showing"]), int(row["viewers"])) for row in rows],
            "95% interval": [words.interval(row["share_low"], row["share_high"]) for row in rows],
            "At some point": [words.many(int(row["joined"]), int(row["audience"])) for row in rows],
            "In any second": [round(words.usual(row), 1) for row in rows],
            "Strength, standard deviations": [round(float(row["strength"]), 1) for row in rows],
            "Line": [row["line"] if isinstance(row["line"], str) else "" for row in rows],
        }
    )
