from __future__ import annotations

from pathlib import Path

import pytest

from analytics.errors import SceneListError
from analytics.scene_files.fountain import ScriptScene
from analytics.scene_files.model import Span
from analytics.scene_files.slates import join, read_script
from analytics.scene_files.source import Source
from tests.analytics.scene_files.samples import edl, frames_ms, notes, rate, read, times

FOUNTAIN = """\
Title: Rough 2
Author: A. Writer

FADE IN:

INT. KITCHEN - NIGHT #12#

Anna waits. INT. is not a heading here,
EXT. nor is this.

EXT. STREET - NIGHT #12A#

/*
INT. CUT OUT - DAY #99#
*/

[[ EXT. A NOTE - DAY #98# ]]

.THE WRONG HOUSE #13#

...and so on.

int./ext. car - day #14-A#
"""
FDX = """\
<?xml version="1.0" encoding="UTF-8" standalone="no" ?>
<FinalDraft DocumentType="Script" Template="No" Version="5">
<Content>
<Paragraph Number="12" Type="Scene Heading"><SceneProperties Length="1/8" Page="1"/><Text>INT. KITCHEN - </Text><Text Style="Bold">NIGHT</Text></Paragraph>
<Paragraph Type="Action"><Text>Anna waits.</Text></Paragraph>
<Paragraph Number="12A" Type="Scene Heading"><Text>EXT. STREET - NIGHT</Text></Paragraph>
<Paragraph Number="13" Type="Scene Heading"><Text>THE WRONG HOUSE</Text></Paragraph>
<Paragraph Number="14-A" Type="Scene Heading"><Text>int./ext. car - day</Text></Paragraph>
</Content>
</FinalDraft>
"""  # noqa: E501  # as Final Draft breaks its lines
SCENES = [
    ("12", "INT. KITCHEN - NIGHT"),
    ("12A", "EXT. STREET - NIGHT"),
    ("13", "THE WRONG HOUSE"),
    ("14-A", "int./ext. car - day"),
]


def script(tmp_path: Path, content: str | bytes) -> Source:
    path = tmp_path / "script.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Source(path)


WRITTEN = {
    "Fountain": FOUNTAIN.encode(),
    "Fountain of Windows": FOUNTAIN.replace("\n", "\r\n").encode("utf-8-sig"),
    "Final Draft": FDX.encode(),
    "Final Draft in UTF-16": FDX.replace("UTF-8", "UTF-16").encode("utf-16"),
}


@pytest.mark.parametrize("content", WRITTEN.values(), ids=WRITTEN)
def test_the_numbered_scenes_of_a_script(tmp_path: Path, content: bytes) -> None:
    scenes, said = read_script(script(tmp_path, content))
    assert [(scene.number, scene.heading) for scene in scenes] == SCENES
    assert said == []


@pytest.mark.parametrize("content", [FOUNTAIN, FDX], ids=["Fountain", "Final Draft"])
def test_a_script_alone_has_no_times(tmp_path: Path, content: str) -> None:
    with pytest.raises(
        SceneListError, match="a script says which scenes there are, not when: give the cut's EDL"
    ):
        read(tmp_path, content)


SLATES = {
    "12-1": "12", "12-3.mov": "12", "12_T2": "12", "12/3-1": "12", "12": "12", "012-4": "12", "12T3": "12",
    "12A-3": "12A", "12A_T2": "12A", "12a t03": "12A", "12A.mov": "12A", "12A-3.new.01": "12A", "0012A-1": "12A",
    "Sc 12 Tk 3": "12", "Scene_12A_Take_2.mov": "12A", "S12A_T03": "12A", "SC012A_TK02": "12A", "A cam sc12a-2": "12A",
    "12B-1": "12", "12AB-2": "12A", "13C-1": "13", "14A-2": "14-A", "13/01-03": "13",
    "A001_C003_0101AB": None, "A012C003_190627JC": None, "Drone 12": None, "120-1": None, "Titles": None, "": None,
    "B13-1": None, "11-2": None,
}  # fmt: skip


