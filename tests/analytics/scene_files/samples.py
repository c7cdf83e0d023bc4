"""Small files of scenes, written as the programs write them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analytics.scene_files.model import SceneFile
from analytics.scene_files.read import read_scenes
from contract.film_time import FrameRate, format_timecode, frame_to_ms

RATES = ("24000/1001", "24", "25", "30000/1001", "29.97df", "30", "50", "59.94df")
"""Every rate that films are cut at, by the names people give them."""

Times = list[tuple[str, int, int]]


def rate(text: str) -> FrameRate:
    return FrameRate.parse(text)


def read(
    folder: Path, content: str | bytes, at: str | None = "25", start: str | None = None, **more: Any
) -> SceneFile:
    """What ``read_scenes`` makes of a file with a name that says nothing."""
    path = folder / "export.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_scenes(path, rate(at) if at else None, start, **more)


def times(found: SceneFile) -> Times:
    return [(scene.name, scene.start_ms, scene.end_ms) for scene in found.scenes]


def notes(found: SceneFile) -> list[str]:
    return [str(note) for note in found.notes]


def frames_ms(*frames: int, at: str = "25") -> tuple[int, ...]:
    return tuple(frame_to_ms(frame, rate(at)) for frame in frames)


def event(
    number: int,
    start: int,
    end: int,
    at: FrameRate,
    *,
    name: str = "",
    reel: str = "A001",
    transition: str = "C   ",
) -> str:
    """An event of an EDL whose record times are these frames from 00:00:00:00."""
    edges = [format_timecode(frame, at) for frame in (start, end)]
    line = f"{number:03}  {reel:8} V     {transition:8} {' '.join(edges)} {' '.join(edges)}"
    return f"{line}\n* FROM CLIP NAME: {name}\n" if name else f"{line}\n"


def edl(shots: Sequence[tuple[str, int, int]], at: FrameRate) -> str:
    """A clean EDL of (name, first frame, frame after the last) from 00:00:00:00."""
    head = f"TITLE: ROUGH 2\nFCM: {'' if at.drop_frame else 'NON-'}DROP FRAME\n\n"
    return head + "".join(
        event(number, start, end, at, name=name) for number, (name, start, end) in enumerate(shots, start=1)
    )
