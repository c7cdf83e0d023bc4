"""Figures in plain words. Every sentence names its n; every interval says that it is 95%."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analytics.words import FEW, LOOKED, STANDS_OUT, clock, length, viewers

__all__ = [
    "FEW",
    "KINDS",
    "LOOKED",
    "SHOWING",
    "STANDS_OUT",
    "chance",
    "change",
    "clock",
    "count_range",
    "devices",
    "few",
    "few_or_many",
    "headline",
    "headline_interval",
    "in_a_hundred",
    "interval",
    "left_out",
    "left_out_row",
    "length",
    "listed",
    "looked",
    "many",
    "margin",
    "moment",
    "mood",
    "mood_interval",
    "mood_scale",
    "most_viewers",
    "reason",
    "signed",
    "simulated",
    "threshold",
    "unit",
    "usual",
    "viewers",
]

SHOWING = (
    "A viewer counts as showing an emotion when it scores at least 20 points above their own usual level."
)


def devices(count: int) -> str:
    """As in "1 device", "42 devices"."""
    return f"{count:,} device{'' if count == 1 else 's'}"


def interval(low: float | None, high: float | None, unit: str = "%") -> str:
    """A 95% interval of whole numbers, "29–58%"; empty when there is none."""
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return ""
    return f"{round(low)}–{round(high)}{unit}"


def many(showing: int, of: int) -> str:
    """As in "18 of 42 viewers"."""
    return f"{showing} of {viewers(of)}"


def looked(showing: int, of: int, emotion: str) -> str:
    """As in "18 of 42 viewers looked happy"."""
    return f"{many(showing, of)} looked {LOOKED[emotion]}"


def headline(rows: Sequence[Mapping[str, Any]]) -> str:
    """The scene in a sentence; ``rows``: its emotions with viewers, showing, share_low, share_high (percent).

    Neutral is left aside unless nothing else was seen.
    """
    felt = sorted(
        (row for row in rows if row["emotion"] != "neutral" and row["showing"] > 0),
        key=lambda row: -int(row["showing"]),
    )
    if not rows:
        return "Too few viewers watched this scene to show anything about it."
    if not felt:
        if rows[0]["viewers"] == 1:
            return "The one viewer showed no clear emotion here."
        return f"None of {viewers(int(rows[0]['viewers']))} showed a clear emotion here, beside neutral."
    first = felt[0]
    if first["showing"] < STANDS_OUT * first["viewers"]:
        most = many(int(first["showing"]), int(first["viewers"]))
        return f"Nothing stood out here: at most {most} showed any one emotion, neutral aside."
    text = looked(int(first["showing"]), int(first["viewers"]), first["emotion"]) + " here"
    if len(felt) > 1 and felt[1]["showing"] >= STANDS_OUT * felt[1]["viewers"]:
        second = felt[1]
        text += f"; {int(second['showing'])} looked {LOOKED[second['emotion']]}"
    return text + "."


def headline_interval(rows: Sequence[Mapping[str, Any]]) -> str:
    """What the headline's first figure may be in an audience like this one."""
    felt = [row for row in rows if row["emotion"] != "neutral" and row["showing"] > 0]
    if not felt:
        return ""
    first = max(felt, key=lambda row: int(row["showing"]))
    if first["showing"] < STANDS_OUT * first["viewers"]:
        return f"The 95% interval of that share is {interval(first['share_low'], first['share_high'])}."
    return (
        f"In a larger audience like this one, expect {interval(first['share_low'], first['share_high'])} "
        f"to look {LOOKED[first['emotion']]} (95% interval, n = {int(first['viewers'])})."
    )


