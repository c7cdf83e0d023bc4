from __future__ import annotations

import io
import re
from pathlib import Path

import opentimelineio as otio
import pycmx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.errors import SceneListError
from contract.film_time import format_timecode, frame_to_ms, parse_timecode
from tests.analytics.scene_files.samples import RATES, edl, event, frames_ms, notes, rate, read, times

HEAD = "TITLE: ROUGH 2\nFCM: NON-DROP FRAME\n\n"
THREE = """\
001  A001C003 V     C        10:00:00:00 10:00:04:00 01:00:00:00 01:00:04:00
* FROM CLIP NAME: Kitchen
002  A001C007 V     C        10:10:00:00 10:10:03:12 01:00:04:00 01:00:07:12
* FROM CLIP NAME: Street
003  A001C003 V     C        10:20:00:00 10:20:02:13 01:00:07:12 01:00:10:00
* FROM CLIP NAME: Kitchen
"""
SCENES = [("Kitchen", 0, 4000), ("Street", 4000, 7480), ("Kitchen (2)", 7480, 10_000)]


def test_every_event_is_a_scene_named_by_its_clip(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + THREE, start="01:00:00:00")
    assert times(found) == SCENES
    assert found.notes == ()
    assert (found.format, str(found.rate), found.start_timecode) == ("CMX3600 EDL", "25", "01:00:00:00")


DIRTY = {
    "a byte-order mark and Windows lines": ("\ufeff" + HEAD + THREE).replace("\n", "\r\n").encode(),
    "old Mac lines": (HEAD + THREE).replace("\n", "\r").encode(),
    "UTF-16 of Avid on Windows": (HEAD + THREE).replace("\n", "\r\n").encode("utf-16"),
    "UTF-16 without a mark": (HEAD + THREE).encode("utf-16-le"),
    "UTF-16, big end first": (HEAD + THREE).encode("utf-16-be"),
    "blank lines": HEAD.encode() + THREE.replace("\n", "\n\n   \n").encode(),
    "remarks": (HEAD + THREE.replace("* FROM", "* ASC_SAT 1.0\n>>> SOURCE x\nREM 003 was here\n* FROM")).encode(),
    "lower case": (HEAD + THREE).lower().replace("kitchen", "Kitchen").replace("street", "Street").encode(),
    "tabs": re.sub(r"(?<=\S) +(?=[\dVCA])", "\t", HEAD + THREE).encode(),
    "one space": re.sub(r" +", " ", HEAD + THREE).encode(),
    "no title and no FCM line": THREE.encode(),
    "numbers of six digits and long reels": HEAD.encode()
    + re.sub(r"^0(\d\d)  (\w+)", r"0000\1  \2_220217_ROLX_LONG.MXF  ", THREE, flags=re.MULTILINE).encode(),
    "reels with spaces": (HEAD + THREE.replace("A001C0", "A 001 C")).encode(),
    "no star before the name": (HEAD + THREE.replace("* FROM", "FROM")).encode(),
    "no space after the star": (HEAD + THREE.replace("* FROM", "*FROM")).encode(),
    "speed effects": (HEAD + THREE.replace("* FROM", "M2   A001C003       012.5      10:00:00:00\n* FROM")).encode(),
    "picture and sound in one": (HEAD + THREE.replace("V  ", "B  ")).encode(),
    "picture and two tracks of sound": (HEAD + THREE.replace(" V    ", " AA/V ")).encode(),
    "trailing blanks": (HEAD + THREE).replace("\n", "   \n").encode(),
    "old separators": (HEAD + THREE).replace("01:00:04:00", "01:00:04.00").encode(),
}  # fmt: skip


@pytest.mark.parametrize("content", DIRTY.values(), ids=DIRTY)
def test_dirt_that_does_no_harm_is_passed_over_without_a_word(tmp_path: Path, content: bytes) -> None:
    found = read(tmp_path, content, start="01:00:00:00")
    assert times(found) == SCENES
    assert notes(found) == []


