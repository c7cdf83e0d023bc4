"""Figures in plain words. Every sentence names its n; every interval says that it is 95%."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

LOOKED = {
    "angry": "angry",
    "disgust": "disgusted",
    "fear": "afraid",
    "happy": "happy",
    "neutral": "neutral",
    "sad": "sad",
    "surprise": "surprised",
}
"""How a viewer looked, for each emotion of the contract."""

FEW = 10
"""Under ten viewers an interval spans half the scale: the page says so."""

STANDS_OUT = 0.15
"""Below this share of viewers the strongest emotion is not worth a headline."""

SHOWING = (
    "A viewer counts as showing an emotion when it scores at least 20 points above their own usual level."
)


def viewers(count: int) -> str:
    """As in "1 viewer", "42 viewers"."""
    return f"{count:,} viewer{'' if count == 1 else 's'}"


def clock(film_ms: float) -> str:
    """Film time as min:sec, or h:min:sec from an hour on."""
    minutes, seconds = divmod(int(film_ms) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def length(ms: float) -> str:
    """How long a scene lasts: "11 s", "2 min 5 s"."""
    minutes, seconds = divmod(round(ms / 1000), 60)
    if not minutes:
        return f"{seconds} s"
    return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"


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
        return f"None of {viewers(int(rows[0]['viewers']))} showed a clear emotion here."
    first = felt[0]
    if first["showing"] < STANDS_OUT * first["viewers"]:
        most = many(int(first["showing"]), int(first["viewers"]))
        return f"Nothing stood out here: at most {most} showed any one emotion."
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


def mood(valence: float | None) -> str:
    """Valence (−1 to 1) in a word and a figure."""
    if valence is None or math.isnan(valence):
        return "unknown"
    word = "mostly pleasant" if valence > 0.15 else "mostly unpleasant" if valence < -0.15 else "mixed"
    return f"{word} ({signed(valence)})"


def mood_interval(scene: Mapping[str, Any]) -> str:
    """The 95% interval of valence, from valence_low and valence_high; empty for a single viewer."""
    low, high = scene["valence_low"], scene["valence_high"]
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return ""
    return f", 95% interval {signed(low)} to {signed(high)}"


def signed(value: float) -> str:
    """A number with two decimals and a true minus sign."""
    return f"{value:+.2f}".replace("-", "−")


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
    parts = []
    for what, plural in (("second", "seconds"), ("scene", "scenes")):
        cells = sum(int(row["cells"]) for row in rows if row["what"] == what)
        if cells:
            parts.append(f"{cells:,} {what if cells == 1 else plural}")
    if not parts:
        return "Nothing was left out."
    return f"Left out because too few viewers watched: {' and '.join(parts)}."


def most_viewers(rows: Sequence[Mapping[str, Any]]) -> int:
    """The most viewers that any withheld cell had."""
    return max((int(row["viewers_most"] or 0) for row in rows), default=0)


def unit(measure: str) -> str:
    """The unit of a measure: percent of viewers, or points of a score."""
    return "%" if measure == "share" else ""
