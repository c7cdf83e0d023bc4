"""What this process takes of the machine, read from the system by psutil."""

from __future__ import annotations

import time

import psutil

from edge_agent.guest import Burden


class BurdenMeter:
    """Asked now and then; the first answer is of no time at all."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._cpu_s = time.process_time()
        self._asked_ns: int | None = None

    def __call__(self, now_ns: int) -> Burden:
        """Since it was last asked, up to ``now_ns``."""
        cpu_s, before_ns = time.process_time(), self._asked_ns
        spent_s = cpu_s - self._cpu_s
        passed_s = 0.0 if before_ns is None else (now_ns - before_ns) / 1e9
        self._cpu_s, self._asked_ns = cpu_s, now_ns
        memory_mb = self._process.memory_info().rss // 2**20
        return Burden(spent_s / passed_s if passed_s > 0 else 0.0, memory_mb, _battery())


def _battery() -> int | None:
    """Percent, while nothing charges it."""
    try:
        found = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    except (OSError, ValueError):  # what the system tells of some batteries cannot be read
        return None
    return None if found is None or found.power_plugged is not False else round(found.percent)