SOUND = "011  A001     A     C        10:00:00:00 10:00:04:00 01:00:00:00 01:00:04:00"
BROKEN = [
    ("010  A001     V     C        10:00:00:00 10:00:04:00 01:00:10:00 01:00:",
     "line 10: an event with 3 whole timecodes in place of four: left out"),
    ("010  A001     V     C        10:00:00:00 10:00:04:00",
     "line 10: an event with 2 whole timecodes in place of four: left out"),
    ("010  A001     V     C        ", "line 10: an event with 0 whole timecodes in place of four: left out"),
    ("010  A001     V     C        10:00:00:00 10:00:04:00 01:00:10:00 01:00:12:00 01:00:10:00 01:00:12:00",
     "line 10: an event with 6 whole timecodes in place of four: left out"),
    ("010  A001                    10:00:00:00 10:00:04:00 01:00:10:00 01:00:12:00",
     "line 10: an event without channels and transition, such as V and C: left out"),
    ("010  A001     V     C        10:00:00:00 10:00:04:00 01:00:10:00 01:00:12:25",
     "line 10: expected frames 00 to 24 at 25, got '01:00:12:25': left out"),
    ("010  A001     V     C        10:00:00:00 10:00:04:00 01:00:10:00 01:61:12:00",
     "line 10: expected a timecode HH:MM:SS:FF, got '01:61:12:00': left out"),
    ("010  A001     V     C        10:00:00:00 10:00:04:00 01:00:12:00 01:00:10:00",
     "line 10: an event that ends before it begins: left out"),
    ("010  A001     V     C        10:00:00:00 10:00:04:00 01:00:10:00 01:00:10:00",
     "line 10: an event that lasts no frame: left out"),
    ("010  A001     V     C        10:00:00:00 10:00:04:00 01:00:07:12 01:00:10:00\n* FROM CLIP NAME: Kitchen",
     "line 10: 'Kitchen' is the same as 'Kitchen' on line 8: left out"),
    ("010  A001     V     C        10:00:00:00 10:00:04:00 01:00:07:12 01:00:09:00\n* FROM CLIP NAME: Title",
     "line 10: 'Title' begins on the same frame as 'Kitchen' on line 8: left out"),
    ("010  A001     V     C        10:00:00:00 10:00:04:00 00:59:50:00 00:59:55:00\n* FROM CLIP NAME: Slate",
     "line 10: 'Slate' lies before the cut's first frame: left out"),
    (f"010  {'x' * 3000}", "line 10: 3005 characters in one line: left out"),
    ("* LOC: 01:00:0", "line 10: a locator without a whole timecode: left out"),
    (f"{SOUND}\n{SOUND.replace('A  ', 'NONE')}",
     "2 events of sound alone passed over"),
    ("011  BL       V     C        00:00:00:00 00:00:04:00 01:00:10:00 01:00:14:00", "1 event of black passed over"),
    ("011  A001     V     K    000 10:00:00:00 10:00:04:00 01:00:01:00 01:00:02:00",
     "1 event keyed over a picture passed over"),
    ("011  A001     V2    C        10:00:00:00 10:00:04:00 01:00:01:00 01:00:02:00",
     "1 clip over the picture of a lower track passed over"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "said"), BROKEN, ids=[said[:60] for _, said in BROKEN])
def test_what_is_not_sound_is_left_out_and_its_line_named(tmp_path: Path, line: str, said: str) -> None:
    found = read(tmp_path, HEAD + THREE + line + "\n", start="01:00:00:00")
    assert times(found) == SCENES
    assert said in notes(found)
    assert len([note for note in found.notes if "film order" not in note.text]) == 1


