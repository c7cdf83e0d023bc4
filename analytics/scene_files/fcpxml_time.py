"""The times of FCPXML: exact seconds, counted by each element on the time of what holds it."""

from __future__ import annotations

import re
from fractions import Fraction

from analytics.scene_files.model import Note
from analytics.scene_files.xml_nodes import Node
from contract.film_time import FrameRate

SHOTS = (
    "asset-clip",
    "clip",
    "video",
    "title",
    "sync-clip",
    "mc-clip",
    "ref-clip",
    "audition",
    "live-drawing",
)
"""What is a shot where it lies in the primary storyline."""
HOLDERS = (*SHOTS, "gap", "spine", "audio")
"""What has a time of its own, and may hold others."""
_SECONDS = re.compile(r"-?\d{1,19}(?:\.\d{1,9}|/\d{1,12})?s?", re.ASCII)


class Clock:
    """Exact seconds to frames of the sequence; what lies between two frames is noted."""

    def __init__(self, rate: FrameRate, notes: list[Note]) -> None:
        self.rate, self._notes = rate, notes

    def frame(self, seconds: Fraction, line: int) -> int:
        """The nearest frame; ``line`` is for the note."""
        exact = seconds * self.rate.fraction
        frame = round(exact)
        if abs(exact - frame) > Fraction(1, 100):
            self._notes.append(Note(f"a time between two frames: taken as frame {frame}", line))
        return frame


def laid(nodes: list[Node], shift: Fraction) -> list[tuple[Node, Fraction]]:
    """(element, seconds from the sequence's first frame); one without an offset follows the one before."""
    found = []
    cursor: Fraction | None = None
    for node in nodes:
        offset = seconds_of(node.attributes.get("offset", ""))
        at = shift + offset if offset is not None else shift if cursor is None else cursor
        if node.tag in HOLDERS or node.tag == "transition":
            found.append((node, at))
        if node.tag != "transition":
            cursor = at + (seconds_of(node.attributes.get("duration", "")) or 0)
    return found


def seconds_of(text: str) -> Fraction | None:
    """``1001/24000s``, ``3600s`` or ``1.5s``; None for anything else."""
    if _SECONDS.fullmatch(text.strip()) is None:
        return None
    try:
        return Fraction(text.strip().removesuffix("s"))
    except ZeroDivisionError:
        return None
