"""Marker files against the shape their programs publish, and through OpenTimelineIO's own readers.

The shapes: a Resolve export (`001  001      V     C        IN OUT IN OUT  `, then the note before the first bar, then
colour, name and length), an Avid marker list (six fields parted by tabs), and Premiere's marker list (a header and rows
with a tab after the last field). No reader of these is at hand, so they are held byte for byte.
"""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from fractions import Fraction
from xml.etree import ElementTree as ET

import opentimelineio as otio
import pycmx
import pytest

from analytics.exports.errors import ExportError
from analytics.exports.formats.choice import WRITERS
from analytics.exports.markers import LOW_ATTENTION, markers, place
from contract.film_time import FrameRate
from tests.analytics.exports.made import a_film, figures, marker_list, placed, shown

NASTY = (
    placed(
        0, 250, name="Scene 1: 12A | Küche\t厨房", note="12A | Küche\t厨房:\r\n18 of 42 <looked> “happy” & 🥂"
    ),
    placed(125, 50, kind="happy", name="Peak: 26 of 42 happy", note="Küche: 26 of 42"),
    placed(250, 1, kind=LOW_ATTENTION, name="Scene 2: =SUM(A1)", note="=SUM(A1): quiet"),
    placed(250, 25, kind="fear", name="Peak: 9 of 42 afraid", note="at once"),
)


def _written(form: str, rate: str = "25", start: str = "01:00:00:00") -> str:
    return WRITERS[form](marker_list(NASTY, rate=rate, start=start, title="The | Film\n2")).decode()


def test_a_resolve_marker_edl_byte_for_byte() -> None:
    assert _written("resolve-edl") == (
        "TITLE: The / Film 2\n"
        "FCM: NON-DROP FRAME\n"
        "\n"
        "001  001      V     C        01:00:00:00 01:00:00:01 01:00:00:00 01:00:00:01  \n"
        "Note: 12A / Küche 厨房: 18 of 42 <looked> “happy” & |C:ResolveColorCream |M:Scene 1: 12A / Küche 厨房 |D:250\n"
        "\n"
        "002  001      V     C        01:00:05:00 01:00:05:01 01:00:05:00 01:00:05:01  \n"
        "Küche: 26 of 42 |C:ResolveColorYellow |M:Peak: 26 of 42 happy |D:50\n"
        "\n"
        "003  001      V     C        01:00:10:00 01:00:10:01 01:00:10:00 01:00:10:01  \n"
        "=SUM(A1): quiet / at once |C:ResolveColorPink |M:Scene 2: =SUM(A1) / Peak: 9 of 42 afraid |D:25\n"
    )


def test_a_resolve_marker_edl_in_drop_frame() -> None:
    written = _written("resolve-edl", "29.97df", "00:59:59;28")
    assert "FCM: DROP FRAME\n" in written
    assert "00:59:59;28 00:59:59;29 00:59:59;28 00:59:59;29  \n" in written
    assert (
        "01:00:04;03 01:00:04;04 01:00:04;03 01:00:04;04  \n" in written
    )  # 125 frames on, none skipped at an hour


def test_an_edl_reader_finds_one_event_a_frame_and_none_in_the_notes() -> None:
    for note in ("1 thing", "001  001  V  C  01:00:00:00 01:00:00:01 01:00:00:00 01:00:00:01", "٣ viewers"):
        written = WRITERS["resolve-edl"](marker_list([placed(0, note=note), placed(9, note=note)])).decode()
        events = list(pycmx.parse_cmx3600(io.StringIO(written)).events)
        assert [event.edits[0].record_in for event in events] == ["01:00:00:00", "01:00:00:09"]
        assert all(not line[:1].isdecimal() for line in written.splitlines()[4::3])


def test_what_an_edl_cannot_number_is_refused() -> None:
    many = marker_list([placed(frame) for frame in range(1000)])
    with pytest.raises(ExportError, match="999"):
        WRITERS["resolve-edl"](many)
    with pytest.raises(ExportError, match="two digits"):
        WRITERS["resolve-edl"](marker_list([placed(0)], rate="120"))


def test_an_avid_marker_list_byte_for_byte() -> None:
    assert _written("avid") == (
        "Houselights\t01:00:00:00\tV1\twhite\t12A | Küche 厨房: 18 of 42 <looked> “happy” & 🥂\t1\n"
        "Houselights\t01:00:05:00\tV1\tyellow\tKüche: 26 of 42\t1\n"
        "Houselights\t01:00:10:00\tV1\tblack\t=SUM(A1): quiet / at once\t1\n"
    )