def test_the_incoming_clip_of_a_transition_begins_where_its_event_does(tmp_path: Path) -> None:
    text = HEAD + (
        "001  A        V     C        10:00:00:00 10:00:04:00 01:00:00:00 01:00:04:00\n"
        "* FROM CLIP NAME: Kitchen\n"
        "002  A        V     C        10:00:04:00 10:00:04:00 01:00:04:00 01:00:04:00\n"
        "002  B        V     D    024 10:10:00:00 10:10:03:00 01:00:04:00 01:00:07:00\n"
        "EFFECTS NAME IS CROSS DISSOLVE\n* FROM CLIP NAME: Kitchen\n* TO CLIP NAME: Street\n"
        "003  B        V     C        10:10:03:00 10:10:03:00 01:00:07:00 01:00:07:00\n"
        "003  C        V     W001 012 10:30:00:00 10:30:01:00 01:00:07:00 01:00:08:00\n"
        "* FROM CLIP NAME: Street\n"
        "004  C        V     C        10:31:00:00 10:31:00:00 01:00:08:00 01:00:08:00\n"
        "004  BL       V     D    012 00:00:00:00 00:00:01:00 01:00:08:00 01:00:09:00\n"
    )
    found = read(tmp_path, text, start="01:00:00:00")
    assert times(found) == [("Kitchen", 0, 4000), ("Street", 4000, 7000), ("C", 7000, 8000)]
    assert notes(found) == ["1 event of black passed over"]


def test_overlaps_are_cut_where_the_next_begins_and_gaps_stay(tmp_path: Path) -> None:
    at = rate("25")
    text = (
        HEAD
        + event(1, 0, 100, at, name="A")
        + event(2, 90, 200, at, name="B")
        + event(3, 250, 300, at, name="C")
    )
    found = read(tmp_path, text)
    assert times(found) == [("A", 0, 3600), ("B", 3600, 8000), ("C", 10_000, 12_000)]
    assert notes(found) == ["line 4: 'A' reaches into 'B' on line 6: it ends there"]


def test_events_out_of_order_are_put_in_film_order(tmp_path: Path) -> None:
    at = rate("25")
    text = (
        HEAD
        + event(1, 100, 200, at, name="B")
        + event(2, 0, 100, at, name="A")
        + event(3, 200, 300, at, name="C")
    )
    found = read(tmp_path, text)
    assert [scene.name for scene in found.scenes] == ["A", "B", "C"]
    assert notes(found) == ["not in film order (line 6): put in the order of their times"]


def test_a_shot_across_the_first_frame_is_cut_there(tmp_path: Path) -> None:
    at = rate("25")
    found = read(tmp_path, HEAD + event(1, 89_900, 90_100, at, name="A"), start="01:00:00:00")
    assert times(found) == [("A", 0, 4000)]
    assert notes(found) == ["line 4: 'A' begins before the cut does: cut to its first frame"]


def test_neighbours_of_one_name_become_one_scene_when_asked(tmp_path: Path) -> None:
    at = rate("25")
    shots = [("Kitchen", 0, 50), ("Kitchen", 50, 75), ("Street", 75, 100), ("Kitchen", 100, 125)]
    found = read(tmp_path, edl(shots, at), group="name")
    assert times(found) == [("Kitchen", 0, 3000), ("Street", 3000, 4000), ("Kitchen (2)", 4000, 5000)]


def test_a_shot_without_a_clip_name_goes_by_its_reel_and_then_by_its_number(tmp_path: Path) -> None:
    at = rate("25")
    text = (
        event(1, 0, 25, at, reel="TAPE7")
        + event(2, 25, 50, at, reel="AX")
        + event(3, 50, 75, at, name="Shot 2")
    )
    assert [scene.name for scene in read(tmp_path, text).scenes] == ["TAPE7", "Shot 2", "Shot 2 (2)"]


def test_locators_make_scenes_when_asked_and_are_mentioned_when_not(tmp_path: Path) -> None:
    text = HEAD + (
        "* LOC: 01:00:00:00 RED     12 KITCHEN\n"
        + THREE.replace("* FROM CLIP NAME: Street", "* FROM CLIP NAME: Street\n*LOC: 01:00:05:00 GREEN\n")
    )
    found = read(tmp_path, text, start="01:00:00:00", group="markers")
    assert times(found) == [("12 KITCHEN", 0, 5000), ("Marker 2", 5000, 10_000)]
    assert "the file also holds 2 markers: --group markers makes scenes of them" in notes(
        read(tmp_path, text, start="01:00:00:00")
    )


