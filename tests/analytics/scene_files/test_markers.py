from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from analytics.errors import SceneListError
from tests.analytics.scene_files.samples import frames_ms, notes, read, times

RESOLVE = """\
TITLE: Rough 2
FCM: NON-DROP FRAME

001  001      V     C        01:00:00:00 01:00:00:01 01:00:00:00 01:00:00:01  
 |C:ResolveColorBlue |M:12 KITCHEN |D:1

002  001      V     C        01:00:10:00 01:00:10:01 01:00:10:00 01:00:10:01  
12 takes of a longer note |C:ResolveColorRed |M:13 STREET | NIGHT |D:100

003  001      V     C        01:01:00:05 01:01:00:06 01:01:00:05 01:01:00:06  
A note in place of a name |C:ResolveColorGreen |M: |D:1
"""  # noqa: W291  # Resolve leaves blanks at the end
RESOLVE_SCENES = [
    ("12 KITCHEN", 0, 10_000),
    ("13 STREET | NIGHT", 10_000, 14_000),
    ("A note in place of a name", 60_200, 90_000),
]


def test_resolves_markers_each_start_a_scene_and_one_with_a_duration_is_one(tmp_path: Path) -> None:
    found = read(tmp_path, RESOLVE, start="01:00:00:00", end_timecode="01:01:30:00")
    assert times(found) == RESOLVE_SCENES
    assert (found.format, found.notes) == ("DaVinci Resolve marker EDL", ())


def test_resolves_markers_as_other_programs_write_them(tmp_path: Path) -> None:
    text = (
        RESOLVE.replace("     ", " ").replace("|D:100", "|D:100 ").replace("\n\n", "\n").replace("\n", "\r\n")
    )
    assert times(read(tmp_path, text, start="01:00:00:00", end_timecode="01:01:30:00")) == RESOLVE_SCENES


def test_a_marker_without_its_event_or_its_line_is_named(tmp_path: Path) -> None:
    text = RESOLVE.replace("12 takes of a longer note |C:ResolveColorRed |M:13 STREET | NIGHT |D:100\n", "")
    text = text.replace("001  001", " |C:ResolveColorBlue |M:Lost |D:1\n001  001", 1)
    found = read(tmp_path, text, start="01:00:00:00", end_timecode="01:01:30:00")
    assert times(found) == [("12 KITCHEN", 0, 60_200), ("A note in place of a name", 60_200, 90_000)]
    assert notes(found) == [
        "line 4: a marker without an event above it: left out",
        "line 8: an event of one frame without its marker's line: left out",
    ]


def test_markers_on_one_frame_are_one_scene(tmp_path: Path) -> None:
    text = RESOLVE.replace("01:00:10:0", "01:00:00:0")
    found = read(tmp_path, text, start="01:00:00:00", end_timecode="01:01:30:00")
    assert times(found)[0] == ("13 STREET | NIGHT", 0, 4000)
    assert notes(found) == [
        "line 5: '12 KITCHEN' begins on the same frame as '13 STREET | NIGHT' on line 8: left out"
    ]


AVID = (
    "Editor\t01:00:00:00\tV1\tred\t12 KITCHEN\t1\n"
    "Editor\t01:00:10:00\tTC1\tgreen\t13 STREET\t100\t\tgreen\n"
    "\t01:01:00:05\tV2\tcyan\t14 ROOF,\nby night\t1\n"
    "Editor\t01:01:20:00\tV1\tblue\t\t1\n"
)
AVID_SCENES = [
    ("12 KITCHEN", 0, 10_000),
    ("13 STREET", 10_000, 14_000),
    ("14 ROOF, by night", 60_200, 80_000),
    ("Marker 4", 80_000, 90_000),
]


@pytest.mark.parametrize(
    "content",
    [
        AVID.encode(),
        AVID.replace("\n", "\r\n").encode("utf-16"),
        AVID.replace("\n", "\r").encode(),
        AVID.replace("\nEditor", "\n\n\nEditor").encode("utf-8-sig"),
        AVID.replace("Editor\t", "").encode(),
    ],
    ids=["plain", "UTF-16 of Windows", "old Mac", "blank lines", "without users"],
)
def test_avids_markers(tmp_path: Path, content: bytes) -> None:
    found = read(tmp_path, content, start="01:00:00:00", end_timecode="01:01:30:00")
    assert times(found) == AVID_SCENES
    assert (found.format, found.notes) == ("Avid markers", ())


