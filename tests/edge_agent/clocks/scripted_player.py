"""A film that is played by a script: where it truly was at each instant, and what its player said of it."""

from __future__ import annotations

from edge_agent.clocks.report import PlayerState, Report

MS = 1_000_000


class ScriptedPlayer:
    """Time and film stand unless the script moves them. Units: ms."""

    def __init__(self, film_ms: float = 0.0, rate: float = 1.0) -> None:
        self.now_ms = 0.0
        self.film_ms = film_ms
        self.rate = rate
        self.state: PlayerState = "paused"
        self.course: list[tuple[float, float, float, float]] = []
        """From when, until when, where the film was at the start, and how fast it went."""

    def run(self, ms: float) -> None:
        pace = self.rate if self.state == "playing" else 0.0
        self.course.append((self.now_ms, self.now_ms + ms, self.film_ms, pace))
        self.now_ms += ms
        self.film_ms += ms * pace

    def says(self) -> Report:
        return Report(self.ns, self.film_ms, self.state, self.rate)

    @property
    def ns(self) -> int:
        return round(self.now_ms * MS)
