"""Figures in plain words, each with its n."""

from __future__ import annotations

import pytest

from dashboard import words


def row(emotion: str, showing: int, viewers: int = 42) -> dict[str, object]:
    return {"emotion": emotion, "showing": showing, "viewers": viewers, "share_low": 29.4, "share_high": 57.6}


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "0:00"), (65_900, "1:05"), (3_600_000, "1:00:00"), (7_384_000, "2:03:04")]
)
def test_clock(ms: int, text: str) -> None:
    assert words.clock(ms) == text


def test_headline_names_the_strongest_two() -> None:
    rows = [row("happy", 18), row("sad", 9), row("neutral", 40), row("fear", 1)]
    assert words.headline(rows) == "18 of 42 viewers looked happy here; 9 looked sad."
    assert "29–58%" in words.headline_interval(rows)
    assert "95% interval, n = 42" in words.headline_interval(rows)


def test_headline_of_a_quiet_scene() -> None:
    rows = [row("happy", 2), row("neutral", 30)]
    assert (
        words.headline(rows)
        == "Nothing stood out here: at most 2 of 42 viewers showed any one emotion, neutral aside."
    )
    assert "95% interval" in words.headline_interval(rows)


def test_headline_without_any_emotion() -> None:
    assert (
        words.headline([row("happy", 0, 7)])
        == "None of 7 viewers showed a clear emotion here, beside neutral."
    )
    assert words.headline([row("happy", 0, 1)]) == "The one viewer showed no clear emotion here."
    assert words.headline_interval([row("happy", 0, 7)]) == ""


def test_headline_of_a_scene_left_out() -> None:
    assert words.headline([]).startswith("Too few viewers")


def test_one_viewer_is_singular() -> None:
    assert words.headline([row("surprise", 1, 1)]) == "1 of 1 viewer looked surprised here."


def test_every_emotion_has_a_word() -> None:
    from contract.emotions import EMOTIONS

    assert tuple(words.LOOKED) == EMOTIONS


def test_simulated_is_said_only_when_it_is() -> None:
    assert words.simulated(0, 41) == ""
    assert words.simulated(40, 41) == "simulated audience: 40 of 41 viewers drawn by a model"


def test_k() -> None:
    assert "k = 5" in words.threshold(5)
    assert "Single viewers are visible" in words.threshold(1)


def test_left_out() -> None:
    rows = [
        {"what": "second", "reason": "fewer_than_k", "cells": 1200, "viewers_most": 4},
        {"what": "scene", "reason": "fewer_than_k", "cells": 1, "viewers_most": 3},
    ]
    assert words.left_out(rows) == "Left out because too few viewers watched: 1,200 seconds and 1 scene."
    assert words.left_out([]) == "Nothing was left out."
    apart = [{"what": "second", "reason": "differencing", "cells": 3, "viewers_most": None}]
    assert words.left_out([*rows, *apart]).endswith(
        "Left out so that no viewer can be worked out: 3 seconds."
    )
    assert words.most_viewers(rows) == 4
    hidden = [
        {"what": "moment", "reason": "differencing", "cells": 1, "viewers_most": None},
        {"what": "attention", "reason": "differencing", "cells": 2, "viewers_most": None},
    ]
    assert words.left_out(hidden) == (
        "Left out so that no viewer can be worked out: attention in 2 seconds and 1 moment."
    )
    assert [words.left_out_row(one).partition(":")[0] for one in hidden] == [
        "1 moment",
        "attention in 2 seconds",
    ]


def test_what_was_left_out_is_told_in_its_number() -> None:
    row = {"what": "second", "reason": "differencing", "viewers_most": None}
    assert words.left_out_row({**row, "cells": 1}) == "1 second: with it, single viewers could be worked out"
    assert (
        words.left_out_row({**row, "cells": 2}) == "2 seconds: with them, single viewers could be worked out"
    )


@pytest.mark.parametrize("usual", [0.0, 0.3, 2.0, 9.5])
def test_how_many_react_in_any_second_is_told_from_the_strength(usual: float) -> None:
    showing, viewers = 18, 42
    share = max(usual / viewers, 1e-9)
    strength = (showing - share * viewers) / (share * (1 - share) * viewers) ** 0.5
    assert words.usual({"showing": showing, "viewers": viewers, "strength": strength}) == pytest.approx(
        usual, abs=1e-5
    )


def test_interval_of_nothing_is_empty() -> None:
    assert words.interval(float("nan"), 1.0) == ""
    assert words.interval(None, None) == ""


def test_few_viewers_are_flagged() -> None:
    assert "7 viewers" in words.few(7)
    assert words.few(words.FEW) == ""


@pytest.mark.parametrize(
    ("counts", "text"), [([], "0 viewers"), ([1, 1], "1 viewer"), ([41, 38], "38–41 viewers")]
)
def test_count_range(counts: list[int], text: str) -> None:
    assert words.count_range(counts) == text


@pytest.mark.parametrize(
    ("valence", "text"),
    [
        (0.4, "mostly pleasant (+0.40)"),
        (-0.4, "mostly unpleasant (−0.40)"),
        (-0.001, "mixed (0.00)"),
        (None, "unknown"),
    ],
)
def test_mood(valence: float | None, text: str) -> None:
    assert words.mood(valence) == text


@pytest.mark.parametrize(
    ("p", "chance", "counted"),
    [
        (0.0002, "under 0.001", "fewer than 1 of 100"),
        (0.005, "0.005", "fewer than 1 of 100"),
        (0.0451, "0.045", "5 of 100"),
    ],
)
def test_p(p: float, chance: str, counted: str) -> None:
    assert words.chance(p) == chance
    assert words.in_a_hundred(p) == counted


def test_no_p_is_unknown() -> None:
    assert words.chance(None) == words.chance(float("nan")) == "unknown"


def test_a_list_in_words() -> None:
    assert [words.listed(["a", "b", "c"][:count]) for count in (1, 2, 3)] == ["a", "a and b", "a, b and c"]
