"""What is coming in now? The screening while it runs, drawn anew by itself every two seconds."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.errors import AnalyticsError
from analytics.serving import Serving
from dashboard import words
from dashboard.data import Published, ScreeningData
from dashboard.frames import Row, known, records
from dashboard.look import Look
from dashboard.series import series, strongest
from dashboard.theme import INK
from dashboard.timeline import BANDED, timeline
from dashboard.views import figures
from dashboard.views.colours import page_colours

EVERY_S = 2.0
_STRETCH_MS = 180_000
_NOW_MS = 10_000


def draw(look: Look) -> None:
    """Draws the page; the part that changes draws itself anew."""
    choice = look.choice
    with st.container(key="header"):
        st.title("What is coming in now?", anchor=False)
        st.markdown(f"**{choice.title}** · cut **{choice.cut}** · screening **{choice.screening}**")
    if not choice.running:
        running = [one for one in look.choices if one.running]
        if running:
            st.info(
                f"This screening is over. Running now: {', '.join(f'**{one.screening}**' for one in running)}; "
                "choose it at the left.",
                icon=":material/info:",
            )
        else:
            st.info(
                "No screening is running. As soon as a viewer's device begins, it shows up here within seconds. "
                "On each device:",
                icon=":material/info:",
            )
            st.code(
                f"houselights agent run --film {choice.film} --cut {choice.cut} --screening {choice.screening} "
                "--source camera:0 --to kafka:HOST:PORT",
                language=None,
                wrap_lines=True,
            )
            st.caption("What came in last is below.")
    _body(look)


@st.fragment(run_every=EVERY_S)
def _body(look: Look) -> None:
    # Drawn alone, it reads what is published then.
    with Serving(look.store_dir).held() as serving:
        try:
            shown = ScreeningData(Published(serving, serving.version()), str(look.choice.screening))
            found = records(shown.read("live_state"))
        except AnalyticsError as error:
            st.warning(f"Waiting for the next publish: {error}")
            return
        _content(look, shown, found)


def _content(look: Look, shown: ScreeningData, found: list[Row]) -> None:
    if not found:
        st.warning("This screening is no longer in the store; choose another at the left.")
        return
    _state(found[0])
    if not known(found[0]["t_ms"]):
        st.info(
            f"Nothing to show yet: a moment appears once {words.viewers(int(found[0]['k']))} have seen it "
            f"(k = {int(found[0]['k'])}).",
            icon=":material/hourglass_empty:",
        )
        return
    _stretch(look, shown, int(found[0]["t_ms"]))


def _state(state: Row) -> None:
    simulated = words.simulated(int(state["simulated_viewers"]), int(state["viewers"]))
    if simulated:
        st.badge(simulated[:1].upper() + simulated[1:], icon=":material/smart_toy:", color="primary")
    reached = known(state["t_ms"])
    with st.container(key="figures"):
        columns = st.columns(4)
        said = (
            ("Devices", str(int(state["sessions"])), "taking part" if state["running"] else "took part"),
            ("Viewers", str(int(state["viewers"])), "with at least one scored second"),
            (
                "Furthest moment",
                words.clock(int(state["t_ms"])) if reached else "–",
                f"seen by {words.viewers(int(state['viewers_there']))}"
                if reached
                else "not yet seen by enough",
            ),
            (
                "Facing the screen",
                f"{state['attention']:.0f}%" if reached and known(state["attention"]) else "–",
                "mean over viewers in that second",
            ),
        )
        for column, (label, value, below) in zip(columns, said, strict=True):
            with column, st.container(border=True, gap="xxsmall", height="stretch"):
                st.metric(label, value)
                st.caption(below)


def _stretch(look: Look, shown: ScreeningData, last_ms: int) -> None:
    since = max(0, last_ms + 1000 - _STRETCH_MS)
    recent = shown.read("live", since_ms=since)
    now = _now(recent, last_ms)
    st.subheader("The last three minutes of film", anchor=False)
    st.markdown(f"**{now}**")
    emotions = strongest(recent, "share")
    lines = series(recent, "share")
    state = records(shown.read("live_state"))[0]
    simulated = words.simulated(int(state["simulated_viewers"]), int(state["viewers"]))
    counted = f"n = {words.count_range(recent['viewers'])}"
    figures.chart(
        timeline(
            lines,
            shown.scenes,
            emotions=emotions,
            measure="share",
            selected=None,
            subtitle=f"{counted} · {simulated}" if simulated else counted,
            timecode=look.choice.timecode,
            ink=INK[page_colours()],
            stretch=(since, max(since + 30_000, last_ms + 1000)),
            uncertainty=True,
        ),
        _table(recent, emotions),
        alt_text="Emotions over the last three minutes of film that have come in",
        caption=f"Bands: the 95% interval over viewers, from {BANDED:.0f}% on. {words.SHOWING} Viewers' own "
        "usual level moves while the film runs, so figures of earlier moments can still change a little.",
    )


def _table(recent: pd.DataFrame, emotions: list[str]) -> pd.DataFrame:
    rows = records(recent[recent["emotion"].isin(emotions)])
    return pd.DataFrame(
        {
            "Film time": [words.clock(row["t_ms"]) for row in rows],
            "Looked": [words.LOOKED[str(row["emotion"])] for row in rows],
            "How many": [words.many(int(row["showing"]), int(row["viewers"])) for row in rows],
            "Share, %": [round(row["share"]) for row in rows],
            "95% interval": [words.interval(row["share_low"], row["share_high"]) for row in rows],
        }
    )


def _now(recent: pd.DataFrame, last_ms: int) -> str:
    """The last ten seconds in words: the emotion that most viewers showed at once."""
    late = recent[(recent["t_ms"] > last_ms - _NOW_MS) & (recent["emotion"] != "neutral")]
    if late.empty or not late["showing"].max():
        return "In the last ten seconds nobody showed a clear emotion."
    top = records(late.loc[[late["showing"].idxmax()]])[0]
    if top["showing"] < words.STANDS_OUT * top["viewers"]:
        most = words.many(int(top["showing"]), int(top["viewers"]))
        return f"In the last ten seconds that came in nothing stood out: at most {most} showed any one emotion at once."
    looked = words.looked(int(top["showing"]), int(top["viewers"]), str(top["emotion"]))
    return (
        f"In the last ten seconds that came in, {looked} at once "
        f"(95% interval {words.interval(top['share_low'], top['share_high'])}), at {words.clock(top['t_ms'])}."
    )
