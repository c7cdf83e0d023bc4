"""What the pages show, read once a publish through ``analytics.serving``; shares become percent here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from analytics.serving import Serving
from contract.film_time import FrameRate, format_timecode, ms_to_frame, parse_timecode
from dashboard.frames import Row, records

SHARES = (
    "share", "share_low", "share_high", "coverage_median", "stayed_half", "stayed_end",
)  # fmt: skip
"""Columns that are 0 to 1 in the tables and percent on the pages."""


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
    cohort: str | None = None
    """What its audience has in common, where somebody said."""

    def timecode(self, film_ms: int) -> str:
        """Timecode of the cut's frame at ``film_ms``, milliseconds from its first frame."""
        return timecoder(self.frame_rate, self.start_timecode)(film_ms)


@dataclass(frozen=True)
class Published:
    """One publish of a store: every read is kept until ``version`` changes."""

    serving: Serving
    version: str

    @property
    def store_dir(self) -> Path:
        """The store directory."""
        return self.serving.path.parent

    def read(self, query: str, **params: str | int) -> pd.DataFrame:
        """The answer of ``analytics/sql/<query>.sql``, shares in percent."""
        return _read(self.serving, str(self.store_dir), self.version, query, tuple(sorted(params.items())))


class ScreeningData:
    """The published tables of one screening; a table is read when a page first asks for it."""

    def __init__(self, published: Published, screening: str) -> None:
        self.published = published
        self.screening = screening

    def read(self, query: str, **params: str | int) -> pd.DataFrame:
        """As ``Published.read``, of this screening."""
        return self.published.read(query, screening=self.screening, **params)

    @cached_property
    def timeline(self) -> pd.DataFrame:
        """Every emotion, second by second."""
        return self.read("timeline")

    @cached_property
    def seconds(self) -> pd.DataFrame:
        """Mood and attention, second by second."""
        return self.read("seconds")

    @cached_property
    def scenes(self) -> pd.DataFrame:
        """The scenes of the cut with their summaries; empty figures where k withheld them."""
        return self.read("scenes")

    @cached_property
    def reactions(self) -> pd.DataFrame:
        """The seven emotions of every scene."""
        return self.read("dashboard_scene_reactions")

    @cached_property
    def left_out(self) -> list[Row]:
        """What was withheld, and why."""
        return records(self.read("left_out"))

    def scene(self, number: int) -> pd.Series[Any]:
        """Its row of ``scenes``; raises KeyError when the cut has no such scene."""
        found = self.scenes[self.scenes["scene"] == number]
        if found.empty:
            raise KeyError(number)
        return found.iloc[0]

    def reactions_of(self, number: int) -> pd.DataFrame:
        """The seven emotions of one scene; no rows when it was left out."""
        return self.reactions[self.reactions["scene"] == number]


@lru_cache(maxsize=64)
def timecoder(frame_rate: str, start_timecode: str) -> Callable[[int], str]:
    """A function from film ms to timecode, for one cut."""
    rate = FrameRate.parse(frame_rate)
    start = parse_timecode(start_timecode, rate)
    return lambda film_ms: format_timecode(start + ms_to_frame(film_ms, rate), rate)


@st.cache_data(show_spinner=False, max_entries=4)
def choices(_serving: Serving, store_dir: str, version: str) -> list[Choice]:
    """Every cut with each of its screenings, running ones first; kept until ``version`` changes.

    Raises StoreError when nothing is published yet.
    """
    del store_dir, version  # a part of the key only
    found = []
    for row in _serving.query("choices"):
        cut = Choice(row["film"], row["title"], row["cut"], row["frame_rate"], row["start_timecode"])
        if row["screening"] is not None:
            cut = Choice(
                cut.film, cut.title, cut.cut, cut.frame_rate, cut.start_timecode,
                screening=row["screening"], k=row["k"], sessions=row["sessions"], viewers=row["viewers"],
                simulated=row["simulated_viewers"], running=row["running"], seconds=row["seconds"],
                cohort=row["cohort"],
            )  # fmt: skip
        found.append(cut)
    return found


@st.cache_data(show_spinner=False, max_entries=64)
def _read(
    _serving: Serving, store_dir: str, version: str, query: str, params: tuple[tuple[str, str | int], ...]
) -> pd.DataFrame:
    del store_dir, version  # a part of the key only
    return to_frame(_serving.columns(query, **dict(params)))


def to_frame(columns: dict[str, Any]) -> pd.DataFrame:
    """Columns as ``Serving.columns`` gives them as a frame: missing figures are NaN, shares are percent."""
    frame = pd.DataFrame({name: pd.Series(_plain(values)) for name, values in columns.items()})
    shares = [column for column in SHARES if column in frame]
    frame[shares] = frame[shares].astype(float) * 100
    return frame


def _plain(values: Any) -> Any:
    if not hasattr(values, "mask") or not values.mask.any():
        return getattr(values, "data", values) if hasattr(values, "mask") else values
    if values.dtype.kind in "iuf":
        return values.astype(float).filled(float("nan"))
    plain = values.data.astype(object)  # filled(None) would fill with numpy's own mark
    plain[values.mask] = None
    return plain
