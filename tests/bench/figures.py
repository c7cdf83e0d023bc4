"""One measured figure beside its target."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A row of the report. ``met`` is None where there is no target, or nothing could be measured."""

    what: str
    measured: str
    target: str = ""
    met: bool | None = None
    value: float | None = None
    note: str = ""


def at_least(what: str, value: float, target: float, spell: str = "{:.2%}", note: str = "") -> Figure:
    """Met when ``value`` reaches ``target``; ``spell`` prints both."""
    return Figure(what, spell.format(value), f"≥ {spell.format(target)}", value >= target, value, note)


def at_most(what: str, value: float, target: float, spell: str = "{:.2%}", note: str = "") -> Figure:
    """Met when ``value`` stays within ``target``; ``spell`` prints both."""
    return Figure(what, spell.format(value), f"≤ {spell.format(target)}", value <= target, value, note)


def exactly(what: str, value: int, target: int, note: str = "") -> Figure:
    """Met by ``target`` alone."""
    return Figure(what, str(value), str(target), value == target, value, note)


def cpu_ms(call: Callable[[], object], least_ms: float = 100, rounds: int = 20) -> float:
    """CPU time of one ``call``, milliseconds: the least of ``rounds`` means, each over at least ``least_ms``.

    The least, because what else the machine does (caches, other processes) only ever adds.
    """
    call()
    begun = time.process_time()
    call()
    times = max(1, round(least_ms / max(1e-3, (time.process_time() - begun) * 1000)))
    means = []
    for _ in range(rounds):
        begun = time.process_time()
        for _ in range(times):
            call()
        means.append((time.process_time() - begun) * 1000 / times)
    return min(means)
