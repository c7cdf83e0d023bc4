from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import webvtt

from analytics.errors import SceneListError
from analytics.scene_files.model import SceneFile
from analytics.scene_files.read import read_scenes
from tests.analytics.scene_files.samples import frames_ms, notes, rate, read, times

VTT = """\
WEBVTT - chapters of Rough 2

STYLE
::cue { color: red }

NOTE
not --> a cue

one
00:00.000 --> 01:30.500
<b>12 KITCHEN</b> &amp; hall

00:01:30.500 --> 00:04:00.000 align:start position:0%
13 STREET,
night

three
01:00:04.000 --> 01:10:00.000
"""
CHAPTERS = [
    ("12 KITCHEN & hall", 0, 90_500), ("13 STREET, night", 90_500, 240_000), ("three", 3_604_000, 4_200_000),
]  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        VTT.encode(),
        ("\ufeff" + VTT).replace("\n", "\r\n").encode(),
        VTT.replace("\n\n", "\n\n \n\n").encode(),
        VTT.replace(".500", ",500").encode(),
        VTT.replace("\n", "\r").encode(),
    ],
    ids=["plain", "Windows", "blank lines", "commas", "old Mac"],
)
def test_cues_are_scenes(tmp_path: Path, content: bytes) -> None:
    found = read(tmp_path, content, None)
    assert times(found) == CHAPTERS
    assert (found.format, found.notes, found.rate) == ("WebVTT", (), None)


def test_another_reader_of_webvtt_reads_the_same_times(tmp_path: Path) -> None:
    independent = webvtt.from_string(VTT)
    starts = [cue.start_in_seconds for cue in independent.captions]
    assert [scene.start_ms // 1000 for scene in read(tmp_path, VTT, None).scenes] == starts


def test_cues_that_are_not_sound_are_named(tmp_path: Path) -> None:
    text = (
        VTT
        + "\n00:05:00 --> soon\nLate\n\n01:20:00.000 --> 01:15:00.000\nBack\n\n00:03:00.000 --> 00:05:00.000\nOver\n"
    )
    found = read(tmp_path, text)
    assert times(found)[1:3] == [("13 STREET, night", 90_500, 180_000), ("Over", 180_000, 300_000)]
    assert notes(found) == [
        "line 13: '13 STREET, night' reaches into 'Over' on line 26: it ends there",
        "line 20: a cue's times cannot be read: left out",
        "line 23: a cue that ends before it begins: left out",
        "not in film order (line 26): put in the order of their times",
    ]


def test_milliseconds_beside_a_frame_are_that_frame(tmp_path: Path) -> None:
    text = "WEBVTT\n\n00:00:01.001 --> 00:00:02.001\nOne\n\n00:00:02.001 --> 00:00:03.020\nTwo\n"
    found = read(tmp_path, text, "24000/1001")
    assert times(found) == [("One", *frames_ms(24, 48, at="24000/1001")), ("Two", 2002, 3020)]


def test_subtitles_are_recognised(tmp_path: Path) -> None:
    lines = "".join(
        f"00:00:{second:02}.000 --> 00:00:{second + 1:02}.500\nWords\n\n" for second in range(0, 58, 2)
    )
    assert notes(read(tmp_path, f"WEBVTT\n\n{lines}")) == [
        "these look like subtitles, not chapters: each cue became a scene"
    ]
    with pytest.raises(SceneListError, match="these are subtitles: what is said, not where scenes lie"):
        read(tmp_path, "1\n" + lines.replace(".", ","))


def test_an_empty_list_of_chapters_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SceneListError, match="it holds no shots; export"):
        read(tmp_path, "WEBVTT\n\nNOTE nothing\n")


# Films


def film(path: Path, chapters: list[tuple[str, int, int]], at: str = "25", seconds: int = 4) -> Path:
    """A grey film with chapters of (title, first millisecond, millisecond after the last)."""
    with av.open(str(path), "w") as made:
        stream = made.add_stream("mpeg4", rate=rate(at).fraction)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        made.set_chapters(
            [
                {
                    "id": number, "start": start, "end": end, "time_base": Fraction(1, 1000),
                    "metadata": {"title": title} if title else {},
                }
                for number, (title, start, end) in enumerate(chapters, start=1)
            ]
        )  # fmt: skip
        for _ in range(round(seconds * rate(at).fraction)):
            made.mux(
                stream.encode(av.VideoFrame.from_ndarray(np.full((48, 64, 3), 128, np.uint8), format="rgb24"))
            )
        made.mux(stream.encode(None))
    return path


def read_film(path: Path, at: str | None = None) -> SceneFile:
    """What is read from a film under a name that says nothing."""
    return read_scenes(path.rename(path.with_suffix(".txt")), rate(at) if at else None)


THREE = [("Küche", 0, 1480), ("Street", 1480, 3000), ("Roof", 3000, 4000)]


@pytest.mark.parametrize("suffix", [".mkv", ".mp4", ".mov"])
@pytest.mark.parametrize("at", ["25", "24000/1001"])
def test_the_chapters_of_a_film(tmp_path: Path, suffix: str, at: str) -> None:
    found = read_film(film(tmp_path / f"film{suffix}", THREE, at))
    assert times(found) == THREE
    assert (found.format, found.rate) == ("film with chapters", rate(at))


def test_chapters_without_titles_are_numbered_and_another_rate_is_told(tmp_path: Path) -> None:
    found = read_film(film(tmp_path / "film.mkv", [("", 0, 2000), ("", 2000, 4000)]), "24")
    assert times(found) == [("Chapter 1", 0, 2000), ("Chapter 2", 2000, 4000)]
    assert notes(found) == ["the film's file runs at 25 frames a second, the cut at 24"]


def test_a_film_without_chapters_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SceneListError, match="the film has no chapters: export an EDL"):
        read_film(film(tmp_path / "film.mkv", []))


def test_what_only_begins_like_a_film_is_refused(tmp_path: Path) -> None:
    for start in (b"\x1aE\xdf\xa3", b"\x00\x00\x00\x1cftypisom"):
        with pytest.raises(SceneListError, match="this is no film that can be opened: Invalid data found"):
            read(tmp_path, start + bytes(100))


def test_pictures_in_a_film_are_not_decoded(tmp_path: Path) -> None:
    path = film(tmp_path / "film.mkv", THREE)
    data = bytearray(path.read_bytes())
    assert io.BytesIO(data).getbuffer().nbytes > 2000
    data[-400:-200] = bytes(200)  # in the last pictures
    path.write_bytes(data)
    assert times(read_film(path)) == THREE
