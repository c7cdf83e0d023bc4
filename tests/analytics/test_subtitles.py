"""Held against webvtt-py, which reads both formats by other rules."""

from __future__ import annotations

from pathlib import Path

import pytest
import webvtt

from analytics.catalogue import Subtitle
from analytics.errors import SubtitleError
from analytics.subtitles import read_subtitles

SRT = """1
00:00:01,000 --> 00:00:02,500
<i>Hello</i>
there

2
00:01:03,250 --> 00:01:04,000
You & me: 3 > 2

3
01:00:00,000 --> 01:00:01,000
Late
"""
VTT = """WEBVTT - a title

NOTE nothing

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.500 align:start
<v Bob>Hello there</v>

NOTE a remark
of two lines

second
01:03.250 --> 01:04.000
You &amp; me

01:00:00.000 --> 01:00:01.000
Late
"""


@pytest.mark.parametrize(("name", "text"), [("reel.srt", SRT), ("reel.vtt", VTT)])
def test_it_reads_what_another_reader_reads(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    found = read_subtitles(path)
    theirs = webvtt.from_srt(str(path)) if name.endswith("srt") else webvtt.read(str(path))
    assert [(one.start_ms, one.end_ms) for one in found] == [
        (_ms(one.start), _ms(one.end)) for one in theirs.captions
    ]
    assert [one.text for one in found] == ["Hello there", found[1].text, "Late"]
    assert found[1].text.startswith("You & me")


def _ms(text: str) -> int:
    hours, minutes, seconds = text.split(":")
    return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)


@pytest.mark.parametrize(
    "data",
    [
        SRT.encode(),
        b"\xef\xbb\xbf" + SRT.replace("\n", "\r\n").encode(),
        SRT.encode("utf-16"),
        SRT.replace("1\n00", "00").encode(),
        ("\n\n" + SRT + "\n\n").encode(),
    ],
    ids=["plain", "Windows", "UTF-16", "a number is missing", "blank lines"],
)
def test_what_the_text_is_wrapped_in_does_no_harm(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "reel.txt"
    path.write_bytes(data)
    assert [(one.start_ms, one.text) for one in read_subtitles(path)] == [
        (1000, "Hello there"),
        (63_250, "You & me: 3 > 2"),
        (3_600_000, "Late"),
    ]


def test_they_come_in_film_order_and_silence_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "reel.srt"
    path.write_text("2\n00:00:05,000 --> 00:00:06,000\nB\n\n1\n00:00:01,000 --> 00:00:02,000\nA\n\n"
                    "3\n00:00:07,000 --> 00:00:08,000\n\n")  # fmt: skip
    assert read_subtitles(path) == [Subtitle(1000, 2000, "A"), Subtitle(5000, 6000, "B")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no line with times such as 00:01:02,500 --> 00:01:05,000"),
        ("name,start,end\nA,0,5\n", "has no line with times"),
        (
            SRT.replace("--> 00:01:04,000", "-> 00:01:04,000"),
            r"line 7: expected times such as .* got '00:01:03,250 -> ",
        ),
        (SRT.replace("00:01:04,000", "00:01:99,000"), "line 7: expected times such as"),
        (SRT.replace("00:01:04,000", ""), "line 7: expected times such as"),
        (
            SRT.replace("00:01:04,000", "00:01:01,000"),
            "line 7: the subtitle ends at 61000 ms, not after its start at 63250",
        ),
        ("1\n00:00:01,000 --> 00:00:02,000\n\n", "has no subtitle with a text"),
    ],
    ids=[
        "empty",
        "no subtitles",
        "another arrow",
        "no such second",
        "half a line",
        "backwards",
        "only silence",
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "reel.srt"
    path.write_text(text)
    with pytest.raises(SubtitleError, match=said) as caught:
        read_subtitles(path)
    assert "\n" not in str(caught.value)


def test_what_is_no_text_or_not_there_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "reel.mp4").write_bytes(bytes(range(256)) * 20)
    with pytest.raises(SubtitleError, match="is no text"):
        read_subtitles(tmp_path / "reel.mp4")
    with pytest.raises(SubtitleError, match=r"cannot read .*none\.srt: No such file"):
        read_subtitles(tmp_path / "none.srt")
