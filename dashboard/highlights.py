"""Which scenes to look at first: pure, from the scene tables."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard import words


@dataclass(frozen=True)
class Highlight:
    """One scene worth a look, and why, in words that carry their n."""

    title: str
    scene: int
    name: str
    reason: str


def highlights(scenes: pd.DataFrame, reactions: pd.DataFrame) -> list[Highlight]:
    """At most three: the clearest reaction, the lowest attention, the least pleasant scene.

    None when fewer than two scenes have figures: there is nothing to compare.
    """
    known = scenes.dropna(subset=["viewers", "attention", "valence"])
    if len(known) < 2:
        return []
    found = []
    felt = reactions[(reactions["emotion"] != "neutral") & (reactions["showing"] > 0)]
    if len(felt):
        top = felt.loc[felt["share"].astype(float).idxmax()]
        found.append(
            _highlight("Clearest reaction", known, int(top["scene"]), words.looked(int(top["showing"]), int(top["viewers"]), str(top["emotion"])))
        )
    least = known.loc[known["attention"].astype(float).idxmin()]
    found.append(
        _highlight(
            "Lowest attention",
            known,
            int(least["scene"]),
            f"facing the screen {least['attention']:.0f}% of the time, {words.viewers(int(least['viewers']))}",
        )
    )
    low = known.loc[known["valence"].astype(float).idxmin()]
    found.append(
        _highlight(
            "Least pleasant",
            known,
            int(low["scene"]),
            f"mood {words.signed(low['valence'])} on a scale from −1 to +1, {words.viewers(int(low['viewers']))}",
        )
    )
    return found


def _highlight(title: str, scenes: pd.DataFrame, number: int, reason: str) -> Highlight:
    return Highlight(title, number, str(scenes.loc[scenes["scene"] == number, "name"].iloc[0]), reason)
