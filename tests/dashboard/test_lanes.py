"""What lies over the timeline's plot: nothing covers anything, whatever the film."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pandas as pd
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as some

from dashboard.lanes import LANE_PX, lane_of, moment_bars, subtitle_bars
from dashboard.line_names import Plot, line_names
from dashboard.pictures import WIDTH_PX, chosen, picture_lane
from dashboard.theme import Drawing

INK = "#22262B"
SPANS = some.lists(some.tuples(some.integers(0, 500), some.integers(1, 90)), max_size=40)


def moment(kind: str, start_ms: int, end_ms: int) -> dict[str, object]:
    return {
        "kind": kind, "start_ms": start_ms, "end_ms": end_ms, "showing": 18, "viewers": 42, "displeased": 9,
        "share_low": 29.0, "share_high": 58.0,
    }  # fmt: skip


@given(SPANS)
def test_nothing_covers_anything_and_no_lane_is_wasted(spans: list[tuple[int, int]]) -> None:
    laid = sorted((start, start + length) for start, length in spans)
    lanes = lane_of(laid)
    for lane in set(lanes):
        inside = [span for span, at in zip(laid, lanes, strict=True) if at == lane]
        assert all(before[1] <= after[0] for before, after in pairwise(inside))
    deepest = max((sum(a <= at < b for a, b in laid) for at, _ in laid), default=0)
    assert len(set(lanes)) == deepest


def test_moments_at_the_same_time_lie_in_lanes_of_their_own() -> None:
    moments = pd.DataFrame(
        [moment("dip", 0, 12_000), moment("tears", 5_000, 15_000), moment("laugh", 12_000, 20_000)]
    )
    layers, pixels = moment_bars(moments, 0, 20_000, INK, above_px=7)
    assert pixels == 2 * LANE_PX
    spec = Drawing(layer=layers).properties(width=600).to_dict(validate=True)
    tops = {
        row["text"]: layer["encoding"]["y"]["value"]
        for layer in spec["layer"]
        if "y2" in layer["encoding"]
        for row in spec["datasets"][layer["data"]["name"]]
    }
    assert tops == {"dip": -7 - 2 * LANE_PX, "laugh": -7 - 2 * LANE_PX, "tears": -7 - LANE_PX}


def test_two_voices_at_once_lie_in_lanes_of_their_own() -> None:
    lines = pd.DataFrame(
        [(0, 4_000, "Who is there?"), (3_000, 6_000, "Nobody.")], columns=["start_ms", "end_ms", "text"]
    )
    layers, pixels = subtitle_bars(lines, 1_000, 10_000, INK, above_px=0)
    assert pixels == 2 * LANE_PX
    spec = Drawing(layer=layers).properties(width=800).to_dict(validate=True)
    assert "Who is there?" in vl_convert.vegalite_to_svg(spec)
    assert min(row["start_ms"] for rows in spec["datasets"].values() for row in rows) == 1_000


@given(
    some.lists(some.tuples(some.integers(1, 1000), some.integers(1, 100)), min_size=1, max_size=30),
    some.integers(100, 1400),
)
def test_pictures_do_not_cover_one_another_and_there_is_always_one(
    scenes: list[tuple[int, int]], width: int
) -> None:
    scenes.sort()
    middles, weights = [at / 1000 for at, _ in scenes], [float(weight) for _, weight in scenes]
    found = chosen(middles, weights, width)
    assert found
    places = [min(max(middles[at] * width, WIDTH_PX / 2), width - WIDTH_PX / 2) for at in found]
    assert all(after - before >= WIDTH_PX for before, after in pairwise(places))
    assert max(weights) <= sum(weights[at] for at in found)


def test_the_chosen_scene_keeps_its_picture_among_many() -> None:
    middles = [(at + 0.5) / 150 for at in range(150)]
    assert len(chosen(middles, [1.0] * 150, 500)) == 6
    for selected in (0, 77, 149):
        weights = [1.0 + 150 * (at == selected) for at in range(150)]
        assert selected in chosen(middles, weights, 500)


def pictures(count: int, width: int, selected: int | None = None) -> list[str]:
    """The scenes whose pictures a plot of ``width`` pixels draws."""
    rows = [(at + 1, f"Scene {at + 1}", 10_000 * at, 10_000 * (at + 1)) for at in range(count)]
    scenes = pd.DataFrame(rows, columns=["scene", "name", "start_ms", "end_ms"])
    addresses = {at + 1: f"data:image/jpeg;base64,{at + 1}" for at in range(count)}
    layers, height = picture_lane(scenes, addresses, selected, INK, stretch=(0, 10_000 * count), above_px=20)
    assert height > 0
    drawn = vl_convert.vegalite_to_svg(Drawing(layer=layers).properties(width=width).to_dict(validate=True))
    return re.findall(r'xlink:href="data:image/jpeg;base64,(\d+)"', drawn)


def test_a_wide_page_shows_more_pictures_than_a_tablet() -> None:
    assert pictures(3, 500) == ["1", "2", "3"]
    assert len(pictures(60, 500)) == 6
    assert len(pictures(60, 1000)) == 12
    assert "31" in pictures(60, 500, selected=31)


def test_without_pictures_there_is_no_lane() -> None:
    scenes = pd.DataFrame([(1, "One", 0, 1000)], columns=["scene", "name", "start_ms", "end_ms"])
    assert picture_lane(scenes, {}, None, INK, stretch=(0, 1000), above_px=0) == ([], 0)


def lines(**levels: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"emotion": emotion, "mid_ms": 1000 * at + 500, "level": level}
            for emotion, course in levels.items()
            for at, level in enumerate(course)
        ]
    )


def test_names_of_lines_that_are_high_together_do_not_cover_one_another() -> None:
    flat = lines(angry=[0.0] * 60, disgust=[0.0] * 60, happy=[0.0] * 60)
    named = line_names(flat, Plot(0, 60_000, 25))
    assert len(named) == 3
    gaps = sorted(named["mid_ms"].diff().abs().dropna() / 60_000 * 500)
    assert gaps[0] > 40, "a word's width"


def test_a_name_is_at_its_lines_height_and_under_it_near_the_top() -> None:
    named = line_names(
        lines(happy=[0, 10, 40, 40, 40, 10, 0], sad=[5, 5, 5, 5, 5, 5, 24]), Plot(0, 7_000, 42)
    )
    at = {
        row["emotion"]: (row["mid_ms"], row["inside"]) for row in json.loads(named.to_json(orient="records"))
    }
    assert at["happy"] == (3_500, True)
    assert at["sad"][0] == 6_500 or at["sad"][1] is False


@pytest.mark.parametrize("count", [1, 2])
def test_a_short_line_is_named_all_the_same(count: int) -> None:
    assert list(line_names(lines(fear=[30.0] * count), Plot(0, 1000 * count, 50))["name"]) == ["afraid"]


def test_no_lines_no_names() -> None:
    assert line_names(lines(fear=[30.0]).head(0), Plot(0, 1000, 50)).empty