def change(now: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]], since: str) -> str:
    """What became of the headline's emotion: "Up from 6 of 42 a scene earlier"; empty where there is nothing to say.

    ``now`` and ``before``: rows as ``headline`` takes them; ``since``: "a scene earlier". Where the two intervals
    overlap it says so, because then the difference may be chance.
    """
    felt = [row for row in now if row["emotion"] != "neutral" and row["showing"] > 0]
    if not felt or not before:
        return ""
    first = max(felt, key=lambda row: int(row["showing"]))
    then = next((row for row in before if row["emotion"] == first["emotion"]), None)
    if then is None or first["showing"] < STANDS_OUT * first["viewers"]:
        return ""
    text = f"{int(then['showing'])} of {int(then['viewers'])} {since}"
    if then["share_high"] < first["share_low"]:
        return f"Up from {text}."
    if first["share_high"] < then["share_low"]:
        return f"Down from {text}."
    return f"It was {text}; the two intervals overlap, so the change may be chance."


def margin(count: int) -> int:
    """How far a share of ``count`` viewers may be off, percent points: half the Wilson interval of one half."""
    z = 1.959964
    return round(100 * z / (1 + z * z / count) * math.sqrt(0.25 / count + z * z / (4 * count * count)))


KINDS = {
    "laugh": ("laughed", "Laughs", "sentiment_very_satisfied"),
    "jump": ("jumped", "Jumps", "bolt"),
    "tears": ("were moved to sadness", "Tears", "water_drop"),
    "dip": ("looked away", "Dips of attention", "trending_down"),
    "split": ("were split", "Splits", "call_split"),
}
"""Kind of moment: what viewers did, its plural, its icon."""


def moment(row: Mapping[str, Any]) -> str:
    """What happened in a row of moments.sql: "18 of 42 viewers laughed at once (95% interval 29–58%)"."""
    showing, of = int(row["showing"]), int(row["viewers"])
    between = interval(row["share_low"], row["share_high"])
    if row["kind"] == "split":
        displeased = int(row["displeased"])
        sides = f"{showing - displeased} pleased, {displeased} displeased"
        return f"{many(showing, of)} took sides (95% interval {between}): {sides}"
    did = KINDS.get(str(row["kind"]), (str(row["kind"]), "", ""))[0]
    return f"{many(showing, of)} {did} at once (95% interval {between})"


def few_or_many(row: Mapping[str, Any]) -> str:
    """Whether a moment was of few or of many, as far as its interval tells."""
    if row["share_low"] > 50:
        return "most of the audience"
    if row["share_high"] < 33:
        return "a few"
    return "a good part" if row["share_low"] > 25 else "some: few or many is not sure"


def usual(row: Mapping[str, Any]) -> float:
    """How many viewers react as in a moment in any second of the film; from its strength (docs/statistics.md).

    ``row``: of moments.sql. Its strength is (x − nr) / √(nr(1 − r)), with x of n viewers reacting; this is nr.
    """
    x, n, squared = float(row["showing"]), float(row["viewers"]), float(row["strength"]) ** 2
    b = 2 * x * n + squared * n
    root = math.sqrt(max(0.0, b * b - 4 * (n * n + squared * n) * x * x))
    return (b - root) / (2 * (n * n + squared * n)) * n


def mood(valence: float | None) -> str:
    """Valence (−1 to 1) in a word and a figure."""
    if valence is None or math.isnan(valence):
        return "unknown"
    word = "mostly pleasant" if valence > 0.15 else "mostly unpleasant" if valence < -0.15 else "mixed"
    return f"{word} ({signed(valence)})"


def mood_scale() -> str:
    """What the figures of mood mean, once a page."""
    return "Mood runs from −1, all faces unpleasant, to +1, all pleasant"


def mood_interval(scene: Mapping[str, Any]) -> str:
    """The 95% interval of valence, from valence_low and valence_high; empty for a single viewer."""
    low, high = scene["valence_low"], scene["valence_high"]
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return ""
    return f", 95% interval {signed(low)} to {signed(high)}"


def signed(value: float) -> str:
    """A number with two decimals and a true minus sign; nothing has no sign."""
    text = f"{value:+.2f}".replace("-", "−")
    return "0.00" if text in {"+0.00", "−0.00"} else text


def few(count: int) -> str:
    """A warning, with a space before it, when every figure stands for few viewers; else empty."""
    return (
        f" With {viewers(count)}, read every figure as a hint: its interval is wide."
        if 0 < count < FEW
        else ""
    )


