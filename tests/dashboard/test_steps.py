from __future__ import annotations

import json
from typing import Any

import pytest
import vl_convert

from dashboard import steps
from dashboard.frames import Row

NAMES = {1: "The joke", 2: "The corridor", 3: "The door"}
SCENES: list[Row] = [{"scene": number, "name": name} for number, name in NAMES.items()]


def step(scene: int, one: str, other: str, viewers: int, of: int = 41) -> Row:
    return {
        "scene": scene,
        "next_scene": scene + 1,
        "emotion": one,
        "next_emotion": other,
        "viewers": viewers,
        "of": of,
    }


STEPS = steps.with_shares(
    [
        step(1, "happy", "fear", 22),
        step(1, "happy", "happy", 10),
        step(1, "other", "other", 9),
        step(2, "fear", "sad", 14),
        step(2, "sad", "fear", 12),
        step(2, "other", "other", 15),
        step(3, "sad", "happy", 41),
    ],
    NAMES,
)
"""The last is of a scene that is no more."""


def chart(scenes: list[Row]) -> dict[str, Any]:
    return steps.step_chart(STEPS, scenes, subtitle="n = 41 viewers", ink="#22262B").to_dict(validate=True)


def test_a_step_is_told_with_its_n_and_its_interval() -> None:
    assert steps.sentence(STEPS[0], NAMES) == (
        "From “The joke” to “The corridor”, 22 of 41 viewers went from happy to afraid (95% interval 39–68%)."
    )
    assert [steps.way(row) for row in STEPS[1:3]] == [
        "stayed happy",
        "went ways that too few shared to be told apart",
    ]


def test_ways_told_together_have_no_interval() -> None:
    together = STEPS[2]
    assert together["share"] == pytest.approx(100 * 9 / 41)
    assert together["share_low"] != together["share_low"]


def test_what_as_many_did_the_other_way_round_is_no_clear_change() -> None:
    assert [(row["scene"], row["next_emotion"]) for row in steps.clearest(STEPS, 3)] == [(1, "fear")]


def test_the_other_way_may_be_all_that_is_told_together() -> None:
    """26% at least went this way, and 29% may have gone the other."""
    for others, found in ((12, []), (5, [16])):
        told = [step(1, "sad", "happy", 16), step(1, "other", "other", others)]
        told.append(step(1, "happy", "happy", 25 - others))
        assert [row["viewers"] for row in steps.clearest(steps.with_shares(told, NAMES), 3)] == found


def test_the_chart_has_a_line_a_way_as_wide_as_its_share() -> None:
    spec = chart(SCENES)
    assert "<svg" in vl_convert.vegalite_to_svg(spec)
    (points,) = [rows for rows in spec["datasets"].values() if rows and "share" in rows[0]]
    assert len(points) == 4 * len(STEPS)
    assert {(row["step"], round(row["share"])) for row in points} >= {
        ("1 happy fear", 54),
        ("2 other other", 37),
    }
    axis = next(
        layer["encoding"]["y"]["axis"] for layer in spec["layer"] if "axis" in layer["encoding"].get("y", {})
    )
    assert json.loads(axis["labelExpr"].removesuffix("[datum.value]")) == [
        "Happy",
        "Sad",
        "Afraid",
        "Others, together",
    ]
    (numbers,) = [
        rows for rows in spec["datasets"].values() if rows and set(rows[0]) == {"place", "lane", "text"}
    ]
    assert [row["text"] for row in numbers] == ["22", "14"]


def test_a_part_of_the_film_has_its_own_steps_alone() -> None:
    (points,) = [rows for rows in chart(SCENES[1:])["datasets"].values() if rows and "share" in rows[0]]
    assert {row["where"] for row in points} == {"scene 2 to 3"}


def test_the_table_has_every_step() -> None:
    table = steps.table(STEPS, NAMES)
    assert list(table["How many"]) == [f"{row['viewers']} of 41 viewers" for row in STEPS]
    assert list(table["To"])[:3] == ["Afraid", "Happy", "Others, together"]
    assert table["95% interval"].iloc[2] == ""
    assert table["From scene"].iloc[3] == "2 · The corridor"
