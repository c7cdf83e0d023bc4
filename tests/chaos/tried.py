"""One try of a fault, and many of them as a row of the report."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tests.chaos.outcome import Outcome


@dataclass(frozen=True)
class Tried:
    """What one try found, in numbers; ``wrong``: what is not as promised, in words, or nothing."""

    found: Counter[str]
    wrong: str = ""


def summary(fault: str, asked: str, tried: Sequence[Tried]) -> Outcome:
    """The numbers added up, and the first that went wrong."""
    found: Counter[str] = Counter()
    for one in tried:
        found.update(one.found)  # not +: a zero is worth telling
    broken = [one.wrong for one in tried if one.wrong]
    said = ", ".join(f"{count:,} {what}" for what, count in found.items())
    if broken:
        said += f"; {len(broken)} broken: {broken[0]}"
    return Outcome(fault, len(tried), asked, said, not broken)


@contextmanager
def said_by(part: str) -> Iterator[list[str]]:
    """The lines that a part of the project logs inside, which so stay off the terminal."""
    said: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    keep, logger = Keep(), logging.getLogger(part)
    logger.addHandler(keep)
    try:
        yield said
    finally:
        logger.removeHandler(keep)
