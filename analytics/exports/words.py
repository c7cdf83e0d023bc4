"""Figures in plain words: every sentence names its n, every interval says that it is 95%."""

from __future__ import annotations

from collections.abc import Iterable

from analytics.exports.figures import Moment, Reaction, Shown, Summary
from analytics.words import FEW, LOOKED, STANDS_OUT, clock, length, viewers

__all__ = [
    "FEW",
    "LOOKED",
    "STANDS_OUT",
    "clock",
    "few",
    "interval",
    "length",
    "listed",
    "looked",
    "mood_interval",
    "percent",
    "signed",
    "simulated",
    "viewers",
]


def percent(share: float) -> str:
    """A share of 0 to 1 in whole percent."""
    return f"{100 * share:.0f}%"


def interval(reaction: Reaction | Moment) -> str:
    """As in "29–58%"."""
    return f"{100 * reaction.share_low:.0f}–{100 * reaction.share_high:.0f}%"


def looked(reaction: Reaction) -> str:
    """As in "18 of 42 viewers looked happy"."""
    return f"{reaction.showing:,} of {viewers(reaction.viewers)} looked {LOOKED[reaction.emotion]}"


def signed(value: float) -> str:
    """Two decimals and a true minus sign; nothing is not "−0.00"."""
    text = f"{value:+.2f}".replace("-", "−")
    return "0.00" if text in {"+0.00", "−0.00"} else text


def mood_interval(summary: Summary) -> str:
    """As in "−0.20 to −0.03"; empty where there is none."""
    if summary.valence_low is None or summary.valence_high is None:
        return ""
    return f"{signed(summary.valence_low)} to {signed(summary.valence_high)}"


def few(count: int) -> str:
    """A flag in brackets where a figure stands for few viewers, with a space before it; else empty."""
    return " (few viewers: a hint, not a finding)" if count < FEW else ""


def simulated(shown: Shown) -> str:
    """What goes wherever figures of a simulated audience are shown; empty for a real one."""
    if not shown.simulated:
        return ""
    if shown.simulated == shown.viewers:
        return "simulated audience"
    return f"{shown.simulated:,} of {viewers(shown.viewers)} simulated"


def listed(parts: Iterable[str]) -> str:
    """As in "a, b and c"."""
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} and {last}" if most else last
