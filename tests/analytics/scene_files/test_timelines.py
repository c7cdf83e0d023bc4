from __future__ import annotations

import json
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentimelineio.opentime import RationalTime, TimeRange

from analytics.errors import SceneListError
from contract.film_time import FrameRate, frame_to_ms
from tests.analytics.scene_files.samples import Times, frames_ms, notes, rate, read, times

SHOTS = (("Kitchen", 96), ("Street", 144), (None, 24), ("Kitchen", 30))
"""Name and frames; a gap has no name."""
EDGES: Times = [("Kitchen", 0, 96), ("Street", 96, 240), ("Kitchen (2)", 264, 294)]
MARKERS = (("12 KITCHEN", 0, 1), ("13 STREET", 96, 48), ("14 KITCHEN", 264, 1))
WHOLE_RATES = ("24000/1001", "24", "25", "30000/1001", "50")

Writer = Callable[[FrameRate], str]


def _in_ms(edges: Times, at: str) -> Times:
    return [(name, frame_to_ms(start, rate(at)), frame_to_ms(end, rate(at))) for name, start, end in edges]


def expected(at: str) -> Times:
    return _in_ms(EDGES, at)


def expected_markers(at: str) -> Times:
    edges = [("12 KITCHEN", 0, 96), ("13 STREET", 96, 144), ("14 KITCHEN", 264, 294)]
    return _in_ms(edges, at)


def _time(frames: int, at: FrameRate) -> Any:
    return RationalTime(frames, float(at.fraction))


def timeline(at: FrameRate, *, start: int | None = None) -> Any:
    made = otio.schema.Timeline("Rough 2", global_start_time=None if start is None else _time(start, at))
    track = otio.schema.Track("V1", kind="Video")
    for name, frames in SHOTS:
        where = TimeRange(_time(100, at), _time(frames, at))
        track.append(
            otio.schema.Gap(source_range=TimeRange(_time(0, at), _time(frames, at)))
            if name is None
            else otio.schema.Clip(name, source_range=where)
        )
    sound = otio.schema.Track("A1", kind="Audio")
    sound.append(otio.schema.Clip("Music", source_range=TimeRange(_time(0, at), _time(294, at))))
    made.tracks.extend([track, sound])
    for name, frame, length in MARKERS:
        made.tracks.markers.append(
            otio.schema.Marker(name, marked_range=TimeRange(_time(frame, at), _time(length, at)))
        )
    return made


def otio_json(at: FrameRate) -> str:
    text: str = otio.adapters.write_to_string(timeline(at), "otio_json")
    return text


def fcp7_of_otio(at: FrameRate) -> str:
    text: str = otio.adapters.write_to_string(timeline(at), "fcp_xml")
    return text


def fcpxml(at: FrameRate, *, first: int = 0, drop: bool = False) -> str:
    one = 1 / at.fraction

    def seconds(frames: int) -> str:
        length = frames * one
        return f"{length.numerator}/{length.denominator}s"

    elements, at_frame = [], first
    for number, (name, frames) in enumerate(SHOTS):
        marks = "".join(
            f'<chapter-marker start="{seconds(500 + frame + first - at_frame)}" '
            f'duration="{seconds(length)}" value="{mark}"/>'
            for mark, frame, length in MARKERS
            if at_frame - first <= frame < at_frame - first + frames
        )
        lies = f'offset="{seconds(at_frame)}" duration="{seconds(frames)}"'
        elements.append(
            f"<gap {lies}/>"
            if name is None
            else f'<asset-clip ref="r{number}" name="{name}" {lies} start="{seconds(500)}">{marks}</asset-clip>'
        )
        at_frame += frames
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n<fcpxml version="1.10"><resources>'
        f'<format id="f1" frameDuration="{seconds(1)}"/></resources>\n<library><event><project name="Rough 2">'
        f'<sequence format="f1" tcStart="{seconds(first)}" tcFormat="{"DF" if drop else "NDF"}" '
        f'duration="{seconds(294)}"><spine>\n'
        + "\n".join(elements)
        + "</spine></sequence></project></event></library></fcpxml>"
    )  # fmt: skip


