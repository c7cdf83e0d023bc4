"""Figures of one screening out of ``serving.duckdb``."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from analytics.exports.errors import ExportError
from analytics.exports.figures import Figures, LeftOut, Moment, Reaction, Scene, Second, Shown, Summary
from analytics.exports.markers import DIP, SPLIT
from analytics.serving import Serving
from contract.film_time import FrameRate, parse_timecode


def read_figures(serving: Serving, screening: str) -> Figures:
    """All that is published of ``screening``, from one publish.

    Raises ExportError when it is not there or nothing of it may be shown, StoreError when nothing is published yet.
    """
    with serving.held():
        return _read(serving, screening)


def need_figures(figures: Figures) -> Figures:
    """The same figures; raises ExportError when k withheld every second and every scene."""
    if not figures.seconds and not figures.known:
        shown = figures.shown
        raise ExportError(
            f"nothing of screening {shown.screening!r} can be shown: no second or scene had {shown.k} viewers "
            "or more, or nothing has been taken in yet"
        )
    return figures


def _read(serving: Serving, screening: str) -> Figures:
    found = serving.query("export_screening", screening=screening)
    if not found:
        there = ", ".join(row["screening"] for row in serving.query("export_screenings")) or "none yet"
        raise ExportError(f"no screening {screening!r} is published in {serving.path}; there are: {there}")
    timeline: defaultdict[int, dict[str, Reaction]] = defaultdict(dict)
    for row in serving.query("timeline", screening=screening):
        timeline[row["t_ms"]][row["emotion"]] = _reaction(row)
    of_scene: defaultdict[int, dict[str, Reaction]] = defaultdict(dict)
    for row in serving.query("export_scene_reactions", screening=screening):
        of_scene[row["scene"]][row["emotion"]] = _reaction(row)
    return Figures(
        shown=_shown(found[0]),
        scenes=tuple(
            _scene(row, of_scene[row["scene"]]) for row in serving.query("scenes", screening=screening)
        ),
        seconds=tuple(
            Second(
                row["t_ms"],
                row["d_ms"],
                row["viewers"],
                row["valence"],
                row["attention"],
                timeline[row["t_ms"]],
            )
            for row in serving.query("seconds", screening=screening)
        ),
        left_out=tuple(
            LeftOut(row["what"], row["cells"], row["reason"])
            for row in serving.query("left_out", screening=screening)
            if row["what"] in {"second", "scene", "viewer"}
        ),
        moments=tuple(
            Moment(*(row[name] for name in Moment.__slots__))
            for row in serving.query("moments", screening=screening)
            if row["kind"] in {DIP, SPLIT}
        ),
    )


def _shown(row: dict[str, Any]) -> Shown:
    rate = FrameRate.parse(row["frame_rate"])
    return Shown(
        screening=row["screening"],
        film=row["film"],
        title=row["title"],
        cut=row["cut"],
        rate=rate,
        start_frame=parse_timecode(row["start_timecode"], rate),
        k=row["k"],
        sessions=row["sessions"],
        viewers=row["viewers"],
        simulated=row["simulated_viewers"],
        running=row["running"],
        version=row["version"],
        published_at=row["published_at"],
    )


def _scene(row: dict[str, Any], reactions: dict[str, Reaction]) -> Scene:
    summary = None
    if row["viewers"] is not None:
        summary = Summary(
            row["viewers"],
            row["valence"],
            row["valence_low"],
            row["valence_high"],
            row["attention"],
            row["strongest"],
        )
    return Scene(row["scene"], row["name"], row["start_ms"], row["end_ms"], summary, reactions)


def _reaction(row: dict[str, Any]) -> Reaction:
    names = ("emotion", "viewers", "showing", "share", "share_low", "share_high")
    return Reaction(*(row[name] for name in names))
