from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from analytics.errors import SceneListError
from analytics.scene_files.read import read_scenes
from analytics.scene_files.sniff import Kind, kind_of
from analytics.scene_files.source import Source
from tests.analytics.scene_files.samples import edl, frames_ms, notes, rate, read, times

EXAMPLES = {
    "CSV": (Kind.CSV, "name,start,end\nOne,0,2\n"),
    "CSV with semicolons": (Kind.CSV, '\n"Start";"Name"\n0;One\n'),
    "CSV without a header": (Kind.CSV, "One,0,2\n"),
    "EDL": (Kind.EDL, edl([("One", 0, 25)], rate("25"))),
    "EDL without a head": (Kind.EDL, "001  A V C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00"),
    "EDL that is cut off": (Kind.EDL, "001  A V C 00:00:00:00 00:00:01:00 00:00:"),
    "EDL of locators alone": (Kind.EDL, "TITLE: X\n* LOC: 01:00:00:00 RED     12\n"),
    "EDL without events": (Kind.EDL, "TITLE: X\nFCM: NON-DROP FRAME\n"),
    "EDL with commas in its title": (Kind.EDL, "TITLE: a, b, c\nFCM: DROP FRAME\n"),
    "Avid": (Kind.AVID, "Editor\t01:00:00:00\tV1\tred\tKitchen\t1\n"),
    "Premiere": (Kind.PREMIERE, "Marker Name\tDescription\tIn\tOut\tDuration\tMarker Type\n"),
    "OTIO": (Kind.OTIO, ' \n{\n  "name": "x", "OTIO_SCHEMA": "Timeline.1"}'),
    "FCP 7": (Kind.FCP7, '<?xml version="1.0"?><!-- <fcpxml> --><!DOCTYPE xmeml>\n<xmeml version="4"/>'),
    "FCP 7 without a head": (Kind.FCP7, "<xmeml/>"),
    "FCPXML": (Kind.FCPXML, '<?xml version="1.0"?>\n<!DOCTYPE fcpxml [<!ELEMENT fcpxml ANY>]>\n<fcpxml/>'),
    "Final Draft": (Kind.FINAL_DRAFT, "<FinalDraft></FinalDraft>"),
    "WebVTT": (Kind.WEBVTT, "WEBVTT\n\n00:00.000 --> 00:01.000\nOne"),
    "Matroska": (Kind.MOVIE, "\x1aE\xdf\xa3"),
    "MP4": (Kind.MOVIE, "\0\0\0 ftypisom"),
    "Fountain": (Kind.FOUNTAIN, "Title: X\n\nINT. KITCHEN - NIGHT, later\n"),
}


@pytest.mark.parametrize("suffix", ["", ".txt", ".csv", ".edl", ".xml"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_format_is_told_by_content_not_by_name(tmp_path: Path, name: str, suffix: str) -> None:
    kind, content = EXAMPLES[name]
    path = tmp_path / f"export{suffix}"
    path.write_bytes(content.encode("latin-1"))
    assert kind_of(Source(path)) is kind


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty; for a list by hand, make the first line name,start,end"),
        (b" \r\n\n", "the file is empty"),
        (b"PK\x03\x04rest", "this is a zipped project or bundle: export an EDL, XML or .otio from it instead"),
        (b"<html><body>", "XML of <html>, expected <xmeml>"),
        (b"<!-- never closed", "XML of <?>, expected <xmeml>"),
        (b"<!-- a -->" * 50 + b"<", "XML of <?>, expected <xmeml>"),
        (b'{"scenes": []}', "JSON, but not OpenTimelineIO"),
        (b"1\r\n00:00:01,000 --> 00:00:02,000\r\nWords\r\n", "these are subtitles: what is said, not where scenes lie"),
        (b"Dear all\nhere is the cut\n", "none of the formats that scenes come in"),
        (bytes(range(1, 32)) * 20, "neither text nor a film with chapters"),
        (bytes(range(256)) * 4, "neither text nor a film with chapters"),
        (b"One,0,2\n", "line 1: expected a header with one column 'name'"),
    ],
)  # fmt: skip
def test_what_is_none_of_the_formats_is_refused_with_what_to_do(
    tmp_path: Path, content: bytes, said: str
) -> None:
    with pytest.raises(SceneListError, match=re.escape(said)) as caught:
        read(tmp_path, content)
    assert "\n" not in str(caught.value)
    assert "export.txt" in str(caught.value)


