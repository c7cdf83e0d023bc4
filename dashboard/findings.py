"""What the Film page says in sentences: pure, from the tables; nothing that an interval does not carry."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dashboard import words
from dashboard.frames import Row


def headline(scenes: Sequence[Row], reactions: Sequence[Row]) -> list[str]:
    """Two to four sentences. ``scenes``: rows of scenes.sql, ``reactions``: of dashboard_scene_reactions.sql."""
    names = {int(row["scene"]): f"“{row['name']}”" for row in scenes}
    felt = [row for row in reactions if row["emotion"] != "neutral" and row["scene"] in names]
    return [said for said in (_clearest(felt, names), _widest(felt, names), _moods(scenes)) if said]


def how_sure(viewers: int, simulated: int, k: int) -> list[str]:
    """How many viewers the figures stand for, and how far off a share may be with so many."""
    if not viewers:
        return []
    said = [
        (
            f"The figures stand for {words.viewers(viewers)}. With so many, a share of viewers is known to within "
            f"{words.margin(viewers)} percentage points at worst: read smaller differences with care."
        )
    ]
    if simulated == viewers:
        said.append(
            "Every viewer was drawn by a model: this tells how the tool works, nothing about your film."
        )
    elif simulated:
        said.append(
            f"{simulated} of them were drawn by a model, {viewers - simulated} "
            f"{'was' if viewers - simulated == 1 else 'were'} seen by a camera: "
            "this tells how the tool works, little about your film."
        )
    if viewers < words.FEW:
        said.append("So few viewers give hints, not findings.")
    said.append(
        "What is read is faces, not minds: a smile is not proof of joy, and a still face can be gripped."
        + (f" No figure stands for fewer than {k} viewers." if k > 1 else "")
    )
    return said


def _clearest(felt: Sequence[Row], names: dict[int, str]) -> str:
    top = max(felt, key=lambda row: float(row["share_low"]), default=None)
    if top is None:
        return ""
    looked = words.looked(int(top["showing"]), int(top["viewers"]), str(top["emotion"]))
    if top["showing"] < words.STANDS_OUT * top["viewers"]:
        return (
            f"No scene moved many faces: at most {words.many(int(top['showing']), int(top['viewers']))} showed any one "
            f"emotion, in {names[int(top['scene'])]}."
        )
    return (
        f"The clearest reaction came in {names[int(top['scene'])]}: {looked} "
        f"(95% interval {words.interval(top['share_low'], top['share_high'])})."
    )


def _widest(felt: Sequence[Row], names: dict[int, str]) -> str:
    """In how many scenes a quarter of the audience or more surely showed something."""
    if len(names) < 2 or not felt:
        return ""
    moved = {int(row["scene"]) for row in felt if row["share_low"] >= 25}
    known = len({int(row["scene"]) for row in felt})
    if not moved:
        return f"In none of the {known} scenes did a quarter of the audience surely show the same emotion."
    return f"In {len(moved)} of {known} scenes at least a quarter of the audience surely showed the same emotion."


def _moods(scenes: Sequence[Row]) -> str:
    known = [row for row in scenes if row["valence"] is not None and not math.isnan(row["valence"])]
    if len(known) < 2:
        return ""
    best, worst = (pick(known, key=lambda row: float(row["valence"])) for pick in (max, min))
    most, least = (f"mood {words.signed(one['valence'])}{words.mood_interval(one)}" for one in (best, worst))
    said = (
        f"Faces were most pleasant in “{best['name']}” ({most}) and least in “{worst['name']}” ({least}), "
        "on a scale from −1 to +1"
    )
    low, high = best["valence_low"], worst["valence_high"]
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return said + "."
    return said + ("." if high < low else "; the two intervals overlap, so even this order is not sure.")
