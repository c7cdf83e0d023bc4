"""Where did many react at once? The moments by kind, each with how many of how many."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.frames import records
from dashboard.look import Look
from dashboard.moment_charts import MOMENT_PARAM, moment_lanes
from dashboard.theme import INK
from dashboard.views import figures, header, moment_list
from dashboard.views.colours import page_colours

_AT_ONCE = 12
ORDERS = {"moment": "In film order", "strength": "Strongest first", "share": "Most viewers first"}


def draw(look: Look) -> None:
    """Draws the page."""
    header.header(look, "Where did many react at once?")
    found = look.data.read("moments")
    if found.empty:
        _none(look)
        return
    with st.container(key="headline"):
        st.markdown(f"**{counted(found)}**")
    _lanes(look, found)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        present = [kind for kind in words.KINDS if kind in set(found["kind"])]
        kinds = st.pills(
            "Kinds",
            present,
            selection_mode="multi",
            default=present,
            format_func=lambda kind: words.KINDS[kind][1],
            key=f"kinds-{look.choice.screening}",
        )
        order = str(
            st.segmented_control(
                "Order",
                list(ORDERS),
                default="moment",
                required=True,
                format_func=ORDERS.__getitem__,
                key="order",
            )
        )
    chosen = found[found["kind"].isin(list(kinds))].sort_values(
        order, ascending=order == "moment", kind="stable"
    )
    if chosen.empty:
        st.info("No kind is chosen: choose one above.")
        return
    shown = len(chosen) if st.session_state.get("all-moments") else _AT_ONCE
    for row in records(chosen.head(shown)):
        moment_list.moment_row(look, row, key=f"moment-{row['moment']}")
    if len(chosen) > _AT_ONCE:
        st.toggle(f"Show all {len(chosen)}", key="all-moments")


def counted(found: pd.DataFrame) -> str:
    """As in "4 moments stand out: 2 laughs, 1 jump and 1 split."."""
    counts = found["kind"].value_counts()
    names = {
        "laugh": "laugh",
        "jump": "jump",
        "tears": "moment of tears",
        "dip": "dip of attention",
        "split": "split",
    }
    parts = []
    for kind, name in names.items():
        if kind in counts:
            number = int(counts[kind])
            plural = name.replace("moment", "moments").replace("dip", "dips") if " " in name else f"{name}s"
            parts.append(f"{number} {name if number == 1 else plural}")
    return f"{len(found)} moment{' stands' if len(found) == 1 else 's stand'} out: {words.listed(parts)}."


def _none(look: Look) -> None:
    if look.choice.running:
        st.info(
            "Moments are looked for once nine in ten of the devices have finished, or the screening is closed:",
            icon=":material/hourglass_empty:",
        )
        st.code(
            f"houselights screening close {look.choice.screening} --store {look.store}",
            language=None,
            wrap_lines=True,
        )
        return
    st.info(
        "No moment stands out: nowhere did more viewers react at once than chance explains. That can be a quiet film, "
        "or an audience too small to tell.",
        icon=":material/info:",
    )
    look.link("timeline", "See the lines themselves", ":material/timeline:")


def _lanes(look: Look, found: pd.DataFrame) -> None:
    span = int(max(found["end_ms"].max(), look.data.scenes["end_ms"].max() if len(look.data.scenes) else 0))
    seconds = look.data.seconds
    if len(seconds):
        span = max(span, int((seconds["t_ms"] + seconds["d_ms"]).max()))
    simulated = words.simulated(look.choice.simulated, look.choice.viewers)
    subtitle = f"n = {words.count_range(found['viewers'])}" + (f" · {simulated}" if simulated else "")
    key = f"lanes-{look.choice.screening}"
    figures.chart(
        moment_lanes(found, look.data.scenes, span_ms=span, subtitle=subtitle, ink=INK[page_colours()]),
        moment_list.table(records(found)),
        alt_text="Moments by kind over film time; each is listed below",
        caption="The darker, the more viewers at once. A click opens the moment in the timeline; so do the links "
        "below. Films in which nobody reacts together show one such moment in one film of twenty.",
        key=key,
        on_select=lambda: None,
        selection=MOMENT_PARAM,
    )
    event: Any = st.session_state.get(key) or {}
    points = event.get("selection", {}).get(MOMENT_PARAM) or []
    clicked = points[0].get("moment") if points else None
    if clicked is not None and st.session_state.get("moment-opened") != (key, clicked):
        st.session_state["moment-opened"] = (key, clicked)
        rows = records(found[found["moment"] == clicked])
        if rows:
            look.go("timeline", **moment_list.place(rows[0]))