def test_premiere_s_marker_list_byte_for_byte() -> None:
    assert _written("premiere-csv") == (
        "Marker Name\tDescription\tIn\tOut\tDuration\tMarker Type\t\n"
        "Scene 1: 12A | Küche 厨房\t12A | Küche 厨房: 18 of 42 <looked> “happy” & 🥂"
        "\t01:00:00:00\t01:00:10:00\t00:00:10:00\tComment\t\n"
        "Peak: 26 of 42 happy\tKüche: 26 of 42\t01:00:05:00\t01:00:07:00\t00:00:02:00\tComment\t\n"
        "Scene 2: =SUM(A1) / Peak: 9 of 42 afraid\t=SUM(A1): quiet / at once"
        "\t01:00:10:00\t01:00:11:00\t00:00:01:00\tComment\t\n"
    )


def test_premiere_writes_drop_frame_with_semicolons_and_a_point_without_length() -> None:
    written = WRITERS["premiere-csv"](
        marker_list([placed(1800)], rate="30000/1001df", start="00:00:00;00")
    ).decode()
    assert written.splitlines()[1].split("\t")[2:5] == ["00;01;00;02", "00;01;00;02", "00;00;00;00"]


def test_a_plain_csv_keeps_every_marker_and_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(_written("csv"))))
    assert len(rows) == len(NASTY)
    assert rows[1] == {
        "name": "Peak: 26 of 42 happy",
        "start": "01:00:05:00",
        "end": "01:00:07:00",
        "frame": "125",
        "frames": "50",
        "film_s": "5.000",
        "length_s": "2.000",
        "kind": "happy",
        "colour": "yellow",
        "note": "Küche: 26 of 42",
    }
    assert rows[2]["note"] == "'=SUM(A1): quiet"
    assert rows[0]["name"] == "Scene 1: 12A | Küche 厨房"


RATES = [
    ("25", "01:00:00:00"),
    ("24000/1001", "00:59:58:00"),
    ("30000/1001df", "01:00:00;00"),
    ("50", "10:00:00:00"),
]


@pytest.mark.parametrize(("rate", "start"), RATES)
def test_otio_reads_back_what_was_written(rate: str, start: str) -> None:
    timeline = otio.adapters.read_from_string(_written("otio", rate, start), "otio_json")
    fraction = float(FrameRate.parse(rate).fraction)
    assert timeline.name == "The | Film 2"
    assert timeline.global_start_time.rate == pytest.approx(fraction)
    assert timeline.duration().to_frames() == 275
    assert timeline.metadata["houselights"]["start_timecode"] == start
    assert [
        (m.marked_range.start_time.to_frames(), m.marked_range.duration.to_frames(), m.color)
        for m in timeline.tracks.markers
    ] == [(0, 250, "WHITE"), (125, 50, "YELLOW"), (250, 1, "ORANGE"), (250, 25, "PURPLE")]
    first = timeline.tracks.markers[0]
    assert (first.name, first.comment) == (
        "Scene 1: 12A | Küche 厨房",
        "12A | Küche 厨房: 18 of 42 <looked> “happy” & 🥂",
    )


@pytest.mark.parametrize(("rate", "start"), RATES)
def test_otio_s_final_cut_7_reader_finds_the_sequence_and_its_markers(rate: str, start: str) -> None:
    timeline = otio.adapters.read_from_string(_written("fcp7xml", rate, start), "fcp_xml")
    listed = marker_list(NASTY, rate=rate, start=start)
    assert timeline.name == "The | Film 2"
    assert timeline.global_start_time.rate == pytest.approx(float(listed.rate.fraction))
    assert timeline.global_start_time.to_frames() == listed.start_frame
    found = timeline.tracks.markers
    assert [(m.marked_range.start_time.to_frames(), m.marked_range.duration.to_frames()) for m in found] == [
        (0, 250),
        (125, 50),
        (250, 25),
    ]
    assert [m.name for m in found][:2] == ["Scene 1: 12A | Küche 厨房", "Peak: 26 of 42 happy"]
    assert found[0].metadata["fcp_xml"]["comment"] == "12A | Küche 厨房: 18 of 42 <looked> “happy” & 🥂"
    assert [m.metadata["fcp_xml"].get("pproColor") for m in found] == [
        "4294967295",
        "4281049552",
        "4280578025",
    ]


