"""How much one session may send: a flood is refused before it fills the store."""

from __future__ import annotations

import time
from collections.abc import Callable

BURST_SAMPLES = 200_000
"""At once: a night's outbox of twenty viewers, delivered when the network is back."""
SAMPLES_A_SECOND = 1_000
"""In the long run; a session of twenty viewers makes twenty."""


class SessionRate:
    """A token bucket a session, full at first. In memory alone: a restart fills the buckets again."""

    def __init__(
        self,
        burst: int = BURST_SAMPLES,
        samples_a_second: float = SAMPLES_A_SECOND,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """``now_s``: a clock that never goes back, seconds."""
        self._burst, self._samples_a_second, self._now_s = burst, samples_a_second, now_s
        self._left: dict[str, tuple[float, float]] = {}
        """What is left in the bucket, and when that was; a session that is not here has a full one."""

    def take(self, session: str, samples: int) -> bool:
        """Whether the session may send so many now; if so they count."""
        now = self._now_s()
        left, at = self._left.get(session, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._samples_a_second)
        if samples > left:
            return False
        self._left[session] = (left - samples, now)
        if len(self._left) > 10_000:
            self._forget_full(now)
        return True

    def _forget_full(self, now: float) -> None:
        self._left = {
            session: (left, at)
            for session, (left, at) in self._left.items()
            if left + (now - at) * self._samples_a_second < self._burst
        }
