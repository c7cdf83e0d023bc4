"""Which scenes are pointed out, and when none is."""

from __future__ import annotations

import pandas as pd

from dashboard.highlights import highlights


def scenes(attention: list[float], valence: list[float]) -> pd.DataFrame:
    rows = [
        {
            "scene": number,
            "name": f"Scene {number}",
            "viewers": 20,
            "attention": one,
            "attention_low": one - 4,
            "attention_high": one + 3,
            "valence": other,
            "valence_low": other - 0.1,
            "valence_high": other + 0.1,
        }
        for number, (one, other) in enumerate(zip(attention, valence, strict=True), start=1)
    ]
    return pd.DataFrame(rows)


def reactions(shares: dict[tuple[int, str], int]) -> pd.DataFrame:
    rows = [
        {
            "scene": scene,
            "emotion": emotion,
            "viewers": 20,
            "showing": showing,
            "share": showing * 5.0,
            "share_low": showing * 4.0,
            "share_high": showing * 6.0,
        }
        for (scene, emotion), showing in shares.items()
    ]
    return pd.DataFrame(rows)


def test_three_reasons_to_look() -> None:
    found = highlights(
        scenes([90, 90, 60], [0.2, -0.5, 0.2]),
        reactions({(1, "happy"): 15, (2, "sad"): 9, (3, "neutral"): 20}),
    )
    assert [(one.title, one.scene) for one in found] == [
        ("Clearest reaction", 1),
        ("Lowest attention", 3),
        ("Least pleasant", 2),
    ]
    assert found[0].reason == "15 of 20 viewers looked happy (95% interval 60–90%)"
    assert found[1].reason == "faces turned to the screen 60% of the time (95% interval 56–63%), 20 viewers"
    assert found[2].reason == "mood mostly unpleasant (−0.50), 95% interval −0.60 to −0.40, 20 viewers"
    assert all("20 viewers" in one.reason for one in found)


def test_the_lowest_of_equals_is_not_pointed_out() -> None:
    assert highlights(scenes([87, 87.2, 87.1], [0.1, 0.12, 0.11]), reactions({(1, "happy"): 0})) == []


def test_one_scene_has_nothing_to_be_compared_with() -> None:
    assert highlights(scenes([50], [0.0]), reactions({(1, "happy"): 9})) == []


def test_scenes_left_out_are_not_compared() -> None:
    known = scenes([90, 50, 90], [0.2, 0.1, 0.1])
    known.loc[1, ["viewers", "attention", "valence"]] = float("nan")
    assert "Lowest attention" not in [one.title for one in highlights(known, reactions({(1, "happy"): 9}))]