@pytest.mark.parametrize(("name", "number"), SLATES.items())
def test_the_number_on_the_slate(name: str, number: str | None) -> None:
    known = [ScriptScene(number, heading, 1) for number, heading in SCENES]
    spans = [Span(name, 0, 1), Span("13-1", 1, 2)]
    joined, _ = join(spans, known)
    named = {number: f"{number} {heading}" for number, heading in SCENES}
    assert joined[0].name == (named[number] if number else name)


def test_shots_are_joined_to_the_scenes_of_the_script(tmp_path: Path) -> None:
    at = rate("25")
    names = ["12-1", "A001_C003", "12B-2", "12A_T2", "Titles", "13-1", "12C-4"]
    text = edl([(name, 25 * number, 25 * (number + 1)) for number, name in enumerate(names)], at)
    found = read(tmp_path, text, script=script(tmp_path, FOUNTAIN).path)
    assert times(found) == [
        ("12 INT. KITCHEN - NIGHT", *frames_ms(0, 75)),
        ("12A EXT. STREET - NIGHT", *frames_ms(75, 100)),
        ("Titles", *frames_ms(100, 125)),
        ("13 THE WRONG HOUSE", *frames_ms(125, 150)),
        ("12 INT. KITCHEN - NIGHT (2)", *frames_ms(150, 175)),
    ]
    assert notes(found) == [
        "line 12: 'Titles' carries no number of the script: a scene by itself",
        "the cut has no shot of the script's scene 14-A",
    ]


def test_markers_too_are_joined_by_their_numbers(tmp_path: Path) -> None:
    text = "Editor\t00:00:00:00\tV1\tred\t12A\t1\nEditor\t00:00:10:00\tV1\tred\tSc 13\t1\n"
    found = read(tmp_path, text, script=script(tmp_path, FDX).path, end_timecode="00:01:00:00")
    assert [scene.name for scene in found.scenes] == ["12A EXT. STREET - NIGHT", "13 THE WRONG HOUSE"]


def test_a_script_without_numbers_is_counted(tmp_path: Path) -> None:
    source = script(tmp_path, "INT. ONE - DAY\n\nWords.\n\nEXT. TWO - DAY\n")
    scenes, said = read_script(source)
    assert [(scene.number, scene.heading) for scene in scenes] == [
        ("1", "INT. ONE - DAY"),
        ("2", "EXT. TWO - DAY"),
    ]
    assert [str(note) for note in said] == [
        f"{source.path}: no scene carries a number; counted from 1 in the script's order"
    ]


def test_a_number_twice_is_named(tmp_path: Path) -> None:
    source = script(tmp_path, FOUNTAIN.replace("#13#", "#012#"))
    scenes, said = read_script(source)
    assert [scene.number for scene in scenes] == ["12", "12A", "14-A"]
    assert [str(note) for note in said] == [
        f"{source.path}, line 19: scene 012 is already on line 6: left out"
    ]


def test_shots_that_carry_no_number_at_all_are_refused(tmp_path: Path) -> None:
    text = edl([("A001_C001", 0, 25), ("A001_C002", 25, 50)], rate("25"))
    with pytest.raises(SceneListError, match="no clip carries the number of a scene of the script"):
        read(tmp_path, text, script=script(tmp_path, FOUNTAIN).path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (edl([("12-1", 0, 25)], rate("25")), "no script: --script takes Fountain, or Final Draft's .fdx"),
        (FDX.replace("Scene Heading", "Action"), "the script has no scene headings"),
        ("", "the file is empty"),
    ],
)
def test_what_is_no_script_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = script(tmp_path, content).path
    with pytest.raises(SceneListError, match=said):
        read(tmp_path, edl([("12-1", 0, 25)], rate("25")), script=path)


def test_a_script_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SceneListError, match=r"cannot read .*none\.fountain: No such file"):
        read(tmp_path, edl([("12-1", 0, 25)], rate("25")), script=tmp_path / "none.fountain")