WRITERS: dict[str, Writer] = {"OpenTimelineIO": otio_json, "Final Cut 7 XML": fcp7_of_otio, "FCPXML": fcpxml}
every_timeline = pytest.mark.parametrize("name", WRITERS)


@every_timeline
@pytest.mark.parametrize("at", WHOLE_RATES)
def test_shots_and_markers_come_back_to_the_frame_at_the_rate_of_the_file(
    tmp_path: Path, name: str, at: str
) -> None:
    text = WRITERS[name](rate(at))
    found = read(tmp_path, text, None)
    assert times(found) == expected(at)
    assert (found.format, found.rate) == (name, rate(at))
    assert notes(found) == ["the file also holds 3 markers: --group markers makes scenes of them"]
    assert times(read(tmp_path, text, at, group="markers")) == expected_markers(at)


@every_timeline
def test_a_rate_that_contradicts_the_files_is_refused(tmp_path: Path, name: str) -> None:
    text = WRITERS[name](rate("24000/1001"))
    with pytest.raises(
        SceneListError, match="its timeline runs at 24000/1001 frames a second, the cut at 24: export"
    ):
        read(tmp_path, text, "24")


@every_timeline
def test_a_drop_frame_cut_takes_a_timeline_that_says_nothing_of_it(tmp_path: Path, name: str) -> None:
    text = WRITERS[name](rate("30000/1001")).replace("tcFormat", "unknown")
    text = re.sub("<displayformat>.*?</displayformat>", "", text)
    found = read(tmp_path, text, "29.97df", "01:00:00;00")
    assert str(found.rate) == "30000/1001df"
    assert found.scenes[0].name == "Kitchen"


@pytest.mark.parametrize(
    "text",
    [
        fcpxml(rate("30000/1001"), drop=True),
        fcp7_of_otio(rate("30000/1001")).replace(
            "<media>", "<timecode><frame>0</frame><displayformat>DF</displayformat></timecode><media>", 1
        ),
    ],
    ids=["FCPXML", "Final Cut 7"],
)
def test_a_timeline_that_says_drop_frame_makes_a_drop_frame_cut(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, text, None)
    assert (str(found.rate), found.start_timecode) == ("30000/1001df", "00:00:00;00")
    with pytest.raises(SceneListError, match="runs at 30000/1001df frames a second, the cut at 30000/1001: "):
        read(tmp_path, text, "30000/1001")


def with_start(name: str, at: FrameRate, first: int) -> str:
    if name == "OpenTimelineIO":
        text: str = otio.adapters.write_to_string(timeline(at, start=first), "otio_json")
        return text
    if name == "FCPXML":
        return fcpxml(at, first=first)
    code = f"<timecode><frame>{first}</frame><displayformat>NDF</displayformat></timecode>"
    return fcp7_of_otio(at).replace("<media>", f"{code}<media>", 1)


@every_timeline
def test_the_start_timecode_of_the_file_becomes_the_cuts(tmp_path: Path, name: str) -> None:
    at = rate("24000/1001")
    found = read(tmp_path, with_start(name, at, 86_400), None)
    assert found.start_timecode == "01:00:00:00"
    assert times(found) == expected("24000/1001")


@every_timeline
def test_a_timeline_that_begins_before_the_cut_lies_where_timecode_puts_it(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, with_start(name, rate("25"), 90_000 - 120), "25", "01:00:00:00")
    assert times(found) == [("Street", *frames_ms(0, 120)), ("Kitchen", *frames_ms(144, 174))]
    said = notes(found)
    assert (
        "the timeline begins at 00:59:55:05, the cut at 01:00:00:00: scenes lie where timecode puts them"
        in said
    )
    assert any(note.endswith("'Kitchen' lies before the cut's first frame: left out") for note in said)
    assert any(note.endswith("'Street' begins before the cut does: cut to its first frame") for note in said)


