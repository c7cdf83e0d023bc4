"""Charts, read as the Vega-Lite that the browser gets, and their geometry."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest
import vl_convert

from analytics.serving import Serving
from contract.emotions import EMOTIONS
from dashboard import scene_charts, timeline
from dashboard.arc import arc, arc_series, ends
from dashboard.data import Published, ScreeningData, choices, timecoder
from dashboard.multiples import multiple, top_of
from dashboard.series import series, within
from dashboard.theme import INK
from tests.dashboard.handmade_store import SCENES, build_store

INK_COLOUR = INK["light"]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> ScreeningData:
    return ScreeningData(Published(Serving(build_store(tmp_path_factory.mktemp("store"))), "1"), "premiere")


def drawn_timeline(shown: ScreeningData, **changes: Any) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "emotions": ["fear", "happy"], "measure": "share", "selected": 2, "subtitle": "n = 41 viewers",
        "timecode": timecoder("24", "01:00:00:00"), "ink": INK_COLOUR,
    }  # fmt: skip
    settings.update(changes)
    chart = timeline.timeline(series(shown.timeline, settings["measure"]), shown.scenes, **settings)
    result: dict[str, Any] = chart.to_dict(validate=True)
    return result


def rows_with(spec: dict[str, Any], *columns: str) -> list[list[dict[str, Any]]]:
    """The data sets of ``spec`` that have these columns."""
    return [rows for rows in spec["datasets"].values() if rows and set(columns) <= set(rows[0])]


def test_timeline_draws_only_the_chosen_emotions(shown: ScreeningData) -> None:
    (lines,) = rows_with(drawn_timeline(shown), "level", "segment")
    assert {row["emotion"] for row in lines} == {"fear", "happy"}


def test_timeline_without_emotions_still_offers_its_scenes(shown: ScreeningData) -> None:
    spec = drawn_timeline(shown, emotions=[])
    (hits,) = rows_with(spec, "scene", "time")
    assert {row["scene"] for row in hits} == {1, 2, 3, 4, 5, 6}


def test_timeline_has_the_scene_selection_and_says_its_n(shown: ScreeningData) -> None:
    spec = drawn_timeline(shown)
    assert timeline.SCENE_PARAM in {param["name"] for param in spec["params"]}
    assert spec["title"]["subtitle"] == ["n = 41 viewers"]


def test_timeline_is_the_same_for_the_same_figures(shown: ScreeningData) -> None:
    assert drawn_timeline(shown) == drawn_timeline(shown)


def test_tooltip_has_timecode_scene_and_interval(shown: ScreeningData) -> None:
    (hits,) = rows_with(drawn_timeline(shown), "scene", "time")
    hit = next(row for row in hits if row["t_ms"] == 13_000)
    assert hit["time"] == "0:13 (01:00:13:00)"
    assert hit["where"] == "2 · The dinner joke"
    assert hit["happy"].startswith("31 of 41 (76%, 95% interval ")
    assert hit["watching"] == "41 viewers"


def test_scene_boundaries_are_half_open(shown: ScreeningData) -> None:
    (hits,) = rows_with(drawn_timeline(shown), "scene", "time")
    by_time = {row["t_ms"]: row["scene"] for row in hits}
    assert (by_time[7_000], by_time[8_000]) == (1, 2)


def test_scene_without_figures_can_be_chosen(shown: ScreeningData) -> None:
    only_first = shown.timeline[shown.timeline["t_ms"] < 8_000]
    hits = timeline.hit_areas(
        series(only_first, "share"), shown.scenes, ["happy"], "share", timecoder("24", "00:00:00:00")
    )
    assert set(hits["scene"]) == {1, 2, 3, 4, 5, 6}
    assert set(hits[hits["scene"] == 6]["watching"]) == {"too few viewers to show"}


def test_band_labels_fit_or_give_way_to_the_number() -> None:
    named = [
        ("A name much too long for a short scene", 0, 4_000),
        ("Feast", 4_000, 100_000),
        ("Blink", 100_000, 100_500),
    ]
    rows = [(number, *scene) for number, scene in enumerate(named, start=1)]
    bands = timeline.scene_bands(pd.DataFrame(rows, columns=["scene", "name", "start_ms", "end_ms"]), 2)
    assert list(bands["selected"]) == [False, True, False]
    for width, shown_names in ((2000, {"A name much …", "Feast", "1", "2"}), (400, {"Feast", "1", "2"})):
        layers = timeline.band_names(bands, INK_COLOUR)
        drawn = vl_convert.vegalite_to_svg(
            alt.LayerChart(layer=layers).properties(width=width).to_dict(validate=True)
        )
        assert set(re.findall(r">([^<>]*(?:name|Feast|Blink)[^<>]*|[123])</text>", drawn)) == shown_names, (
            width
        )


def test_a_stretch_shows_its_own_seconds_and_the_scenes_in_it(shown: ScreeningData) -> None:
    lines = series(within(shown.timeline, 15_000, 31_000), "share")
    chart = timeline.timeline(
        lines, shown.scenes, emotions=["happy"], measure="share", selected=2, subtitle="n = 41 viewers",
        timecode=timecoder("24", "00:00:00:00"), ink=INK_COLOUR, stretch=(15_000, 31_000), uncertainty=True,
        moment_ms=20_000,
    ).to_dict(validate=True)  # fmt: skip
    (x,) = (scale for scale in vl_convert.vegalite_to_vega(chart)["scales"] if scale["name"] == "x")
    assert (x["domain"], x["zero"]) == ([15_000, 31_000], False)
    (bands,) = rows_with(chart, "shade")
    assert [(row["start_ms"], row["end_ms"]) for row in bands] == [
        (15_000, 19_000), (19_000, 29_000), (29_000, 31_000),
    ]  # fmt: skip
    (drawn,) = rows_with(chart, "level", "segment")
    levels = {row["mid_ms"]: row["level"] for row in drawn}
    assert set(levels) == {500 + 1000 * second for second in range(15, 31)}
    (banded,) = rows_with(chart, "level_low")
    assert all(row["level_low"] <= levels[row["mid_ms"]] <= row["level_high"] for row in banded)


def test_lines_near_nothing_have_no_band(shown: ScreeningData) -> None:
    lines = series(shown.timeline, "share")
    chart = timeline.timeline(
        lines, shown.scenes, emotions=["happy", "fear"], measure="share", selected=None, subtitle="n",
        timecode=timecoder("24", "00:00:00:00"), ink=INK_COLOUR, uncertainty=True,
    ).to_dict(validate=True)  # fmt: skip
    (drawn,) = rows_with(chart, "level", "segment")
    (banded,) = rows_with(chart, "level_low")
    high = {(row["emotion"], row["mid_ms"]) for row in drawn if row["level"] >= timeline.BANDED}
    assert {(row["emotion"], row["mid_ms"]) for row in banded} == high
    assert 0 < len(high) < len(drawn)
    # Two laughs with a quiet stretch between them: a band may not bridge it.
    assert len({row["segment"] for row in banded if row["emotion"] == "happy"}) == 2


def test_a_moment_is_marked_in_the_stretch(shown: ScreeningData) -> None:
    lines = series(within(shown.timeline, 15_000, 31_000), "share")
    chart = timeline.timeline(
        lines, shown.scenes, emotions=["happy"], measure="share", selected=2, subtitle="n",
        timecode=timecoder("24", "00:00:00:00"), ink=INK_COLOUR, stretch=(15_000, 31_000), moment_ms=20_000,
    ).to_dict(validate=True)  # fmt: skip
    assert rows_with(chart, "at_ms") == [[{"at_ms": 20_500}]]


def test_the_strip_of_the_whole_film_marks_the_stretch(shown: ScreeningData) -> None:
    lines = series(shown.timeline, "share")
    spec = timeline.overview(lines, shown.scenes, ["happy"], (10_000, 20_000), INK_COLOUR).to_dict(
        validate=True
    )
    assert [{"start_ms": 10_000, "end_ms": 20_000}] in spec["datasets"].values()
    assert {param["name"] for param in spec["params"]} == {timeline.STRETCH_PARAM}
    assert "<svg" in vl_convert.vegalite_to_svg({**spec, "width": 600})


def test_the_arc_has_a_band_only_where_an_interval_is_known(shown: ScreeningData) -> None:
    bare = shown.seconds.drop(columns=["valence_low", "valence_high"], errors="ignore")
    known = bare.assign(valence_low=bare["valence"] - 0.1, valence_high=bare["valence"] + 0.1)
    for seconds, banded in ((bare, False), (known, True)):
        frame, smoothed_ms = arc_series(seconds)
        assert smoothed_ms == 7_000
        spec = arc(
            frame, shown.scenes, subtitle="n", ink=INK_COLOUR, timecode=timecoder("24", "00:00:00:00")
        ).to_dict(validate=True)
        assert any(layer["mark"]["type"] == "area" for layer in spec["layer"]) is banded
        if banded:
            assert (frame["low"] < frame["valence"]).all()
            assert (frame["valence"] < frame["high"]).all()


def test_many_scenes_are_ranked_from_both_ends() -> None:
    scenes = pd.DataFrame(
        {"scene": range(1, 41), "valence": [number / 40 for number in range(40)], "name": "x"}
    )
    assert [row["scene"] for row in ends(scenes, 6)] == [40, 39, 38, 3, 2, 1]
    assert len(ends(scenes.head(4), 6)) == 4


def test_multiples_share_one_height(shown: ScreeningData) -> None:
    lines = [
        series(within(shown.timeline, start, end), "share") for start, end in ((0, 8_000), (8_000, 19_000))
    ]
    top = top_of(lines, ["happy"])
    assert top == 100
    for line, (start, end) in zip(lines, ((0, 8_000), (8_000, 19_000)), strict=True):
        spec = multiple(
            line, ["happy"], title="t", subtitle="s", start_ms=start, end_ms=end, top=top, unit="%"
        ).to_dict(validate=True)
        assert "<svg" in vl_convert.vegalite_to_svg(spec)
        assert {row["mid_ms"] // 1000 for row in rows_with(spec, "level", "segment")[0]} == set(
            range(start // 1000, end // 1000)
        )


def test_seven_corners_go_clockwise_from_the_top() -> None:
    assert scene_charts.corner(0, 1.0) == pytest.approx((0.0, 1.0))
    x, y = scene_charts.corner(1, 1.0)
    assert x > 0
    assert y > 0
    assert all(math.hypot(*scene_charts.corner(index, 0.5)) == pytest.approx(0.5) for index in range(7))


def test_polygon_is_closed_and_stays_inside() -> None:
    outline = scene_charts.polygon([10, 0, 200, 5, 5, 5, 5], top=100)
    first, last = outline.iloc[0], outline.iloc[-1]
    assert (first["x"], first["y"]) == (last["x"], last["y"])
    assert max(math.hypot(row["x"], row["y"]) for row in outline.to_dict("records")) == pytest.approx(1.0)


@pytest.mark.parametrize("measure", ["share", "mean"])
def test_radar_and_bars_of_a_scene(shown: ScreeningData, measure: str) -> None:
    scene = shown.reactions_of(2)
    average = scene_charts.average_scene(shown.reactions, measure)
    drawn = scene_charts.radar(
        scene, average, measure=measure, subtitle="n = 41 viewers\nsimulated", ink=INK_COLOUR
    ).to_dict(validate=True)
    assert drawn["title"]["subtitle"] == ["n = 41 viewers", "simulated"]
    bars = scene_charts.bars(
        scene, average, measure=measure, subtitle="n = 41 viewers", ink=INK_COLOUR
    ).to_dict(validate=True)
    (rows,) = rows_with(bars, "low", "high", "text")
    assert [row["emotion"] for row in rows] == list(EMOTIONS)
    assert all(row["low"] <= row["value"] <= row["high"] for row in rows)
    if measure == "share":
        assert next(row["text"] for row in rows if row["emotion"] == "happy").startswith("31 of 41  (")


def test_radar_in_words(shown: ScreeningData) -> None:
    said = scene_charts.alternative("2 The dinner joke", shown.reactions_of(2), "share")
    assert said.startswith("Radar of scene 2 The dinner joke: ")
    assert "happy 76%" in said


def test_a_single_viewer_has_no_interval_of_the_mean(shown: ScreeningData) -> None:
    alone = shown.reactions_of(2).assign(mean_low=float("nan"), mean_high=float("nan"), viewers=1)
    bars = scene_charts.bars(alone, None, measure="mean", subtitle="n = 1 viewer", ink=INK_COLOUR).to_dict(
        validate=True
    )
    (rows,) = rows_with(bars, "low", "high", "text")
    assert all("(" not in row["text"] for row in rows)


def test_one_scene_has_no_average() -> None:
    one = pd.DataFrame([{"scene": 1, "emotion": "happy", "share": 50.0}])
    assert scene_charts.average_scene(one, "share") is None


def test_choices_of_a_store(tmp_path: Path) -> None:
    (choice,) = choices(Serving(build_store(tmp_path)), str(tmp_path), "1")
    assert (choice.title, choice.screening, choice.viewers, choice.simulated) == (
        "The Last Matinee",
        "premiere",
        41,
        40,
    )
    assert choice.timecode(SCENES[1][1]) == "01:00:08:00"
