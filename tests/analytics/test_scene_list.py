from __future__ import annotations

import re
from pathlib import Path

import pytest

from analytics.catalogue import Scene
from analytics.errors import SceneListError
from analytics.scene_list import read_scene_csv
from contract.film_time import FrameRate

RATE = FrameRate.parse("25")
THREE = [Scene("One", 0, 2000), Scene("Two", 2000, 62_040), Scene("Three", 62_040, 90_500)]


def read(
    tmp_path: Path, content: str | bytes, rate: FrameRate = RATE, start: str = "00:00:00:00"
) -> list[Scene]:
    path = tmp_path / "scenes.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_scene_csv(path, rate, start)


@pytest.mark.parametrize(
    "content",
    [
        "name,start,end\nOne,0,2\nTwo,2,62.04\nThree,62.04,90.5\n",
        "name,start,end\nOne,00:00:00:00,00:00:02:00\nTwo,00:00:02:00,00:01:02:01\nThree,00:01:02:01,90.5",
        "name,start,end\nOne,0,\nTwo,2,\nThree,62.04,90.5\n",
        "\ufeffname,start,end\r\n\r\nOne,0,2\r\n,,\r\nTwo,2,62.04\r\n  \r\nThree,62.04,90.5\r\n\r\n",
        "Name;Start;End\nOne;0;2\nTwo;2;62,04\nThree;62,04;90,5\n",
        "end\tname\tstart\tcolour\n2\tOne\t0\tred\n62.04\tTwo\t2\t\n90.5\tThree\t62.04\n",
        ' name , start , end \n One , 0 , 2 \n"Two", "2", "62.04"\nThree,62.04,90.5,,,\n',
        "name,start,end\rOne,0,2\rTwo,2,62.04\rThree,62.04,90.5\r",
    ],
    ids=["seconds", "timecodes", "no ends", "windows", "semicolons", "tabs", "spaces and quotes", "old mac"],
)
def test_messy_but_sound_lists_are_read(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content) == THREE


def test_timecodes_count_from_the_first_frame_of_the_cut_and_seconds_from_zero(tmp_path: Path) -> None:
    found = read(tmp_path, "name,start,end\nOne,01:00:00:00,01:00:02:12\nTwo,3.5,4", start="01:00:00:00")
    assert found == [Scene("One", 0, 2480), Scene("Two", 3500, 4000)]


def test_drop_frame_timecodes_are_read(tmp_path: Path) -> None:
    rate = FrameRate.parse("29.97df")
    found = read(tmp_path, "name,start,end\nOne,00:00:00;00,00:10:00;00", rate, "00:00:00;00")
    assert found == [Scene("One", 0, 599_999)]


def test_a_name_may_hold_a_comma_or_a_line_break(tmp_path: Path) -> None:
    found = read(tmp_path, 'name,start,end\n"Rain, again",0,2\n"Two\nlines",2,3\n')
    assert [scene.name for scene in found] == ["Rain, again", "Two\nlines"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name,start,end\nA,0,5\nB,4,9\n", "line 2: 'A' ends at 5 s, after 'B' on line 3 starts at 4 s"),
        ("name,start,end\nA,9,5\n", "line 2: 'A' ends at 5 s, not after its start at 9 s"),
        ("name,start,end\nA,5,5\n", "line 2: 'A' ends at 5 s, not after"),
        (
            "name,start,end\nA,5,9\n\nB,0,4\n",
            "line 4: 'B' starts before 'A' on line 2 does; list scenes in film order",
        ),
        ("name,start,end\nA,0,5\nA,5,9\n", "line 3: 'A' is already on line 2"),
        ("name,start,end\nA,0,5\nB,5,\n", "line 3: the last scene, 'B', has no end"),
        ("name,start\nA,0\n", "line 2: the last scene, 'A', has no end"),
        (
            "name,start,end\nA,0,soon\n",
            "line 2: 'soon' is neither a timecode at 25 frames a second nor seconds",
        ),
        ("name,start,end\nA,0,00:00:02:25\n", "line 2: '00:00:02:25' is neither"),
        ("name,start,end\nA,-1,5\n", "line 2: '-1' is neither"),
        ("name,start,end\nA,1e3,5\n", "line 2: '1e3' is neither"),
        ("name,start,end\nA,0,90000\n", "line 2: 90000 s is more than a day"),
        ("name,start,end\n,0,5\n", "line 2: a scene without a name"),
        ("name,start,end\nA,,5\n", "line 2: 'A' has no start"),
        ("name,start,end\nRain, again,0,5\n", "line 2: 4 cells under 3 columns; put quotation marks"),
        ('name,start,end\n"A,0,5\n', "not CSV"),
        ("A,0,5\nB,5,9\n", "line 1: expected a header with one column 'name', got 'A,0,5'"),
        ("name,start,start\n", "line 1: expected a header with one column 'start'"),
        ("name,start,end\n", "no scenes below the header"),
        ("", "is empty; make the first line name,start,end"),
        (b"name,start,end\nCaf\xe9,0,5\n", "is not UTF-8 text: save it as CSV UTF-8"),
        ("name,start,end\n\x00,0,5\x00\n", "line 2"),
    ],
)
def test_what_is_no_list_of_scenes_is_refused_by_line(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    with pytest.raises(SceneListError, match=re.escape(message)) as caught:
        read(tmp_path, content)
    assert "\n" not in str(caught.value)


def test_a_time_before_the_first_frame_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SceneListError, match="line 2: 00:59:59:24 lies before the cut's first frame"):
        read(tmp_path, "name,start,end\nA,00:59:59:24,01:00:01:00\n", start="01:00:00:00")


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SceneListError, match=r"cannot read .*no\.csv: No such file"):
        read_scene_csv(tmp_path / "no.csv", RATE)