@every_timeline
def test_a_timeline_without_a_timecode_of_its_own_begins_with_the_cut(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, with_start(name, rate("25"), 0), "25", "10:00:00:00")
    assert times(found) == expected("25")
    assert notes(found)[0] == (
        "the timeline begins at 00:00:00:00: its first frame is taken as the cut's, 10:00:00:00"
    )
    assert found.start_timecode == "10:00:00:00"


@every_timeline
def test_a_timeline_long_before_the_cut_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        SceneListError, match="its times begin at 01:00:00:00, long before the cut does at 02:00:00:00"
    ):
        read(tmp_path, with_start(name, rate("25"), 90_000), "25", "02:00:00:00")


def test_final_cut_7s_start_may_stand_as_text_alone(tmp_path: Path) -> None:
    code = "<timecode><string>01:00:00:00</string></timecode>"
    text = fcp7_of_otio(rate("25")).replace("<media>", f"{code}<media>", 1)
    assert read(tmp_path, text, None).start_timecode == "01:00:00:00"


# Transitions: the incoming clip begins with it, as in an EDL.


def dissolved(at: FrameRate) -> Any:
    made = timeline(at)
    between = otio.schema.Transition(
        transition_type="SMPTE_Dissolve", in_offset=_time(10, at), out_offset=_time(6, at)
    )
    made.tracks[0].insert(1, between)
    return made


@pytest.mark.parametrize("adapter", ["otio_json", "fcp_xml", "cmx_3600"])
def test_the_incoming_clip_begins_with_the_transition_in_every_format(tmp_path: Path, adapter: str) -> None:
    at = rate("25")
    text = otio.adapters.write_to_string(
        dissolved(at), adapter, **({"rate": 25.0} if adapter == "cmx_3600" else {})
    )
    found = read(tmp_path, text)
    assert times(found)[:2] == [("Kitchen", *frames_ms(0, 86)), ("Street", *frames_ms(86, 240))]
    assert not [note for note in notes(found) if "reaches" in note]


def test_fcpxmls_incoming_clip_begins_with_the_transition(tmp_path: Path) -> None:
    fade = '<transition name="Cross Dissolve" offset="86/25s" duration="16/25s"/>'
    text = fcpxml(rate("25")).replace('<asset-clip ref="r1"', f'{fade}<asset-clip ref="r1"')
    found = read(tmp_path, text)
    assert times(found)[:2] == [("Kitchen", *frames_ms(0, 86)), ("Street", *frames_ms(86, 240))]


def test_a_marker_in_a_transition_counts_from_an_hour(tmp_path: Path) -> None:
    mark = '<marker start="3600s" value="A"/><marker start="90008/25s" value="B"/>'
    fade = f'<transition name="Cross Dissolve" offset="86/25s" duration="16/25s">{mark}</transition>'
    text = re.sub("<chapter-marker[^>]*>", "", fcpxml(rate("25")))
    found = read(
        tmp_path, text.replace('<asset-clip ref="r1"', f'{fade}<asset-clip ref="r1"'), group="markers"
    )
    assert times(found) == [("A", *frames_ms(86, 94)), ("B", *frames_ms(94, 294))]


def test_a_fade_out_leaves_its_clip_whole(tmp_path: Path) -> None:
    at = rate("25")
    made = timeline(at)
    made.tracks[0].append(
        otio.schema.Transition(
            transition_type="SMPTE_Dissolve", in_offset=_time(10, at), out_offset=_time(0, at)
        )
    )
    assert times(read(tmp_path, otio.adapters.write_to_string(made, "otio_json"))) == expected("25")


# More than one of everything