def count_range(counts: Iterable[int]) -> str:
    """As in "41 viewers", or "38–41 viewers" when their number changes along the film."""
    found = [int(count) for count in counts]
    low, high = (min(found), max(found)) if found else (0, 0)
    return viewers(high) if low == high else f"{low}–{viewers(high)}"


def simulated(simulated_viewers: int, of: int) -> str:
    """The label that goes wherever numbers of a simulated audience show; empty for a real one."""
    if not simulated_viewers:
        return ""
    return f"simulated audience: {simulated_viewers} of {viewers(of)} drawn by a model"


def threshold(k: int) -> str:
    """What k means on this page."""
    if k <= 1:
        return (
            "Single viewers are visible: this screening is set to k = 1, meant for trying it on yourself. "
            "Use 5 or more for an audience."
        )
    return f"Only moments that at least {k} viewers watched are shown (k = {k})."


def left_out(rows: Sequence[Mapping[str, Any]]) -> str:
    """What k withheld; ``rows``: what, reason, cells of the table left_out."""
    told = []
    for reason, why in (
        ("fewer_than_k", "because too few viewers watched"),
        ("differencing", "so that no viewer can be worked out"),
    ):
        parts = []
        for what in ("second", "attention", "scene", "moment", "block"):
            cells = sum(int(row["cells"]) for row in rows if row["what"] == what and row["reason"] == reason)
            if cells:
                parts.append(_cells(what, cells))
        if parts:
            told.append(f"Left out {why}: {listed(parts)}.")
    unusable = sum(int(row["cells"]) for row in rows if row["what"] == "viewer")
    if unusable:
        told.append(f"Not counted, because too little of them was seen: {viewers(unusable)}.")
    return " ".join(told) or "Nothing was left out."


def _cells(what: str, cells: int) -> str:
    """As in "3 seconds", "attention in 1 second"."""
    if what == "attention":
        return f"attention in {_cells('second', cells)}"
    return f"{cells:,} {what}{'' if cells == 1 else 's'}"


def listed(parts: Sequence[str]) -> str:
    """As in "2 laughs, 1 jump and 1 split"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def chance(p: float | None) -> str:
    """A p as people read it, "0.004", "under 0.001"; "unknown" where there is none."""
    return "unknown" if p is None or math.isnan(p) else "under 0.001" if p < 0.001 else f"{p:.3f}"


def in_a_hundred(p: float) -> str:
    """A p as a count, "fewer than 1 of 100", "4 of 100"."""
    return "fewer than 1 of 100" if p < 0.01 else f"{100 * p:.0f} of 100"


def reason(code: str) -> str:
    """A code of left_out.reason in words."""
    return _REASONS.get(code, code.replace("_", " "))


_REASONS = {
    "fewer_than_k": "fewer than k viewers watched",
    "differencing": "with it, single viewers could be worked out",
    "too_little_watched": "their device looked on for under a tenth of the film",
    "too_little_face": "their face was found too seldom",
}
"""The codes of ``left_out.reason`` in words."""


def left_out_row(row: Mapping[str, Any]) -> str:
    """One row of left_out in words: "12 seconds: fewer than k viewers watched (at most 3)"."""
    if not isinstance(row["what"], str):
        return "nothing"
    cells = int(row["cells"])
    why = (
        reason(str(row["reason"]))
        if cells == 1
        else reason(str(row["reason"])).replace("with it,", "with them,")
    )
    text = f"{_cells(str(row['what']), cells)}: {why}"
    most = row["viewers_most"]
    return text if most is None or math.isnan(most) or not most else f"{text} (at most {int(most)} did)"


def most_viewers(rows: Sequence[Mapping[str, Any]]) -> int:
    """The most viewers that any withheld cell had."""
    counts = [row["viewers_most"] for row in rows if row["what"] != "viewer"]
    return max((int(count) for count in counts if count is not None and not math.isnan(count)), default=0)


def unit(measure: str) -> str:
    """The unit of a measure: percent of viewers, or points of a score."""
    return "%" if measure == "share" else ""
