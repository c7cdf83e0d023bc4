"""What one fault did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Outcome:
    """A row of the report: what was done and how often, what was asked, what was found, and whether it held."""

    fault: str
    times: int
    asked: str
    found: str
    held: bool


Tell = Callable[[str], None]
"""Told now and then how far a fault has come, for the status line."""


class Fault(Protocol):
    """Tries one row of the fault table in ``folder``, which is empty; ``short`` is the form of ``make test``."""

    def __call__(self, folder: Path, *, short: bool, tell: Tell) -> list[Outcome]: ...
