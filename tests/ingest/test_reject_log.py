"""A flood of refused records, and a trickle: the log stays short, and counts every one."""

from __future__ import annotations

import logging
import re

import pytest

from ingest.reject_log import EVERY_S, MOST_NAMED, RejectLog
from ingest.sources import Record
from ingest.validate import Rejected
from tests.ingest.conftest import A


class Clock:
    """Seconds that pass when told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def letter(offset: int, reason: str = "not_json") -> Rejected:
    return Rejected(Record("kafka:topic", 0, offset, A.encode(), b"{"), reason, f"of {A}", A, 0)


def counted(lines: list[str]) -> int:
    """How many records the lines speak of."""
    return sum(
        int(found[1]) if (found := re.match(r"rejected (\d+) records more", line)) else 1 for line in lines
    )


def test_a_trickle_is_named_at_first_and_then_a_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "ingest")
    clock = Clock()
    told = RejectLog(clock)
    for number in range(600):  # ten minutes, one a second
        told.add([letter(number, "bad_scores" if number % 3 else "not_json")])
        clock.now += 1
        told.look()
    told.close()
    assert counted(caplog.messages) == 600
    assert MOST_NAMED + 9 <= len(caplog.messages) <= MOST_NAMED + 11
    assert caplog.messages[0] == "rejected kafka:topic/0 offset 0: not_json"
    assert (
        "rejected 57 records more: bad_scores 38, not_json 19; houselights deadletters list"
        in caplog.messages
    )
    assert not any(A in line for line in caplog.messages)


def test_a_flood_in_one_batch_and_a_few_after_a_quiet_while(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "ingest")
    clock = Clock()
    told = RejectLog(clock)
    told.add([letter(number) for number in range(5_000)])
    assert len(caplog.messages) == MOST_NAMED
    clock.now += EVERY_S
    told.look()
    assert counted(caplog.messages) == 5_000
    clock.now += 10 * EVERY_S
    told.look()
    told.add([letter(9_000), letter(9_001)])
    assert caplog.messages[-2:] == [
        "rejected kafka:topic/0 offset 9000: not_json",
        "rejected kafka:topic/0 offset 9001: not_json",
    ]
    told.close()
    assert len(caplog.messages) == MOST_NAMED + 1 + 2
