"""A frame's rows as plain dicts, typed."""

from __future__ import annotations

from typing import Any

import pandas as pd

Row = dict[str, Any]


def records(frame: pd.DataFrame) -> list[Row]:
    """One dict a row, keyed by column."""
    return [{str(column): value for column, value in row.items()} for row in frame.to_dict("records")]


def known(value: object) -> bool:
    """Whether a figure is there: neither None nor NaN."""
    return value is not None and value == value
