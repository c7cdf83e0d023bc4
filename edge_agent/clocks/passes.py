"""Which time it is that a moment of the film is seen: counted by whole film seconds, as windows are."""

from __future__ import annotations

import math

from contract.messages import WINDOW_MS


class Run:
    """A stretch of film that was shown in one piece: within it each second has one pass."""

    def __init__(self) -> None:
        self.passes: dict[int, int] = {}


class Passes:
    """How often each second of the film was shown."""

    def __init__(self) -> None:
        self._shown: dict[int, int] = {}

    def at(self, run: Run, film_ms: float) -> int:
        """The pass of this moment in ``run``; its second counts as shown from now on."""
        second = math.floor(film_ms / WINDOW_MS)
        if second not in run.passes:
            run.passes[second] = self._shown.get(second, 0)
            self._shown[second] = run.passes[second] + 1
        return run.passes[second]

    def show(self, run: Run, from_ms: float, until_ms: float) -> None:
        """All seconds of [from_ms, until_ms) were shown in ``run``."""
        for second in range(math.floor(from_ms / WINDOW_MS), math.ceil(until_ms / WINDOW_MS)):
            self.at(run, second * WINDOW_MS)

    def next_run(self, before: Run, ended_ms: float, film_ms: float) -> Run:
        """The run that starts at ``film_ms`` after ``before`` ended at ``ended_ms``.

        Who skips ahead within a second has not seen its rest before.
        """
        run = Run()
        second = math.floor(film_ms / WINDOW_MS)
        if ended_ms <= film_ms and second == math.floor(ended_ms / WINDOW_MS) and second in before.passes:
            run.passes[second] = before.passes[second]
        return run
