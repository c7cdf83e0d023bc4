"""How did it go? The film in a few sentences, its arc, its best and worst scenes, and how sure all that is."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import findings, steps, words
from dashboard.arc import arc, arc_series, ends, ranked
from dashboard.frames import records
from dashboard.look import Look
from dashboard.questions.moments import counted
from dashboard.theme import INK
from dashboard.views import empty, figures, header
from dashboard.views.colours import page_colours
from dashboard.views.moment_list import place

_MOST_RANKED = 10
_MOMENTS_IN_SHORT = 4


def draw(look: Look) -> None:
    """Draws the page."""
    choice, shown = look.choice, look.data
    header.header(look, "How did it go?")
    scenes, reactions = records(shown.scenes), records(shown.reactions)
    if not scenes:
        empty.no_scenes(look.store, choice)
    said = findings.headline(scenes, reactions)
    if said:
        with st.container(key="headline"):
            st.markdown(" ".join([f"**{said[0]}**", *said[1:]]))
    header.worth_a_look(look)
    _arc(look)
    if scenes:
        _ranked(look)
    _moments(look)
    st.subheader("How sure is this?", anchor=False)
    st.markdown(
        "\n".join(f"- {line}" for line in findings.how_sure(choice.viewers, choice.simulated, choice.k))
    )
    look.link(
        "audience", "Who was counted, and who was not", ":material/groups:"
    ) if "audience" in look.pages else None


def _arc(look: Look) -> None:
    frame, smoothed_ms = arc_series(look.data.seconds)
    if frame.empty:
        return
    st.subheader("The arc", anchor=False)
    shape = _shape(look)
    if shape:
        st.markdown(shape)
    banded = bool(frame["low"].notna().any())
    figures.chart(
        arc(
            frame,
            look.data.scenes,
            subtitle=_subtitle(look, words.count_range(look.data.seconds["viewers"])),
            ink=INK[page_colours()],
            timecode=look.choice.timecode,
        ),
        pd.DataFrame(
            {
                "Film time": [words.clock(at) for at in frame["t_ms"]],
                "Timecode": [look.choice.timecode(int(at)) for at in frame["t_ms"]],
                "Viewers": frame["viewers"],
                "Mood, −1 to +1": frame["valence"].round(2),
                **(
                    {"Low, 95%": frame["low"].round(2), "High, 95%": frame["high"].round(2)} if banded else {}
                ),
            }
        ),
        alt_text="Mood over film time, from unpleasant to pleasant",
        caption=f"{words.mood_scale()}; each viewer counts once. Smoothed over {words.length(smoothed_ms)} of film."
        + (" The band is its 95% interval over viewers." if banded else "")
        + " Low is not bad: a film may want tears or fear.",
    )
    _progression(look)
    look.link("timeline", "Every emotion, moment by moment", ":material/timeline:")


def _progression(look: Look) -> None:
    """The clearest change from scene to scene, and where the others are."""
    names = {int(one["scene"]): str(one["name"]) for one in records(look.data.scenes)}
    found = steps.clearest(steps.with_shares(records(look.data.read("scene_steps")), names), 1)
    if not found:
        return
    st.markdown(f"The clearest change from scene to scene: {steps.sentence(found[0], names, begin=False)}")
    look.link("scenes", "Which emotion followed which", ":material/conversion_path:")


def _ranked(look: Look) -> None:
    rows = ends(look.data.scenes, _MOST_RANKED)
    if not rows:
        return
    st.subheader("Best and worst scenes", anchor=False)
    left = len(look.data.scenes) - len(rows)
    figures.chart(
        ranked(
            look.data.scenes,
            most=_MOST_RANKED,
            subtitle=_subtitle(look, words.count_range(row["viewers"] for row in rows)),
            ink=INK[page_colours()],
        ),
        pd.DataFrame(
            {
                "No.": [row["scene"] for row in rows],
                "Scene": [row["name"] for row in rows],
                "Mood, −1 to +1": [words.mood(row["valence"]) for row in rows],
                "95% interval": [words.mood_interval(row).removeprefix(", 95% interval ") for row in rows],
                "Facing the screen, %": [round(row["attention"]) for row in rows],
                "95% interval, facing": [
                    words.interval(row["attention_low"], row["attention_high"]) for row in rows
                ],
                "Viewers": [int(row["viewers"]) for row in rows],
            }
        ),
        alt_text="Scenes from the most to the least pleasant, with intervals",
        caption="Best and worst by pleasant faces; whether that is what the scene wants, you know. Scenes whose lines "
        "overlap may be equal."
        + (f" {left} scenes between these or without figures are on the page Scenes." if left else ""),
    )
    look.link("scenes", "All scenes, ranked by what you choose", ":material/view_carousel:")


def _moments(look: Look) -> None:
    found = look.data.read("moments")
    if found.empty:
        return
    st.subheader("Moments", anchor=False)
    st.markdown(counted(found))
    strongest = found.sort_values("strength", ascending=False).head(_MOMENTS_IN_SHORT)
    for row in records(strongest.sort_values("moment")):
        where = f", in “{row['name']}”" if isinstance(row["name"], str) else ""
        look.link(
            "timeline",
            f"{words.clock(row['peak_ms'])}{where}: {words.moment(row)}",
            ":material/timeline:",
            **place(row),
        )
    look.link("moments", "All moments", ":material/bolt:")


def _shape(look: Look) -> str:
    """The name of the arc, where it stands out from chance; always called a metaphor."""
    whole = records(look.data.read("audience"))
    if not whole or not isinstance(whole[0]["arc"], str):
        return ""
    arc_p = whole[0]["arc_p"]
    if whole[0]["arc"] == "no clear arc":
        return "Its course is no clearer than chance would make it, so it gets no name."
    return (
        f"Its course is nearest to the shape called **{whole[0]['arc']}** (a metaphor from Reagan et al., 2016; chance "
        f"makes as large a shape in {words.in_a_hundred(arc_p)} audiences)."
    )


def _subtitle(look: Look, counted: str) -> str:
    simulated = words.simulated(look.choice.simulated, look.choice.viewers)
    return f"n = {counted}" + (f" · {simulated}" if simulated else "")
