"""What differs between two audiences? Screenings, cuts or cohorts of one film, scene by scene, corrected for chance."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from contract.emotions import EMOTIONS
from dashboard import words
from dashboard.compare_charts import WHOLE, differences
from dashboard.data import Choice
from dashboard.frames import Row, known, records
from dashboard.look import Look
from dashboard.theme import INK
from dashboard.views import figures
from dashboard.views.colours import page_colours

LEVEL = 0.05
_IN_WORDS = 4
MEASURES = {
    "valence": "Mood",
    "attention": "Facing the screen",
    **{emotion: f"Looked {words.LOOKED[emotion]}" for emotion in EMOTIONS},
}
_KINDS = {
    "screening": "screenings",
    "cut": "cuts, all their screenings pooled",
    "cohort": "cohorts, all their screenings pooled",
}
_SCALES = {"valence": "mood, −1 to +1", "attention": "percent of the time"}
_SCORE = "mean score, 0 to 100"


def draw(look: Look) -> None:
    """Draws the page."""
    with st.container(key="header"):
        st.title("What differs between two audiences?", anchor=False)
        st.caption(
            f"Of {look.choice.title}. Differences are tested over viewers, never over seconds, and corrected for all "
            "scenes and measures of the pair: only what stays is called a difference."
        )
    pairs = records(look.published.read("comparisons"))
    pairs = [pair for pair in pairs if pair["film"] == look.choice.film]
    if not pairs:
        _none(look)
        return
    mine = str(look.choice.screening)
    pairs.sort(key=lambda pair: mine not in (pair["first"], pair["second"]))
    labels = [_label(pair) for pair in pairs]
    asked = st.selectbox(
        "Two audiences", range(len(pairs)), format_func=labels.__getitem__, key=f"pair-{look.choice.film}"
    )
    _pair(look, pairs[int(asked or 0)])


def _none(look: Look) -> None:
    others = [
        one
        for one in look.choices
        if one.film == look.choice.film and one.screening not in (None, look.choice.screening)
    ]
    if not others:
        st.info(
            "This film has one screening, so there is nothing to compare it with. Show it, or another cut of it, to a "
            "second audience.",
            icon=":material/info:",
        )
        return
    st.info(
        "No two audiences of this film are compared yet: both must be over, with enough viewers in the same scene. "
        "To ask for a pair:",
        icon=":material/info:",
    )
    st.code(
        f"houselights compare add {look.choice.screening} {others[0].screening} --store {look.store}\n"
        f"houselights publish --store {look.store}",
        language=None,
        wrap_lines=True,
    )


def _pair(look: Look, pair: Row) -> None:
    named = {key: str(pair[key]) for key in ("film", "kind", "first", "second", "first_cut", "second_cut")}
    rows = [
        {**row, "sure": _sure(row), "told": words.chance(row["p"]), "label": _label_of(row)}
        for row in records(look.published.read("comparison", **named))
    ]
    first, second = _sides(pair)
    simulated = _simulated(look.choices, pair)
    scenes = int(pair["scenes"])
    differ = int(pair["differ"])
    whole = [row for row in rows if _whole(row)]
    some = f"{scenes} scene{'' if scenes == 1 else 's'}"
    if differ:
        said = f"In {differ} of {some} the two audiences differ more than chance explains."
    elif any(row["sure"] for row in whole):
        said = f"Over the whole film the two audiences differ more than chance explains, in none of {some} alone."
    else:
        said = (
            f"In none of {some} do the two audiences differ more than chance explains. "
            "That is no proof that they are alike."
        )
    with st.container(key="headline"):
        st.markdown(f"**{said}**" + (f" {simulated}" if simulated else ""))
    if whole and not any(row["sure"] for row in whole):
        st.markdown(alike(whole, first, second))
    clear = sorted((row for row in rows if row["sure"]), key=lambda row: float(row["p"]))[:_IN_WORDS]
    st.markdown("\n".join(f"- {sentence(row, first, second)}" for row in clear))
    counts = [int(row[side]) for row in rows for side in ("first_viewers", "second_viewers")]
    if counts and min(counts) < words.FEW:
        st.caption(f"At least one scene stands for {words.viewers(min(counts))} only: read it as a hint.")
    measure = st.pills(
        "Measure",
        list(MEASURES),
        default="valence",
        required=True,
        format_func=MEASURES.__getitem__,
        key="compare-measure",
    )
    chosen = [row for row in rows if row["measure"] == measure]
    if not chosen:
        st.info("No scene has this measure in both audiences.")
        return
    decimals = 2 if measure == "valence" else 0
    n = f"n = {_counts(chosen, 'first')} and {_counts(chosen, 'second')}"
    scale = _SCALES.get(str(measure), _SCORE)
    figures.chart(
        differences(
            chosen,
            title=f"{MEASURES[str(measure)]}: {second} minus {first}",
            first=first,
            second=second,
            subtitle="\n".join(filter(None, (f"{n}, {scale}", simulated))),
            decimals=decimals,
            ink=INK[page_colours()],
        ),
        table(rows, first, second),
        alt_text=f"Differences of {MEASURES[str(measure)]} scene by scene, with intervals",
        caption="Filled and blue: clear, p at most 0.05 after correction. Hollow and grey: may be chance. A line is "
        "the 95% interval of that row alone, so it can miss zero without the difference being clear.",
    )


def sentence(row: Row, first: str, second: str) -> str:
    """One clear difference in words, with both figures, their units and both n."""
    measure = str(row["measure"])
    more = "more" if row["difference"] > 0 else "less"
    if measure == "valence":
        said = f"faces were {more} pleasant"
    elif measure == "attention":
        said = f"viewers faced the screen {more}"
    else:
        said = f"faces looked {more} {words.LOOKED.get(measure, measure)}"
    one, other = (
        f"{figure(measure, float(row[f'{side}_value']))} ({words.viewers(int(row[f'{side}_viewers']))})"
        for side in ("first", "second")
    )
    place = "Over **the whole film**" if _whole(row) else f"In **{row['name']}**"
    return (
        f"{place} {said} in {second}: {other}, against {one} in {first}. Chance alone does as much in "
        f"{words.in_a_hundred(float(row['p']))} pairs of audiences (p {row['told']}, corrected)."
    )


def alike(whole: list[Row], first: str, second: str) -> str:
    """Where nothing clear is to be said of the whole film: its mood and attention all the same."""
    told = "; ".join(
        f"{figure(measure, float(row['first_value']))} in {first} and "
        f"{figure(measure, float(row['second_value']))} in {second}"
        for measure in ("valence", "attention")
        for row in whole
        if row["measure"] == measure and not math.isnan(row["difference"])
    )
    return f"Over the whole film they differ by no more than chance explains{told and f': {told}'}."


def figure(measure: str, value: float) -> str:
    """A value with what it is and its unit: "mood +0.17", "facing 61% of the time", "mean score 30 of 100"."""
    if measure == "valence":
        return f"mood {words.signed(value)}"
    return f"facing {value:.0f}% of the time" if measure == "attention" else f"mean score {value:.0f} of 100"


def table(rows: list[Row], first: str, second: str) -> pd.DataFrame:
    """Every scene and measure, clear ones first."""
    ordered = sorted(rows, key=lambda row: 1.0 if math.isnan(row["p"]) else float(row["p"]))
    return pd.DataFrame(
        {
            "Scene": [row["label"] for row in ordered],
            "Measure": [MEASURES[str(row["measure"])] for row in ordered],
            "Scale": [_SCALES.get(str(row["measure"]), _SCORE) for row in ordered],
            first: [round(row["first_value"], 2) for row in ordered],
            f"{second} ": [round(row["second_value"], 2) for row in ordered],
            "Difference": [round(row["difference"], 2) for row in ordered],
            "95% interval": [_between(row) for row in ordered],
            "p, corrected": [row["told"] for row in ordered],
            "Clear": ["yes" if row["sure"] else "" for row in ordered],
            "n": [f"{int(row['first_viewers'])} and {int(row['second_viewers'])}" for row in ordered],
        }
    )


def _between(row: Row) -> str:
    if math.isnan(row["low"]):
        return ""
    decimals = 2 if row["measure"] == "valence" else 1
    return f"{row['low']:.{decimals}f} to {row['high']:.{decimals}f}".replace("-", "−")


def _sure(row: Row) -> bool:
    return not math.isnan(row["p"]) and float(row["p"]) <= LEVEL


def _whole(row: Row) -> bool:
    return not known(row["first_scene"])


def _label_of(row: Row) -> str:
    return WHOLE if _whole(row) else f"{int(row['first_scene'])} · {row['name']}"


def _counts(rows: list[Row], side: str) -> str:
    return words.count_range(int(row[f"{side}_viewers"]) for row in rows)


def _sides(pair: Row) -> tuple[str, str]:
    return str(pair["first"]), str(pair["second"])


def _label(pair: Row) -> str:
    cut = f", cut {pair['first_cut']}" if pair["first_cut"] == pair["second_cut"] else ""
    return f"{pair['first']} and {pair['second']} ({_KINDS.get(str(pair['kind']), pair['kind'])}{cut})"


def _simulated(choices: list[Choice], pair: Row) -> str:
    """Says so when either side holds viewers drawn by a model."""
    drawn = seen = 0
    for choice in choices:
        if choice.film != pair["film"]:
            continue
        of = {"screening": choice.screening, "cut": choice.cut, "cohort": choice.cohort}.get(
            str(pair["kind"])
        )
        if of in (pair["first"], pair["second"]):
            drawn, seen = drawn + choice.simulated, seen + choice.viewers
    text = words.simulated(drawn, seen)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