@pytest.mark.parametrize("adapter", ["otio_json", "fcp_xml"])
def test_clips_over_a_picture_are_passed_over_and_those_over_a_gap_are_shots(
    tmp_path: Path, adapter: str
) -> None:
    at = rate("25")
    made = timeline(at)
    above = otio.schema.Track("V2", kind="Video")
    above.append(otio.schema.Gap(source_range=TimeRange(_time(0, at), _time(20, at))))
    above.append(otio.schema.Clip("Title", source_range=TimeRange(_time(0, at), _time(40, at))))
    above.append(otio.schema.Gap(source_range=TimeRange(_time(0, at), _time(180, at))))
    above.append(otio.schema.Clip("Insert", source_range=TimeRange(_time(0, at), _time(24, at))))
    made.tracks.insert(1, above)
    found = read(tmp_path, otio.adapters.write_to_string(made, adapter))
    assert times(found) == sorted(
        [*expected("25"), *_in_ms([("Insert", 240, 264)], "25")], key=lambda scene: scene[1]
    )
    assert "1 clip over the picture of a lower track passed over" in notes(found)


def test_several_timelines_are_refused_by_name(tmp_path: Path) -> None:
    both = otio.schema.SerializableCollection("bin", [timeline(rate("25")), timeline(rate("25"))])
    both[1].name = "Rough 1"
    with pytest.raises(
        SceneListError, match=r"2 timelines \('Rough 2', 'Rough 1'\): export only the cut's own"
    ):
        read(tmp_path, otio.adapters.write_to_string(both, "otio_json"))
    with pytest.raises(SceneListError, match=r"2 sequences .*: export only the cut's own"):
        read(tmp_path, otio.adapters.write_to_string(both, "fcp_xml"))
    project = re.search("<project.*</project>", fcpxml(rate("25")), re.DOTALL)
    assert project is not None
    with pytest.raises(SceneListError, match=r"2 projects .*: export only the cut's own"):
        read(tmp_path, fcpxml(rate("25")).replace("</event>", f"{project[0]}</event>"))


def test_one_timeline_in_a_collection_is_it(tmp_path: Path) -> None:
    one = otio.schema.SerializableCollection("bin", [timeline(rate("25"))])
    assert times(read(tmp_path, otio.adapters.write_to_string(one, "otio_json"))) == expected("25")


# OpenTimelineIO


@pytest.mark.parametrize("stated", [23.976, 23.98, 23.976024, 24000 / 1001])
def test_rounded_rates_mean_the_exact_one(tmp_path: Path, stated: float) -> None:
    text = otio_json(rate("24000/1001")).replace(str(24000 / 1001), str(stated))
    found = read(tmp_path, text, None)
    assert found.rate == FrameRate(Fraction(24000, 1001))
    assert times(found) == expected("24000/1001")


def test_markers_of_clips_count_where_they_can_be_seen(tmp_path: Path) -> None:
    at = rate("25")
    made = timeline(at)
    for frame in (100, 110, 99, 400):
        made.tracks[0][1].markers.append(
            otio.schema.Marker(f"At {frame}", marked_range=TimeRange(_time(frame, at), _time(1, at)))
        )
    del made.tracks.markers[:]
    found = read(tmp_path, otio.adapters.write_to_string(made, "otio_json"), group="markers")
    assert times(found) == [("At 100", *frames_ms(96, 106)), ("At 110", *frames_ms(106, 294))]
    assert notes(found) == ["2 markers outside what can be seen of a clip passed over"]


def test_clips_of_several_rates_need_the_cuts(tmp_path: Path) -> None:
    made = timeline(rate("25"))
    made.tracks[0].append(
        otio.schema.Clip("Other", source_range=TimeRange(RationalTime(0, 50), RationalTime(100, 50)))
    )
    text = otio.adapters.write_to_string(made, "otio_json")
    with pytest.raises(SceneListError, match="its clips have no one frame rate: give the cut's"):
        read(tmp_path, text, None)
    assert times(read(tmp_path, text, "25"))[-1] == ("Other", *frames_ms(294, 344))