def test_avids_markers_with_letters_of_windows(tmp_path: Path) -> None:
    text = AVID.replace("KITCHEN", "CUISINE D'ÉTÉ")
    found = read(tmp_path, text.encode("cp1252"), start="01:00:00:00", end_timecode="01:01:30:00")
    assert found.scenes[0].name == "12 CUISINE D'ÉTÉ"
    assert "not UTF-8: read as Windows text" in notes(found)[0]


def test_avids_markers_that_are_not_sound_are_named(tmp_path: Path) -> None:
    text = "Marker list of the day\n" + AVID.replace("01:00:10:00", "01:00:10:25")
    found = read(tmp_path, text, start="01:00:00:00", end_timecode="01:01:30:00")
    assert len(found.scenes) == 3
    assert notes(found) == [
        "line 1: no marker: its second cell is no timecode; left out",
        "line 3: expected frames 00 to 24 at 25, got '01:00:10:25': left out",
    ]


def test_avids_drop_frame_has_a_semicolon(tmp_path: Path) -> None:
    text = re.sub(r"(\d\d:\d\d:\d\d):(\d\d)", r"\1;\2", AVID)
    found = read(tmp_path, text, "29.97df", "01:00:00;00", end_timecode="01:01:30;00")
    assert (
        found.scenes[2].start_ms == frames_ms(1803, at="29.97df")[0]
    )  # two labels are skipped at the minute
    with pytest.raises(
        SceneListError, match="line 1: 01:00:00;00 is drop-frame timecode, but the rate is 25"
    ):
        read(tmp_path, text)
    with pytest.raises(
        SceneListError, match="line 1: its timecode is not drop-frame, but the rate is 30000/1001df"
    ):
        read(tmp_path, AVID, "29.97df")


PREMIERE = (
    "Marker Name\tDescription\tIn\tOut\tDuration\tMarker Type\t\n"
    "12 KITCHEN\tfirst version\t00:00:00:00\t00:00:00:00\t00:00:00:00\tComment\t\n"
    "\t13 STREET\t00:00:10:00\t00:00:14:00\t00:00:04:00\tChapter\t\n"
    "\t\t00:01:00:05\t00:01:00:05\t00:00:00:00\tComment\t\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_premieres_markers(tmp_path: Path, encoding: str) -> None:
    found = read(tmp_path, PREMIERE.encode(encoding), end_timecode="00:01:30:00")
    assert times(found) == [
        ("12 KITCHEN", 0, 10_000),
        ("13 STREET", 10_000, 14_000),
        ("Marker 3", 60_200, 90_000),
    ]
    assert (found.format, found.notes) == ("Premiere markers", ())


def test_premieres_drop_frame_has_semicolons_only(tmp_path: Path) -> None:
    found = read(tmp_path, re.sub(r"(?<=\d):", ";", PREMIERE), "29.97df", end_timecode="00:01:30;00")
    assert [scene.start_ms for scene in found.scenes] == list(frames_ms(0, 300, 1803, at="29.97df"))
    with pytest.raises(
        SceneListError, match="line 2: 00;00;00;00 is drop-frame timecode, but the rate is 25"
    ):
        read(tmp_path, re.sub(r"(?<=\d):", ";", PREMIERE))


def test_a_premiere_marker_without_a_time_is_named(tmp_path: Path) -> None:
    found = read(tmp_path, PREMIERE.replace("00:00:10:00", "soon"), end_timecode="00:01:30:00")
    assert len(found.scenes) == 2
    assert notes(found) == ["line 3: expected a timecode HH:MM:SS:FF, got 'soon': left out"]


@pytest.mark.parametrize("text", [AVID, RESOLVE, PREMIERE])
def test_markers_need_a_rate(tmp_path: Path, text: str) -> None:
    with pytest.raises(SceneListError, match="does not state its frame rate: give it, for example --rate 25"):
        read(tmp_path, text, None)


# Where the last scene ends


def test_the_last_marker_ends_where_it_is_said_or_else_with_the_cut(tmp_path: Path) -> None:
    def last(**said: Any) -> int:
        return read(tmp_path, AVID, start="01:00:00:00", **said).scenes[-1].end_ms

    assert last(end_timecode="01:01:40:00") == 100_000
    assert last(duration_ms=95_500) == 95_500
    assert last(end_timecode="01:01:40:00", duration_ms=95_500) == 100_000


def test_the_last_marker_without_an_end_names_its_line(tmp_path: Path) -> None:
    said = "line 5: the last scene, 'Marker 4', has no end: give it with --end, for example --end 01:32:10:00"
    with pytest.raises(SceneListError, match=said):
        read(tmp_path, AVID, start="01:00:00:00")
    with pytest.raises(SceneListError, match=said):
        read(tmp_path, AVID, start="01:00:00:00", duration_ms=80_000)  # shorter than the markers say


def test_an_end_cuts_what_lies_after_it(tmp_path: Path) -> None:
    found = read(tmp_path, AVID, start="01:00:00:00", end_timecode="01:00:12:00")
    assert times(found) == [("12 KITCHEN", 0, 10_000), ("13 STREET", 10_000, 12_000)]
    assert notes(found) == [
        "line 2: '13 STREET' goes on after the end that was given: cut there",
        "line 3: '14 ROOF, by night' lies after the end that was given: left out",
        "line 5: 'Marker 4' lies after the end that was given: left out",
    ]


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("00:59:00:00", "--end 00:59:00:00 does not lie after the cut's first frame"),
        ("late", "--end 'late' is no timecode: expected a timecode HH:MM:SS:FF, got 'late'"),
    ],
)
def test_an_end_that_is_none_is_refused(tmp_path: Path, end: str, said: str) -> None:
    with pytest.raises(SceneListError, match=said):
        read(tmp_path, AVID, start="01:00:00:00", end_timecode=end)