@pytest.mark.parametrize("start", [None, "01:00:00:00"])
def test_a_stray_time_far_before_all_others_does_not_say_where_the_cut_begins(
    tmp_path: Path, start: str | None
) -> None:
    at = rate("25")
    shots = [(f"Shot {number}", 90_000 + 100 * number, 90_100 + 100 * number) for number in range(12)]
    found = read(tmp_path, edl([*shots, ("Stray", 0, 50)], at), start=start)
    assert found.start_timecode == "01:00:00:00"
    assert [(scene.name, scene.start_ms) for scene in found.scenes] == [
        (f"Shot {number}", 4000 * number) for number in range(12)
    ]
    assert "line 28: 'Stray' lies before the cut's first frame: left out" in notes(found)


# Drop-frame or not: read wrongly, the times are seconds off and nothing shows it.


@pytest.mark.parametrize(
    ("fcm", "separator", "at", "line"),
    [
        ("DROP FRAME", ":", "30000/1001", 2),
        ("DROP FRAME", ":", "25", 2),
        ("NON-DROP FRAME", ":", "29.97df", 2),
        ("NON-DROP FRAME", ";", "30000/1001", 4),
        ("FILM", ";", "24", 4),
    ],
)
def test_drop_frame_that_contradicts_the_rate_is_refused(
    tmp_path: Path, fcm: str, separator: str, at: str, line: int
) -> None:
    text = f"TITLE: X\nFCM: {fcm}\n\n" + THREE.replace(":00 ", f"{separator}00 ").replace(
        ":12", f"{separator}12"
    )
    with pytest.raises(SceneListError, match=rf"line {line}: .*, but the rate is .*: give --rate"):
        read(tmp_path, text, at)


@pytest.mark.parametrize("fcm", ["DROP FRAME", "FILM", "drop frame"])
def test_colons_are_drop_frame_where_the_rate_is_and_nothing_contradicts_it(tmp_path: Path, fcm: str) -> None:
    text = f"FCM: {fcm}\n001  A V C 00:00:00:00 00:10:00:00 00:00:00:00 00:10:00:00\n"
    assert times(read(tmp_path, text, "29.97df")) == [("A", 0, *frames_ms(17_982, at="29.97df"))]


def test_times_written_as_drop_frame_outweigh_a_line_that_says_otherwise(tmp_path: Path) -> None:
    text = "FCM: NON-DROP FRAME\n001  A V C 00;00;00;00 00;10;00;00 00;00;00;00 00;10;00;00\n"
    found = read(tmp_path, text, "29.97df")
    assert times(found) == [("A", 0, *frames_ms(17_982, at="29.97df"))]
    assert "line 1: it says NON-DROP FRAME, but 00;00;00;00 is drop-frame" in notes(found)[0]


def test_a_label_that_drop_frame_skips_is_left_out(tmp_path: Path) -> None:
    text = (
        "001  A V C 00:00:00;00 00:00:59;00 00:00:00;00 00:00:59;00\n"
        "002  B V C 00:00:00;00 00:00:59;00 00:01:00;00 00:01:59;00\n"
    )
    found = read(tmp_path, text, "29.97df")
    assert [scene.name for scene in found.scenes] == ["A"]
    assert "line 2: '00:01:00;00' is a label that drop-frame skips" in notes(found)[0]


def test_one_slip_of_a_separator_is_read_as_the_others_are(tmp_path: Path) -> None:
    at = rate("25")
    text = edl([(f"Shot {number}", 100 * number, 100 * number + 100) for number in range(10)], at)
    found = read(tmp_path, text.replace("00:00:04:00", "00:00:04;00", 2))
    assert len(found.scenes) == 10
    assert notes(found) == ["line 4: 00:00:04;00 is drop-frame, unlike the others: read as they are"]