NO_TIMELINES = {
    "broken": (
        '{"OTIO_SCHEMA": "Timeline.1",\n "tracks": }',
        "line 2: not sound JSON: Expecting value; export it again",
    ),
    "no tracks": ('{"OTIO_SCHEMA": "Timeline.1", "tracks": 3}', "no timeline with shots or markers in it"),
    "null": ('{"OTIO_SCHEMA": "Timeline.1", "tracks": null}', "no timeline with shots or markers in it"),
    "empty": (otio.schema.Timeline().to_json_string(), "no timeline with shots or markers in it"),
    "a clip": ('{"OTIO_SCHEMA": "Clip.2"}', "holds a Clip, expected a Timeline; export the timeline"),
    "a list": ('[{"OTIO_SCHEMA": "Clip.2"}]', "holds a list, expected a Timeline"),
    "deep": ('{"OTIO_SCHEMA": ' + "[" * 100_000, "nested too deep for a timeline"),
    "other JSON": ('{"scenes": []}', "JSON, but not OpenTimelineIO"),
    "rate 0": (otio_json(rate("25")).replace('"rate": 25.0', '"rate": 0.0'), "a time whose rate is 0.0"),
    "a rate in words": (
        otio_json(rate("25")).replace('"rate": 25.0', '"rate": "25"'),
        "a time whose rate is '25'",
    ),
    "no value": (
        otio_json(rate("25")).replace('"value": 96.0', '"value": null'),
        "a time whose value is None",
    ),
    "too large": (otio_json(rate("25")).replace('"value": 96.0', '"value": 1e400'), "a number too large"),
    "endless": (
        otio_json(rate("25")).replace('"value": 96.0', '"value": Infinity'),
        "Infinity in place of a number",
    ),
    "no length": (
        otio_json(rate("25")).replace("source_range", "unknown"),
        "Clip 'Kitchen' does not say how long it lasts",
    ),
}


@pytest.mark.parametrize(("text", "said"), NO_TIMELINES.values(), ids=NO_TIMELINES)
def test_otio_that_is_none_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SceneListError, match=re.escape(said)):
        read(tmp_path, text)


def test_a_key_twice_is_read_where_otios_own_reader_ends_the_process(tmp_path: Path) -> None:
    text = otio_json(rate("25")).replace('"tracks": {', '"tracks": null, "tracks": {')
    assert times(read(tmp_path, text)) == expected("25")


def _range(data: st.DataObject, at: FrameRate, longest: int = 500) -> Any:
    return TimeRange(_time(data.draw(st.integers(0, 500)), at), _time(data.draw(st.integers(1, longest)), at))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_otio_itself_puts_the_clips_and_markers_of_any_timeline_there(
    tmp_path: Path, data: st.DataObject
) -> None:
    at = rate("25")
    track = otio.schema.Track("V1", kind="Video")
    for number in range(data.draw(st.integers(1, 6))):
        inner = otio.schema.Clip(f"Clip {number}", source_range=_range(data, at))
        item = inner
        if data.draw(st.booleans()):
            item = otio.schema.Stack(f"Clip {number}", source_range=_range(data, at))
            item.append(otio.schema.Gap(source_range=TimeRange(_time(0, at), _time(2000, at))))
            item.append(inner)
        if data.draw(st.booleans()):
            track.append(otio.schema.Gap(source_range=_range(data, at)))
        begins = item.source_range.start_time.value
        mark = TimeRange(
            _time(begins + data.draw(st.integers(0, item.duration().value - 1)), at), _time(1, at)
        )
        item.markers.append(otio.schema.Marker(f"Marker {number}", marked_range=mark))
        track.append(item)
    if data.draw(st.booleans()):
        track.source_range = _range(data, at, 4000)
    made = otio.schema.Timeline("Rough 2")
    made.tracks.append(track)
    text = otio.adapters.write_to_string(made, "otio_json")
    items = [child for child in track if not isinstance(child, otio.schema.Gap)]

    first = track.trimmed_range().start_time.value
    last = first + track.trimmed_range().duration.value
    seen = []
    for item in items:
        lies = item.range_in_parent()
        start, end = max(lies.start_time.value, first), min(lies.end_time_exclusive().value, last)
        if start < end:
            seen.append((item.name, round(start - first), round(end - first)))
    marks = {
        item.transformed_time(item.markers[0].marked_range.start_time, made.tracks).value for item in items
    }
    if seen:
        assert times(read(tmp_path, text)) == _in_ms(seen, "25")
    if max(marks) >= 0:
        found = read(tmp_path, text, group="markers", duration_ms=80_000_000)
        assert {scene.start_ms for scene in found.scenes} == {round(mark) * 40 for mark in marks if mark >= 0}


