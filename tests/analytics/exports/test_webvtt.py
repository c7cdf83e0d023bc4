from __future__ import annotations

import io

import webvtt as webvtt_py

from analytics.exports.figures import Figures
from analytics.exports.webvtt import webvtt
from tests.analytics.exports.made import a_film, figures, second, shown


def _cues(told: Figures) -> list[tuple[str, str, str]]:
    read = webvtt_py.from_buffer(io.BytesIO(webvtt(told)))
    return [(cue.start, cue.end, cue.text) for cue in read.captions]


def test_a_cue_a_stretch_with_its_highest_second() -> None:
    assert _cues(a_film()) == [
        ("00:01:10.000", "00:01:14.000", "62% happy (26 of 42)"),
        ("00:01:14.000", "00:01:18.000", "60% happy (25 of 42)"),
        ("00:02:30.000", "00:02:33.000", "43% afraid (18 of 42)"),
    ]


def test_the_emotion_that_most_show_leads_and_a_change_begins_a_cue() -> None:
    told = figures(
        seconds=[second(0, {"happy": 20, "sad": 10}), second(1, {"happy": 10, "sad": 21, "neutral": 40})]
    )
    assert [text for *_, text in _cues(told)] == ["48% happy (20 of 42)", "50% sad (21 of 42)"]


def test_withheld_seconds_end_a_cue() -> None:
    told = figures(seconds=[second(0, {"happy": 20}), second(2, {"happy": 20})])
    assert [(start, end) for start, end, _ in _cues(told)] == [
        ("00:00:00.000", "00:00:01.000"),
        ("00:00:02.000", "00:00:03.000"),
    ]


def test_a_film_past_the_hour() -> None:
    assert _cues(figures(seconds=[second(3725, {"fear": 30})]))[0][0] == "01:02:05.000"


def test_few_viewers_and_simulated_ones_are_called_so_in_every_cue() -> None:
    told = figures(about=shown(viewers=7, simulated=7), seconds=[second(0, {"sad": 5}, viewers=7)])
    assert [text for *_, text in _cues(told)] == ["71% sad (5 of 7, simulated) · few viewers"]


def test_a_title_cannot_break_the_file() -> None:
    told = figures(
        about=shown(title="A --> B\n\n00:00.000 --> 00:09.000\nx"), seconds=[second(0, {"sad": 20})]
    )
    assert len(_cues(told)) == 1
    assert webvtt(told).decode().splitlines()[2].startswith("NOTE A → B 00:00.000 → 00:09.000 x")


def test_nothing_stood_out() -> None:
    assert _cues(figures(seconds=[second(at, {"happy": 3}) for at in range(5)])) == []