def test_a_rate_too_slow_for_the_timecodes_is_refused(tmp_path: Path) -> None:
    at = rate("25")
    text = edl([(f"Shot {number}", 99 * number, 99 * number + 99) for number in range(60)], at)
    said = "line 4: 00:00:03:24 and 5 other timecodes count past the frames of a second at 24: give the cut's rate"
    with pytest.raises(SceneListError, match=said):
        read(tmp_path, text, "24")


def test_without_a_rate_it_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(
        SceneListError, match="an EDL does not state its frame rate: give it, for example --rate 25"
    ):
        read(tmp_path, HEAD + THREE, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD, "it holds no shots; export the cut's timeline again"),
        (
            HEAD + THREE.replace(" V ", " A "),
            "nothing sound is left in it: 3 events of sound alone passed over",
        ),
        (HEAD + THREE[:60], "nothing sound is left in it: line 4: an event with 2 whole timecodes"),
    ],
)
def test_an_edl_with_nothing_sound_in_it_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SceneListError, match=re.escape(said)):
        read(tmp_path, text)


# Right to the frame


@pytest.mark.parametrize("at", RATES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_an_edl_of_any_scenes_comes_back_to_the_frame(tmp_path: Path, at: str, data: st.DataObject) -> None:
    counted = rate(at)
    first = data.draw(st.integers(0, 20 * 3600)) * counted.counted
    lengths = data.draw(
        st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 20_000)), min_size=1, max_size=12)
    )
    names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
    shots, at_frame = [], first
    for gap, length in lengths:
        shots.append((data.draw(names), at_frame + gap, at_frame + gap + length))
        at_frame += gap + length
    found = read(tmp_path, edl(shots, counted), at, format_timecode(first, counted))
    assert [(scene.start_ms, scene.end_ms) for scene in found.scenes] == [
        (frame_to_ms(start - first, counted), frame_to_ms(end - first, counted)) for _, start, end in shots
    ]
    assert len({scene.name for scene in found.scenes}) == len(shots)
    assert found.notes == ()


@pytest.mark.parametrize("at", ["24000/1001", "24", "25", "30000/1001", "30"])
def test_what_otio_writes_comes_back_to_the_frame(tmp_path: Path, at: str) -> None:
    exact = float(rate(at).fraction)
    frames = [7, 1800, 43_211, 1, 250_000]
    track = otio.schema.Track("V", kind="Video")
    for number, length in enumerate(frames):
        where = otio.opentime.TimeRange(
            otio.opentime.RationalTime(0, exact), otio.opentime.RationalTime(length, exact)
        )
        track.append(otio.schema.Clip(f"Clip {number}", source_range=where))
    timeline = otio.schema.Timeline("ROUGH 2")
    timeline.tracks.append(track)
    text = otio.adapters.write_to_string(timeline, "cmx_3600", rate=exact)
    drop = ";" in text  # OTIO writes drop-frame wherever the rate has such a count
    found = read(tmp_path, text, f"{at}df" if drop else at)
    edges = [sum(frames[:count]) for count in range(len(frames) + 1)]
    assert times(found) == [
        (f"Clip {number}", *frames_ms(*edges[number : number + 2], at=at)) for number in range(len(frames))
    ]


def test_pycmx_reads_the_same_from_a_clean_edl(tmp_path: Path) -> None:
    at = rate("25")
    shots = [("Kitchen", 90_000, 90_100), ("Street", 90_100, 90_187), ("Roof", 90_200, 95_000)]
    text = edl(shots, at)
    independent = [edit for event in pycmx.parse_cmx3600(io.StringIO(text)).events for edit in event.edits]
    found = read(tmp_path, text, start="01:00:00:00")
    labels = [(edit.clip_name, edit.record_in, edit.record_out) for edit in independent]
    assert times(found) == [
        (name, *frames_ms(*(parse_timecode(label, at) - 90_000 for label in edges)))
        for name, *edges in labels
    ]