def test_an_older_schema_is_read(tmp_path: Path) -> None:
    made = json.loads(otio_json(rate("25")))
    for track in made["tracks"]["children"]:
        for child in track["children"]:
            if child["OTIO_SCHEMA"] == "Clip.2":
                child["OTIO_SCHEMA"] = "Clip.1"
                child["media_reference"] = child.pop("media_references")["DEFAULT_MEDIA"]
                del child["active_media_reference_key"]
    assert times(read(tmp_path, json.dumps(made))) == expected("25")


# Final Cut 7 XML


def fcp7(items: str, more: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n<xmeml version="5">\n'
        '<sequence id="s">\n<name>Rough 2</name>\n'
        "<rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>\n<media><video><track>\n"
        f"{items}\n</track></video></media>\n{more}\n</sequence></xmeml>"
    )  # fmt: skip


def clip(name: str, start: object, end: object, more: str = "") -> str:
    return f"<clipitem><name>{name}</name><start>{start}</start><end>{end}</end>{more}</clipitem>"


def test_dirt_in_final_cut_7_xml_is_named_by_line(tmp_path: Path) -> None:
    nested = "<sequence><media><video><track>" + clip("Inner", 0, 25) + "</track></video></media></sequence>"
    items = "\n".join([
        clip("A", 0, 50), clip("B", "", 75), clip("C", 50, 40), clip("D", 50, 75), clip("", 75, 100),
        clip("Off", 0, 10, "<enabled>FALSE</enabled>"),
        clip("Nest", 100, 125, nested),
        "<generatoritem><name>Slug</name><start>125</start><end>150</end></generatoritem>",
    ])  # fmt: skip
    markers = (
        "<marker><name></name><comment>Late</comment><in>100</in></marker><marker><name>Lost</name></marker>"
    )
    found = read(tmp_path, fcp7(items, markers))
    assert times(found) == [
        ("A", 0, 2000), ("D", 2000, 3000), ("Shot 3", 3000, 4000), ("Nest", 4000, 5000),
    ]  # fmt: skip
    assert notes(found)[:3] == [
        "line 9: clip 'B' begins at frame None and ends at 75: left out",
        "line 10: clip 'C' begins at frame 50 and ends at 40: left out",
        "line 17: marker 'Lost' without a frame: left out",
    ]
    marked = read(tmp_path, fcp7(items, markers), group="markers", end_timecode="00:00:05:00")
    assert times(marked) == [("Late", 4000, 5000)]


def test_xml_lines_are_counted_from_the_files_first(tmp_path: Path) -> None:
    text = "\n\n" + fcp7(clip("A", 0, 50) + "\n" + clip("B", 5, 5))
    assert notes(read(tmp_path, text)) == ["line 11: clip 'B' begins at frame 5 and ends at 5: left out"]


def bomb(root: str) -> str:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?>\n<!DOCTYPE {root} [<!ENTITY a0 "ha">{entities}]>\n<{root}>&a11;</{root}>'


