"""Every scene's course beside the others', eight at a time."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.frames import Row, records
from dashboard.look import Look
from dashboard.multiples import HEIGHT_PX, WIDTH_PX, multiple, top_of
from dashboard.series import Series, series, strongest, within
from dashboard.views import figures
from dashboard.views.timeline_view import table as timeline_table

_AT_ONCE = 8
_NAME_LETTERS = 26


def choose_part(look: Look) -> list[Row]:
    """Neighbouring rows of scenes.sql, few enough to be looked at together; asked only where there are more."""
    scenes = records(look.data.scenes)
    parts = [scenes[at : at + _AT_ONCE] for at in range(0, len(scenes), _AT_ONCE)]
    if len(parts) < 2:
        return scenes
    labels = [f"{one[0]['scene']}–{one[-1]['scene']}" for one in parts]
    asked = st.segmented_control("Scenes", labels, default=labels[0], required=True, key="multiples")
    return parts[labels.index(str(asked))]


def scene_multiples(look: Look, measure: str, part: list[Row]) -> None:
    """Draws the scenes of ``part``, on one scale, and their figures as a table."""
    shown = look.data
    emotions = strongest(shown.timeline, "share")
    drawn = shown.timeline[shown.timeline["emotion"].isin(emotions)]
    lines = [series(within(drawn, int(one["start_ms"]), int(one["end_ms"])), measure) for one in part]
    top = top_of(lines, emotions)
    with st.container(horizontal=True, gap="medium", key="multiples-row"):
        for one, line in zip(part, lines, strict=True):
            st.altair_chart(
                multiple(
                    line,
                    emotions,
                    title=_title(one),
                    subtitle=_headline(look, one),
                    start_ms=int(one["start_ms"]),
                    end_ms=int(one["end_ms"]),
                    top=top,
                    unit=words.unit(measure),
                ),
                width=WIDTH_PX,
                height=HEIGHT_PX + 64,
                alt=f"Course of scene {one['scene']}, {one['name']}: {_headline(look, one)}",
            )
    what = "percent of viewers who showed it" if measure == "share" else "mean score, 0 to 100"
    st.caption(
        f"Every scene on the same scale ({what}), from its first second to its last. Drawn are the emotions that rose "
        f"most in this film: {', '.join(words.LOOKED[emotion] for emotion in emotions) or 'none'}."
    )
    figures.behind(
        pd.concat([_figures(look, one, line, emotions) for one, line in zip(part, lines, strict=True)])
    )


def _figures(look: Look, scene: Row, lines: Series, emotions: list[str]) -> pd.DataFrame:
    table = timeline_table(lines, emotions, look.choice)
    table.insert(0, "Scene", f"{scene['scene']} · {scene['name']}")
    return table


def _title(scene: Row) -> str:
    name = str(scene["name"])
    cut = name if len(name) <= _NAME_LETTERS else name[: _NAME_LETTERS - 1] + "…"
    return f"{scene['scene']} · {cut}"


def _headline(look: Look, scene: Row) -> str:
    rows = [
        row for row in records(look.data.reactions_of(int(scene["scene"]))) if row["emotion"] != "neutral"
    ]
    if not rows:
        return "too few viewers to show"
    first = max(rows, key=lambda row: int(row["showing"]))
    if first["showing"] < words.STANDS_OUT * first["viewers"]:
        return "nothing stood out"
    return f"{int(first['showing'])} of {int(first['viewers'])} looked {words.LOOKED[str(first['emotion'])]}"
