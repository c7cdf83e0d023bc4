from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.exports.markers import (
    DIP,
    LOW_ATTENTION,
    SCENE,
    SPLIT,
    Marker,
    least_attention,
    markers,
    one_a_frame,
    place,
)
from contract.film_time import FrameRate, format_timecode, frame_to_ms
from tests.analytics.exports.made import a_film, dip, figures, placed, scene, second, shown, split, withheld


def _notes(found: list[Marker]) -> dict[str, str]:
    return {one.name: one.note for one in found}


def test_every_scene_with_figures_and_every_peak_has_a_marker_in_film_order() -> None:
    found = markers(a_film())
    assert [(one.name, one.kind, one.start_ms, one.end_ms) for one in found] == [
        ("Scene 1: Opening", SCENE, 0, 60_000),
        ("Scene 2: Kitchen", SCENE, 60_000, 120_000),
        ("Peak: 26 of 42 happy", "happy", 70_000, 78_000),
        ("Scene 3: Cellar", SCENE, 120_000, 180_000),
        ("Peak: 18 of 42 afraid", "fear", 150_000, 153_000),
        ("Scene 4: Speech", LOW_ATTENTION, 180_000, 240_000),
    ]
    assert [one.name for one in markers(a_film(), most_peaks=0)] == [
        f"Scene {number}: {name}"
        for number, name in enumerate(("Opening", "Kitchen", "Cellar", "Speech"), start=1)
    ]


def test_the_notes_are_sentences_with_their_n() -> None:
    notes = _notes(markers(a_film()))
    assert notes["Scene 1: Opening"] == (
        "Opening: nothing stood out, at most 3 of 42 viewers showed any one emotion; facing the screen 90% of the time"
    )
    assert notes["Scene 2: Kitchen"] == (
        "Kitchen: 28 of 42 viewers looked happy (95% interval 52–79%), up from 3 a scene earlier; "
        "facing the screen 90% of the time; most pleasant of the film"
    )
    assert notes["Scene 4: Speech"] == (
        "Speech: nothing stood out, at most 3 of 42 viewers showed any one emotion; "
        "facing the screen 60% of the time, lowest of the film"
    )
    assert notes["Peak: 26 of 42 happy"] == (
        "Kitchen: at its height 26 of 42 viewers looked happy (62%, 95% interval 47–75%; "
        "7% on average over the film), for 8 s"
    )


def test_few_viewers_are_flagged_in_every_note() -> None:
    few = figures(
        about=shown(viewers=7),
        scenes=[scene(1, "One", 0, 60, {"sad": 5}, viewers=7)],
        seconds=[second(at, {"sad": 7 if 20 <= at < 24 else 0}, viewers=7) for at in range(60)],
    )
    found = markers(few)
    assert len(found) == 2
    assert all("few viewers: a hint, not a finding" in one.note for one in found)


def test_a_simulated_audience_is_called_so_in_every_note() -> None:
    film = a_film()
    told = figures(about=shown(simulated=40), scenes=film.scenes, seconds=film.seconds)
    assert all(one.note.endswith("(40 of 42 viewers simulated)") for one in markers(told))


def test_a_scene_whose_strongest_rise_is_neutral_is_told_by_what_most_showed() -> None:
    calm = figures(
        scenes=[scene(1, "One", 0, 60, {"neutral": 30, "sad": 12, "happy": 3}, strongest="neutral")]
    )
    (found,) = markers(calm)
    assert "12 of 42 viewers looked sad" in found.note
    assert found.emotion == "sad"


def test_a_dip_and_a_split_have_a_marker_that_says_how_many() -> None:
    film = a_film()
    told = figures(scenes=film.scenes, moments=[split(100, 104, 30, 11), dip(190, 202, 15)])
    found = [one for one in markers(told) if one.kind in {DIP, SPLIT}]
    assert [(one.kind, one.name, one.start_ms, one.end_ms) for one in found] == [
        (SPLIT, "The audience splits: 30 of 42", 100_000, 104_000),
        (DIP, "Attention dips: 15 of 42", 190_000, 202_000),
    ]
    assert found[0].note == (
        "Kitchen: at its height 30 of 42 viewers moved apart, 19 more pleased than usual and 11 less, for 4 s"
    )
    assert found[1].note == (
        "Speech: at its height 15 of 42 viewers looked away more than they usually do (95% interval 23–51%), for 12 s"
    )
    assert not [one for one in markers(told, most_peaks=0) if one.kind in {DIP, SPLIT}]


def test_the_lowest_of_equals_is_not_called_lowest() -> None:
    even = [scene(n, f"S{n}", 60 * n, 60 * n + 60, attention=88.0 + n / 10) for n in range(1, 5)]
    assert least_attention(figures(scenes=even)) is None
    assert least_attention(figures(scenes=even[:1])) is None


def test_a_scene_is_compared_with_the_one_before_it_only_if_that_has_figures() -> None:
    (found,) = markers(figures(scenes=[withheld(1, "One", 0, 60), scene(2, "Two", 60, 120, {"happy": 20})]))
    assert "earlier" not in found.note


def test_a_peak_between_scenes_says_so() -> None:
    found = markers(figures(seconds=[second(at, {"happy": 30 if 20 <= at < 24 else 1}) for at in range(60)]))
    assert found[0].note.startswith("Between scenes: at its height 30 of 42 viewers looked happy")


@given(
    st.sampled_from(["24", "25", "24000/1001", "30000/1001df", "60000/1001df", "50"]),
    st.integers(0, 200_000),
    st.integers(1, 5_000),
)
def test_a_scene_lies_on_the_frames_it_was_imported_from(text: str, first: int, frames: int) -> None:
    rate = FrameRate.parse(text)
    start = "01:00:00;00" if rate.drop_frame else "01:00:00:00"
    told = Marker(frame_to_ms(first, rate), frame_to_ms(first + frames, rate), SCENE, "n", "note", 42)
    listed = place(figures(about=shown(rate=text, start=start)), [told])
    (one,) = listed.markers
    assert (one.frame, one.frames) == (first, frames)
    assert listed.timecode(one.frame) == format_timecode(listed.start_frame + first, rate)
    assert listed.frames == first + frames


def test_drop_frame_timecode_follows_the_clock() -> None:
    told = Marker(60_060, 61_061, SCENE, "n", "note", 42)
    listed = place(figures(about=shown(rate="29.97df", start="01:00:00;00")), [told])
    assert (
        listed.timecode(listed.markers[0].frame) == "01:01:00;02"
    )  # 1800 frames in: ;00 and ;01 are skipped


def test_a_marker_lasts_a_frame_at_least() -> None:
    listed = place(figures(), [Marker(1000, 1001, SCENE, "n", "note", 42)])
    assert (listed.markers[0].frame, listed.markers[0].frames) == (25, 1)


def test_markers_of_one_frame_become_one_with_the_longest_length_and_the_telling_colour() -> None:
    one, two = (
        placed(50, 300, name="Scene 2", note="a"),
        placed(50, 75, kind="happy", name="Peak", note="b"),
    )
    merged = one_a_frame([placed(10), two, one])
    assert [(m.frame, m.frames, m.kind) for m in merged] == [(10, 1, SCENE), (50, 300, "happy")]
    assert {merged[1].name, merged[1].note} == {"Peak / Scene 2", "b / a"}


@pytest.mark.parametrize("count", [0, 1])
def test_one_a_frame_leaves_lists_alone_that_need_nothing(count: int) -> None:
    assert one_a_frame([placed(5)] * count) == [placed(5)] * count
