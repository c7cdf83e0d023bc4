"""Which scenes to look at first: pure, from the scene tables."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard import words
from dashboard.frames import Row, records

LESS_ATTENTION = 3.0
"""Percent points under the average scene."""
LESS_PLEASANT = 0.1
"""On valence's scale from -1 to 1."""


@dataclass(frozen=True)
class Highlight:
    """One scene worth a look, and why, in words that carry their n."""

    title: str
    scene: int
    name: str
    reason: str


def highlights(scenes: pd.DataFrame, reactions: pd.DataFrame) -> list[Highlight]:
    """At most three: the clearest reaction, the lowest attention, the least pleasant scene.

    Each only where it stands out; none when fewer than two scenes have figures.
    """
    known = records(scenes.dropna(subset=["viewers", "attention", "valence"]))
    if len(known) < 2:
        return []
    names = {row["scene"]: str(row["name"]) for row in known}
    found = []
    felt = [
        row
        for row in records(reactions)
        if row["emotion"] != "neutral" and row["showing"] > 0 and row["scene"] in names
    ]
    if felt:
        top = max(felt, key=lambda row: float(row["share"]))
        between = words.interval(top["share_low"], top["share_high"])
        looked = words.looked(int(top["showing"]), int(top["viewers"]), top["emotion"])
        reason = f"{looked} (95% interval {between})"
        found.append(Highlight("Clearest reaction", int(top["scene"]), names[top["scene"]], reason))
    least = min(known, key=lambda row: float(row["attention"]))
    if _stands_out(known, "attention", LESS_ATTENTION):
        seen = words.viewers(int(least["viewers"]))
        between = words.interval(least["attention_low"], least["attention_high"])
        reason = f"faces turned to the screen {least['attention']:.0f}% of the time"
        reason += f" (95% interval {between}), {seen}" if between else f", {seen}"
        found.append(Highlight("Lowest attention", int(least["scene"]), names[least["scene"]], reason))
    low = min(known, key=lambda row: float(row["valence"]))
    if _stands_out(known, "valence", LESS_PLEASANT):
        seen = words.viewers(int(low["viewers"]))
        reason = f"mood {words.mood(low['valence'])}{words.mood_interval(low)}, {seen}"
        found.append(Highlight("Least pleasant", int(low["scene"]), names[low["scene"]], reason))
    return found


def _stands_out(scenes: list[Row], figure: str, by: float) -> bool:
    """Whether the lowest scene lies ``by`` or more under the average: the lowest of equals means nothing."""
    values = [float(row[figure]) for row in scenes]
    return sum(values) / len(values) - min(values) >= by
