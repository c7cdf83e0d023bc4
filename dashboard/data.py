"""What the page shows, read once a publish through ``analytics.serving``; figures become percent here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from analytics.serving import Serving
from contract.film_time import FrameRate, format_timecode, ms_to_frame, parse_timecode
from dashboard.frames import Row

TIMELINE = ("t_ms", "d_ms", "emotion", "viewers", "showing", "share", "share_low", "share_high", "mean")
SECONDS = ("t_ms", "d_ms", "viewers", "valence", "attention")
SCENES = (
    "scene", "name", "start_ms", "end_ms", "viewers", "valence", "valence_low", "valence_high",
    "attention", "strongest",
)  # fmt: skip
REACTIONS = (
    "scene", "emotion", "viewers", "showing", "share", "share_low", "share_high", "mean",
    "mean_low", "mean_high",
)  # fmt: skip
_SHARES = ("share", "share_low", "share_high")


@dataclass(frozen=True)
class Choice:
    """A film's cut, and one screening of it; ``screening`` is None while nobody has watched that cut."""

    film: str
    title: str
    cut: str
    frame_rate: str
    start_timecode: str
    screening: str | None = None
    k: int = 0
    sessions: int = 0
    viewers: int = 0
    simulated: int = 0
    running: bool = False
    seconds: int = 0

    def timecode(self, film_ms: int) -> str:
        """Timecode of the cut's frame at ``film_ms``, milliseconds from its first frame."""
        return timecoder(self.frame_rate, self.start_timecode)(film_ms)


@dataclass(frozen=True)
class ScreeningData:
    """The published tables of one screening; shares are percent, columns as in the tuples above."""

    timeline: pd.DataFrame
    seconds: pd.DataFrame
    scenes: pd.DataFrame
    reactions: pd.DataFrame
    left_out: tuple[Row, ...]

    def scene(self, number: int) -> pd.Series[Any]:
        """Its row of ``scenes``; raises KeyError when the cut has no such scene."""
        found = self.scenes[self.scenes["scene"] == number]
        if found.empty:
            raise KeyError(number)
        return found.iloc[0]

    def reactions_of(self, number: int) -> pd.DataFrame:
        """The seven emotions of one scene; no rows when it was left out."""
        return self.reactions[self.reactions["scene"] == number]


def timecoder(frame_rate: str, start_timecode: str) -> Callable[[int], str]:
    """A function from film ms to timecode, for one cut."""
    rate = FrameRate.parse(frame_rate)
    start = parse_timecode(start_timecode, rate)
    return lambda film_ms: format_timecode(start + ms_to_frame(film_ms, rate), rate)


def read_choices(serving: Serving) -> list[Choice]:
    """Every cut with each of its screenings, running ones first; a cut without one appears once.

    Raises StoreError when nothing is published yet.
    """
    choices: list[Choice] = []
    for row in serving.query("films"):
        cut = Choice(row["film"], row["title"], row["cut"], row["frame_rate"], row["start_timecode"])
        shown = serving.query("screenings", film=cut.film, cut=cut.cut)
        choices += [
            Choice(
                cut.film, cut.title, cut.cut, cut.frame_rate, cut.start_timecode,
                screening=one["screening"], k=one["k"], sessions=one["sessions"], viewers=one["viewers"],
                simulated=one["simulated_viewers"], running=one["running"], seconds=one["seconds"],
            )
            for one in shown
        ] or [cut]  # fmt: skip
    return choices


def read_screening(serving: Serving, screening: str) -> ScreeningData:
    """The tables of one screening. Raises StoreError when nothing is published yet."""
    return ScreeningData(
        timeline=_percent(_frame(serving.query("timeline", screening=screening), TIMELINE)),
        seconds=_frame(serving.query("seconds", screening=screening), SECONDS),
        scenes=_frame(serving.query("scenes", screening=screening), SCENES),
        reactions=_percent(
            _frame(serving.query("dashboard_scene_reactions", screening=screening), REACTIONS)
        ),
        left_out=tuple(serving.query("left_out", screening=screening)),
    )


@st.cache_data(show_spinner=False, max_entries=4)
def choices(store_dir: str, version: str) -> list[Choice]:
    """``read_choices``, kept until the next publish changes ``version``."""
    del version  # a part of the key only
    return read_choices(Serving(Path(store_dir)))


@st.cache_data(show_spinner=False, max_entries=8)
def screening_data(store_dir: str, version: str, screening: str) -> ScreeningData:
    """``read_screening``, kept until the next publish changes ``version``."""
    del version  # a part of the key only
    return read_screening(Serving(Path(store_dir)), screening)


def _frame(rows: list[Row], columns: Sequence[str]) -> pd.DataFrame:
    """Rows as a frame that has its columns even when there are no rows."""
    return pd.DataFrame(rows, columns=list(columns))


def _percent(frame: pd.DataFrame) -> pd.DataFrame:
    shares = [column for column in _SHARES if column in frame]
    frame[shares] = frame[shares].astype(float) * 100
    return frame