def test_a_final_cut_7_marker_as_premiere_writes_it() -> None:
    written = WRITERS["fcp7xml"](
        marker_list([placed(1, kind="sad", name="a", note="b")], rate="29.97df", start="01:00:00;00")
    ).decode()
    assert (
        "    <marker>\n"
        "      <comment>b</comment>\n"
        "      <name>a</name>\n"
        "      <in>1</in>\n"
        "      <out>-1</out>\n"
        "      <color><alpha>0</alpha><red>0</red><green>128</green><blue>255</blue></color>\n"
        "      <pproColor>4294741314</pproColor>\n"
        "    </marker>\n"
    ) in written
    assert "<timebase>30</timebase><ntsc>TRUE</ntsc>" in written
    assert "<string>01;00;00;00</string>" in written
    assert "<displayformat>DF</displayformat>" in written
    assert "pproColor" not in WRITERS["fcp7xml"](marker_list([placed(1, kind="disgust")])).decode()


def test_a_rate_that_final_cut_7_cannot_say_is_refused_with_what_can() -> None:
    with pytest.raises(ExportError, match="fcpxml"):
        WRITERS["fcp7xml"](marker_list([placed(0)], rate="12.5"))


def test_an_fcpxml_byte_for_byte() -> None:
    listed = marker_list(
        [placed(48, 24, name='Ö & "', note="n")], rate="24000/1001", start="01:00:00:00", title="F"
    )
    assert WRITERS["fcpxml"](listed).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<!DOCTYPE fcpxml>\n"
        '<fcpxml version="1.9">\n'
        "  <resources>\n"
        '    <format id="r1" frameDuration="1001/24000s" width="1920" height="1080"/>\n'
        "  </resources>\n"
        "  <library>\n"
        '    <event name="Houselights">\n'
        '      <project name="F">\n'
        '        <sequence format="r1" duration="72072/24000s" tcStart="86486400/24000s" tcFormat="NDF">\n'
        "          <spine>\n"
        '            <gap name="Gap" offset="86486400/24000s" start="86486400/24000s" duration="72072/24000s">\n'
        '              <marker start="86534448/24000s" duration="1001/24000s" value="Ö &amp; &quot;" note="n"/>\n'
        "            </gap>\n"
        "          </spine>\n"
        "        </sequence>\n"
        "      </project>\n"
        "    </event>\n"
        "  </library>\n"
        "</fcpxml>\n"
    )


@pytest.mark.parametrize(("rate", "start"), RATES)
def test_every_time_of_an_fcpxml_is_a_whole_number_of_frames(rate: str, start: str) -> None:
    listed = marker_list(NASTY, rate=rate, start=start)
    root = ET.fromstring(_written("fcpxml", rate, start))

    def frames(text: str | None) -> Fraction:
        assert text is not None
        return Fraction(text.removesuffix("s")) * listed.rate.fraction

    (gap,) = root.iter("gap")
    assert [frames(gap.get(name)) for name in ("offset", "start", "duration")] == [
        listed.start_frame,
        listed.start_frame,
        275,
    ]
    assert [frames(one.get("start")) - listed.start_frame for one in root.iter("marker")] == [0, 125, 250]
    (sequence,) = root.iter("sequence")
    assert sequence.get("tcFormat") == ("DF" if listed.rate.drop_frame else "NDF")


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize(("rate", "start"), [*RATES, ("24", "00:00:00:00"), ("23.976", "00:00:00:00")])
def test_every_format_takes_a_whole_film_and_an_empty_one(form: str, rate: str, start: str) -> None:
    film = a_film()
    told = figures(
        about=shown(rate=rate, start=start, title="Fähre"), scenes=film.scenes, seconds=film.seconds
    )
    for found in (markers(told), []):
        written = WRITERS[form](place(told, found)).decode()
        assert all((one.name in written) == (form != "avid") for one in found)
        assert written.endswith("\n") or not written


def test_without_opentimelineio_only_otio_is_refused_and_says_what_to_install() -> None:
    program = (
        "import sys\nsys.modules['opentimelineio'] = None\n"
        "from analytics.exports.formats.choice import WRITERS\n"
        "from analytics.errors import MissingLibraryError\n"
        "from tests.analytics.exports.made import marker_list, placed\n"
        "refused = []\n"
        "for form, write in WRITERS.items():\n"
        "    try:\n        write(marker_list([placed(0)]))\n"
        "    except MissingLibraryError as error:\n        refused.append((form, str(error)))\n"
        "((form, said),) = refused\n"
        "assert form == 'otio' and \"pip install 'houselights[edit]'\" in said, refused\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=300
    )
    assert ran.returncode == 0, ran.stderr