@pytest.mark.parametrize("root", ["xmeml", "fcpxml"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bomb", "XML that defines entities or draws in other files"),
        ('<!DOCTYPE R [<!ENTITY x SYSTEM "file:///etc/passwd">]><R>&x;</R>', "XML that defines entities"),
        ('<!DOCTYPE R SYSTEM "http://127.0.0.1:9/x.dtd"><R></R>', "XML that defines entities or draws in"),
        ("<R>\n<sequence>\n</R>", "line 3: not sound XML: mismatched tag; export it again"),
        ("<R>", "line 1: not sound XML: no element found"),
        ("<R>" * 2000, "elements more than 500 deep: no timeline"),
        ("<R></R>", "with shots or markers in it: export the cut's own"),
    ],
    ids=["bomb", "file", "outside", "mismatch", "cut off", "deep", "empty"],
)
def test_xml_that_is_not_sound_is_refused(tmp_path: Path, root: str, text: str, said: str) -> None:
    text = (
        bomb(root)
        if text == "bomb"
        else text.replace("R>", f"{root}>").replace("DOCTYPE R", f"DOCTYPE {root}")
    )
    with pytest.raises(SceneListError, match=re.escape(said)):
        read(tmp_path, text)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_xml_in_other_letters_is_read(tmp_path: Path, encoding: str) -> None:
    text = fcp7(clip("Café", 0, 50)).replace("UTF-8", encoding.replace("utf-8-sig", "utf-8"))
    assert times(read(tmp_path, text.encode(encoding))) == [("Café", 0, 2000)]


# FCPXML


def test_a_final_cut_bundle_is_a_folder(tmp_path: Path) -> None:
    bundle = tmp_path / "Rough 2.fcpxmld"
    bundle.mkdir()
    (bundle / "Info.fcpxml").write_text(fcpxml(rate("25")))
    from analytics.scene_files.read import read_scenes

    assert times(read_scenes(bundle)) == expected("25")


def test_fcpxml_markers_lie_on_the_time_of_what_holds_them(tmp_path: Path) -> None:
    inner = (
        '<asset-clip name="Over" lane="1" offset="20s" start="100s" duration="2s">'
        '<marker start="101s" value="Nested"/></asset-clip>'
        '<spine lane="1" offset="520/25s"><clip name="Second" duration="2s">'
        '<marker start="1s" value="In a story"/></clip></spine>'
        '<marker start="20s" duration="1/25s" value="First"/><marker start="2s" value="Cut off"/>'
    )
    text = fcpxml(rate("25")).replace('start="20/1s">', f'start="20s">{inner}', 1)
    text = re.sub("<chapter-marker[^>]*>", "", text)
    found = read(tmp_path, text, group="markers")
    assert [(scene.name, scene.start_ms) for scene in found.scenes] == [
        ("First", 0), ("Nested", 1000), ("In a story", 1800),
    ]  # fmt: skip


def test_where_chapter_markers_are_set_plain_ones_are_remarks(tmp_path: Path) -> None:
    text = fcpxml(rate("25")).replace(
        "<chapter-marker", '<marker start="510/25s" value="to do"/><chapter-marker', 1
    )
    found = read(tmp_path, text, group="markers")
    assert times(found) == expected_markers("25")
    assert "1 plain markers passed over: the chapter markers make the scenes" in notes(found)


def test_fcpxml_elements_without_an_offset_follow_each_other(tmp_path: Path) -> None:
    text = re.sub(r' offset="[^"]*"', "", fcpxml(rate("25")))
    assert times(read(tmp_path, text)) == expected("25")


def test_dirt_in_fcpxml_is_named_by_line(tmp_path: Path) -> None:
    text = fcpxml(rate("25")).replace('offset="0/1s" duration="96/25s"', 'offset="0/1s" duration="9/0s"')
    text = text.replace('offset="264/25s"', 'offset="264.4/25s"').replace("264.4/25", "2644/250")
    found = read(tmp_path, text)
    assert "line 5: asset-clip 'Kitchen' without a place or a duration: left out" in notes(found)
    assert "line 8: a time between two frames: taken as frame 264" in notes(found)


def test_fcpxml_without_a_frame_duration_needs_a_rate(tmp_path: Path) -> None:
    text = fcpxml(rate("25")).replace("frameDuration", "name")
    with pytest.raises(SceneListError, match="project 'Rough 2' does not state its frame rate"):
        read(tmp_path, text, None)
    assert times(read(tmp_path, text, "25")) == expected("25")
