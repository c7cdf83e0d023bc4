"""What randomised answers say, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from contract.randomised import ANSWERS
from dashboard.frames import Row

STANDS_OUT = 10
"""Percent of the audience."""
NAMES = {answer: answer.replace("_", " ") for answer in ANSWERS}


def table(rows: Sequence[Row]) -> list[Row]:
    """One row a block of the film, one column an answer; ``rows`` of ``randomised.sql``, shares in percent."""
    by_block: dict[int, Row] = {}
    for row in rows:
        block = by_block.setdefault(int(row["t_ms"]), {"Film": between(row), "Answers": int(row["viewers"])})
        block[NAMES[str(row["answer"])]] = told(row)
    return list(by_block.values())


def told(row: Row) -> str:
    """A share and its interval, cut off where no share can lie."""
    share, low, high = (min(max(float(row[name]), 0), 100) for name in ("share", "share_low", "share_high"))
    return f"{share:.0f}% ({low:.0f}–{high:.0f})"


def between(row: Row) -> str:
    """The block's film time, such as 0:10–0:20, in hours and minutes."""
    ends = (int(row["t_ms"]), int(row["t_ms"]) + int(row["d_ms"]))
    return "–".join(f"{ms // 3_600_000}:{ms // 60_000 % 60:02}" for ms in ends)


def sure(rows: Sequence[Row]) -> list[str]:
    """Sentences for the feelings that surely STANDS_OUT of the audience had; neutral and unread faces are none.

    Less than that would list what a few chance answers make of some of the many pairs of block and feeling.
    """
    return [
        f"{between(row)}: **{NAMES[str(row['answer'])]}**, {told(row)} of the audience"
        for row in rows
        if row["answer"] not in {"neutral", "not_read"} and float(row["share_low"]) >= STANDS_OUT
    ]
