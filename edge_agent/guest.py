"""What the agent takes of a machine that also plays the film, when it looks less often, and when it ends. Pure.

A window is made of fewer looks then, which its ``n`` says; the film comes first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from edge_agent.lasted import lasted

JUDGE_S = 5.0
"""Long enough that one slow look or one dropped frame decides nothing."""
STILL_S = 10.0
"""Without a look: the film stood still, or there was no camera. What happened meanwhile says nothing of the present."""
MOST_CPU = 0.25
"""Of one core. Four looks a second take a twentieth on an ordinary laptop; what takes five times as much is felt."""
MOST_DROPPED = 5
"""Frames of the film in JUDGE_S: one a second is seen as a stutter."""
LOW_BATTERY, LAST_BATTERY = 20, 10
"""Percent, while nothing charges it: a half, then a quarter of the looks."""
EMPTY_BATTERY = 5
"""Percent: what is left is the film's."""
MOST_MEMORY_MB = 2048
"""Twice what it takes with PyTorch and a small model: what takes more makes films stutter."""
STAYS_BUSY_S = 60.0
"""With a quarter of the looks taking too much: such a machine has nothing to lend."""
CALM_S, LONGEST_CALM_S = 30.0, 480.0
"""Without trouble before it looks more often again; twice as long each time that trouble comes back soon."""
_MOST_STEPS = 2  # a quarter of the looks

Why = Literal["", "busy", "dropped", "battery"]
"""Why it looks less often: it takes too much itself, the player drops frames, the battery is low."""
End = Literal["", "busy", "memory", "battery"]
"""Why it looks no more."""
_SLOWED = "for {} the viewers were looked at less often, because {}"
_BECAUSE: dict[Why, str] = {
    "busy": "that took too much of this machine's processor; close other programs, or give a lower --rate",
    "dropped": "the player dropped frames of the film; close other programs, or play the film in less detail",
    "battery": "the battery was low; plug the machine in",
}
_ENDED = "the viewers were looked at no more after {}, because {}"
_ENDED_BY: dict[End, str] = {
    "busy": "even a quarter of the looks took too much of this machine's processor; "
    "use a faster one, or give a lower --rate",
    "memory": f"the agent took more than {MOST_MEMORY_MB} MB of memory; give a smaller --model",
    "battery": f"the battery was at {EMPTY_BATTERY}% or less, which is the film's; plug the machine in",
}


@dataclass(frozen=True, slots=True)
class Burden:
    """Over the last while.

    cpu: share of one core. battery: percent, while nothing charges it; None otherwise, and where there is none.
    """

    cpu: float
    memory_mb: int
    battery: int | None = None


class Guest:
    """How often to look. Tell it of each instant by ``look``, which measures now and then."""

    def __init__(
        self,
        rate_hz: float,
        measure: Callable[[int], Burden],
        dropped: Callable[[], int | None] = lambda: None,
        *,
        stays_busy_s: float = STAYS_BUSY_S,
    ) -> None:
        """``rate_hz``: looks a film second while all is well.

        ``measure``: since it was last asked, at this instant. ``dropped``: frames that the player has dropped so far;
        None where it does not say. ``stays_busy_s``: how long a quarter of the looks may take too much before it ends;
        infinite where the machine is there for it.
        """
        self._stays_busy_s = stays_busy_s
        self._busy_s = 0.0
        self._full_hz = rate_hz
        self._measure = measure
        self._dropped = dropped
        self._dropped_before: int | None = None
        self._looked_ns = 0
        self._judged_ns: int | None = None
        self._calm_ns = 0
        self._raised_ns: int | None = None
        self._calm_s = CALM_S
        self._steps = 0
        self.burden: Burden | None = None
        """As it was last measured."""
        self.why: Why = ""
        self.ends: End = ""
        """Why it is to look no more."""
        self.slowed_s: dict[Why, float] = {}
        """How long it has looked less often, by reason."""
        self.most = Burden(0.0, 0)
        """The most of each."""

    @property
    def rate_hz(self) -> float:
        """Looks a film second, for now."""
        return self._full_hz / (1 << self._steps)

    def warnings(self, looked_s: float) -> list[str]:
        """For the end of a session that saw ``looked_s`` of film: how long it looked less often, and why it ended."""
        lines = [_SLOWED.format(lasted(slowed_s), _BECAUSE[why]) for why, slowed_s in self.slowed_s.items()]
        return [*lines, _ENDED.format(lasted(looked_s), _ENDED_BY[self.ends])] if self.ends else lines

    def look(self, now_ns: int) -> None:
        """Measure and decide, if the last time is JUDGE_S ago."""
        before_ns, self._looked_ns = self._looked_ns, now_ns
        if self._judged_ns is None or now_ns - before_ns >= STILL_S * 1e9:
            self._measure(now_ns)  # from here on
            self._dropped_before = self._dropped()
            self._judged_ns = self._calm_ns = now_ns
        elif now_ns - self._judged_ns >= JUDGE_S * 1e9:
            passed_s = (now_ns - self._judged_ns) / 1e9
            if self._steps:
                self.slowed_s[self.why] = self.slowed_s.get(self.why, 0.0) + passed_s
            self._judged_ns = now_ns
            self._judge(now_ns, passed_s)

    def _judge(self, now_ns: int, passed_s: float) -> None:
        burden = self.burden = self._measure(now_ns)
        self.most = Burden(max(self.most.cpu, burden.cpu), max(self.most.memory_mb, burden.memory_mb))
        trouble, least = self._trouble(burden), _least_steps(burden.battery)
        least_looks = self._steps == _MOST_STEPS
        self._busy_s = self._busy_s + passed_s if least_looks and burden.cpu > MOST_CPU else 0.0
        if burden.memory_mb > MOST_MEMORY_MB:
            self.ends = "memory"
        elif burden.battery is not None and burden.battery <= EMPTY_BATTERY:
            self.ends = "battery"
        elif self._busy_s >= self._stays_busy_s:
            self.ends = "busy"
        if trouble:
            soon = self._raised_ns is not None and now_ns - self._raised_ns < 2 * self._calm_s * 1e9
            self._calm_s = min(2 * self._calm_s, LONGEST_CALM_S) if soon else CALM_S
            self._steps = min(self._steps + 1, _MOST_STEPS)
            self._calm_ns, self.why = now_ns, trouble
        elif self._steps > least and now_ns - self._calm_ns >= self._calm_s * 1e9:
            self._steps -= 1
            self._calm_ns = self._raised_ns = now_ns
        if self._steps <= least:
            self._steps = least
            if not trouble:
                self.why = "battery" if least else ""

    def _trouble(self, burden: Burden) -> Why:
        dropped, before = self._dropped(), self._dropped_before
        self._dropped_before = dropped
        # Fewer than before: another film, or the player was started again.
        if dropped is not None and before is not None and dropped - before >= MOST_DROPPED:
            return "dropped"
        return "busy" if burden.cpu > MOST_CPU else ""


def _least_steps(battery: int | None) -> int:
    if battery is None or battery > LOW_BATTERY:
        return 0
    return 1 if battery > LAST_BATTERY else 2
