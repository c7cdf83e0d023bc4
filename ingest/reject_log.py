"""What the log says of records that were refused: the first few, then a line a minute, however many come."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence

from ingest.validate import Rejected

MOST_NAMED = 3
"""Lines of their own, when none was refused for a while; they say where to look."""
EVERY_S = 60.0

log = logging.getLogger(__name__)


class RejectLog:
    """Told of every batch's dead letters; tells the log."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        """``now_s``: a clock that never goes back, seconds."""
        self._now_s = now_s
        self._until_s = 0.0
        """End of the minute that is counted; where it is past, nothing is."""
        self._named = 0
        self._counted: Counter[str] = Counter()

    def add(self, letters: Sequence[Rejected]) -> None:
        """Dead letters of one batch."""
        self.look()
        if letters and self._now_s() >= self._until_s:
            self._until_s, self._named = self._now_s() + EVERY_S, 0
        for letter in letters:
            if self._named < MOST_NAMED:
                self._named += 1
                # Not the detail: it can quote a session, which belongs into no log.
                where = letter.record
                log.warning(
                    "rejected %s/%d offset %d: %s", where.source, where.partition, where.offset, letter.reason
                )
            else:
                self._counted[letter.reason] += 1

    def look(self) -> None:
        """Tell what the minute brought, once it is over; the next follows at once, so that no line comes between."""
        if self._counted and self._now_s() >= self._until_s:
            self.close()
            self._until_s, self._named = self._now_s() + EVERY_S, MOST_NAMED

    def close(self) -> None:
        """Tell what is left."""
        if self._counted:
            reasons = ", ".join(f"{reason} {count:,}" for reason, count in self._counted.most_common())
            log.warning(
                "rejected %d records more: %s; houselights deadletters list", self._counted.total(), reasons
            )
            self._counted.clear()