# Where the cut begins


def test_times_on_an_hour_place_the_first_frame_there_and_say_so(tmp_path: Path) -> None:
    found = read(tmp_path, AVID.replace("01:00:00:00", "01:00:02:00"), end_timecode="01:01:30:00")
    assert found.start_timecode == "01:00:00:00"
    assert times(found)[0] == ("12 KITCHEN", 2000, 10_000)
    assert "its times begin at 01:00:02:00: the cut's first frame is taken as 01:00:00:00" in notes(found)[0]


def test_times_before_the_hour_need_to_be_told_where_the_cut_begins(tmp_path: Path) -> None:
    text = "Editor\t00:59:50:00\tV1\tred\tSlate\t1\n" + AVID
    with pytest.raises(SceneListError, match=r"as with a leader before the hour.*--start 01:00:00:00"):
        read(tmp_path, text)
    found = read(tmp_path, text, start="01:00:00:00", end_timecode="01:01:30:00")
    assert times(found) == [*AVID_SCENES[:3], ("Marker 5", 80_000, 90_000)]
    assert notes(found) == ["line 1: 'Slate' lies before the cut's first frame: left out"]


def test_a_start_that_leaves_nothing_in_the_cut_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        SceneListError, match="none of its 4 markers lie in the cut, which begins at 01:05:00:00"
    ):
        read(tmp_path, AVID, start="01:05:00:00")


def test_times_long_before_the_cut_are_not_counted_from_its_start(tmp_path: Path) -> None:
    with pytest.raises(
        SceneListError, match="begin at 01:00:00:00, long before the cut does at 02:00:00:00: give"
    ):
        read(tmp_path, AVID, start="02:00:00:00")


def test_a_start_of_another_count_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SceneListError, match="the cut's start timecode '01:00:00;00' is no timecode"):
        read(tmp_path, AVID, start="01:00:00;00")


def test_markers_alone_cannot_be_grouped_as_shots(tmp_path: Path) -> None:
    with pytest.raises(
        SceneListError, match="holds no shots, but 4 markers: leave --group out, or choose markers"
    ):
        read(tmp_path, AVID, group="shots")