def test_a_missing_file_and_a_folder_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(SceneListError, match=r"cannot read .*no\.edl: No such file"):
        read_scenes(tmp_path / "no.edl")
    with pytest.raises(
        SceneListError, match="this is a folder; give the file that your editing program exported"
    ):
        read_scenes(tmp_path)


# Lists by hand go the same way


def test_a_csv_needs_no_rate_and_says_none(tmp_path: Path) -> None:
    found = read(tmp_path, "name,start,end\nOne,0,2\nTwo,2,\n", None, duration_ms=3000)
    assert times(found) == [("One", 0, 2000), ("Two", 2000, 3000)]
    assert (found.format, found.rate, found.notes) == ("CSV", None, ())


def test_the_last_scene_of_a_csv_ends_where_it_is_said(tmp_path: Path) -> None:
    text = "name,start,end\nOne,01:00:00;00,\nTwo,01:01:00;02,\n"
    found = read(tmp_path, text, "29.97df", "01:00:00;00", end_timecode="01:02:00;02")
    assert times(found)[-1] == ("Two", *frames_ms(1800, 3598, at="29.97df"))
    text = "name,start,end\nOne,0,60\nTwo,60,90\n"
    found = read(tmp_path, text, "29.97df", "01:00:00;00", end_timecode="01:00:30;00")
    assert times(found) == [("One", 0, *frames_ms(900, at="29.97df"))]


def test_a_csv_of_windows_is_read_and_what_was_guessed_is_said(tmp_path: Path) -> None:
    found = read(tmp_path, "name;start;end\nCafé;0;2\n".encode("cp1252"))
    assert found.scenes[0].name == "Café"
    assert "not UTF-8: read as Windows text" in notes(found)[0]
    assert read(tmp_path, "name\tstart\nCafé\t0\n".encode("utf-16"), duration_ms=9).scenes[0].name == "Café"


def test_a_csv_is_not_grouped(tmp_path: Path) -> None:
    with pytest.raises(SceneListError, match="a list by hand names its scenes already: leave --group out"):
        read(tmp_path, "name,start,end\nOne,0,2\n", group="name")


@pytest.mark.parametrize(
    ("library", "content"),
    [
        ("defusedxml", "<xmeml/>"),
        ("av", "\x1aE\xdf\xa3"),
    ],
)
def test_without_its_library_a_format_says_what_to_install_and_others_work(
    tmp_path: Path, library: str, content: str
) -> None:
    (tmp_path / "export").write_bytes(content.encode("latin-1"))
    (tmp_path / "edl").write_text(edl([("One", 0, 25)], rate("25")))
    program = (
        "import sys\n"
        "for name in ('opentimelineio', 'defusedxml', 'av', 'pycmx', 'webvtt'): sys.modules[name] = None\n"
        "from analytics.errors import MissingLibraryError\n"
        "from analytics.scene_files.read import read_scenes\n"
        "from contract.film_time import FrameRate\n"
        "print(len(read_scenes(sys.argv[2], FrameRate.parse('25')).scenes))\n"
        "try: read_scenes(sys.argv[1])\n"
        "except MissingLibraryError as error: print(error)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "export", tmp_path / "edl"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    scenes, said = ran.stdout.splitlines()
    assert scenes == "1"
    assert f"needs {library}, which is not installed here: pip install 'houselights[edit]'" in said
