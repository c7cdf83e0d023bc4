"""Who was counted? Usable viewers and why others are not, who stayed, and whether they reacted together."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.audience_charts import presence, stayed, synchrony
from dashboard.frames import Row, known, records
from dashboard.look import Look
from dashboard.theme import INK
from dashboard.views import figures, header
from dashboard.views.colours import page_colours


def draw(look: Look) -> None:
    """Draws the page."""
    header.header(look, "Who was counted, and did they react together?")
    found = records(look.data.read("audience"))
    whole = found[0] if found else {}
    _counted(look, whole)
    _stayed(look, whole)
    _together(look, whole)


def _counted(look: Look, whole: Row) -> None:
    unusable = [row for row in look.data.left_out if row["what"] == "viewer"]
    left = sum(int(row["cells"]) for row in unusable)
    usable = int(whole["viewers"]) if known(whole.get("viewers")) else look.choice.viewers
    said = f"**{words.viewers(usable)} count{'s' if usable == 1 else ''}**, on {look.choice.sessions} device"
    said += "s" if look.choice.sessions != 1 else ""
    if left:
        reasons = "; ".join(
            f"{int(row['cells'])} because {words.reason(str(row['reason']))}" for row in unusable
        )
        said += f". Left out: {words.viewers(left)} ({reasons})"
    else:
        said += ". Nobody was left out"
    simulated = words.simulated(look.choice.simulated, look.choice.viewers)
    if simulated:
        said += f". {simulated[:1].upper()}{simulated[1:]}"
    with st.container(key="headline"):
        st.markdown(said + ".")
    if known(whole.get("coverage_median")):
        seconds = f"at least **{whole['coverage_median']:.0f}%** of the film's seconds"
        if whole["coverage_median"] >= 99.95:
            seconds = "**every second** of the film"
        st.markdown(
            f"Half of them were seen in {seconds}. "
            f"**{whole['stayed_half']:.0f}%** were still there at the middle, **{whole['stayed_end']:.0f}%** at the "
            "end."
        )
    elif look.choice.running:
        st.info(
            "Coverage and synchrony are worked out once the screening is over.",
            icon=":material/hourglass_empty:",
        )


def _stayed(look: Look, whole: Row) -> None:
    del whole
    frame = presence(look.data.seconds)
    if frame.empty:
        return
    most = int(frame["watching"].max()) if frame["watching"].notna().any() else look.choice.viewers
    figures.chart(
        stayed(
            frame,
            look.data.scenes,
            subtitle=_subtitle(look, most),
            ink=INK[page_colours()],
        ),
        pd.DataFrame(
            {
                "Film time": [words.clock(at) for at in frame["t_ms"]],
                "Still watching": frame["watching"],
                "Still watching, %": frame["stayed"].round(),
                "Scored in this second": frame["viewers"],
                "Facing the screen, %": frame["attention"].round(),
            }
        ),
        alt_text="Percent still watching and percent facing the screen, over film time",
        caption=f"Still watching: seen in this second or a later one, of at most {most}. Facing the screen: share of "
        "pictures with the face turned to it, mean over viewers. A second with fewer than "
        f"{words.viewers(look.choice.k)} is left out.",
    )


def _together(look: Look, whole: Row) -> None:
    st.subheader("Did they react together?", anchor=False)
    if not known(whole.get("synchrony")):
        st.info(
            "Not known for this screening: synchrony needs a screening that is over and "
            f"{words.viewers(max(2, look.choice.k))} or more with enough seconds in common.",
            icon=":material/info:",
        )
        return
    value, chance, p = (float(whole[name]) for name in ("synchrony", "synchrony_chance", "synchrony_p"))
    if p <= 0.05:
        said = (
            f"Yes, more than chance explains: synchrony {words.signed(value)}, where chance stays under "
            f"{words.signed(chance)} and +1 is every face on one course"
        )
    else:
        said = (
            f"Not shown: synchrony {words.signed(value)} is within what chance reaches (under {words.signed(chance)}). "
            "They may have, but these figures do not tell"
        )
    st.markdown(f"**{said}** (p {words.chance(p)}, n = {words.viewers(int(whole['synchrony_viewers']))}).")
    figures.chart(
        synchrony(whole, subtitle=_subtitle(look, int(whole["synchrony_viewers"])), ink=INK[page_colours()]),
        pd.DataFrame(
            {
                "Synchrony": [round(value, 3)],
                "Chance stays under (95 of 100)": [round(chance, 3)],
                "p": [words.chance(p)],
                "Viewers": [int(whole["synchrony_viewers"])],
                "Polarisation, 0 to 1": [whole["polarisation"]],
            }
        ),
        alt_text=f"Synchrony {value:+.2f} beside what chance reaches, {chance:+.2f}",
        caption="Each viewer's mood is correlated with the mean of all others: +1 is every face on one course, 0 is "
        "each on its own. Chance is the same viewers, each moved round in time; 95 of 100 such stay under it.",
    )
    if known(whole["polarisation"]):
        word = (
            "hardly divided"
            if whole["polarisation"] < 0.25
            else "partly divided"
            if whole["polarisation"] < 0.6
            else "divided"
        )
        st.markdown(
            f"Over all scenes the audience was **{word}**: polarisation {whole['polarisation']:.2f}, where 0 is nobody "
            "on opposite sides and 1 is half pleased, half displeased."
        )
        look.link("scenes", "Which scenes divided it", ":material/view_carousel:")


def _subtitle(look: Look, counted: int) -> str:
    simulated = words.simulated(look.choice.simulated, look.choice.viewers)
    return f"n = {words.viewers(counted)}" + (f" · {simulated}" if simulated else "")
