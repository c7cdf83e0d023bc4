"""A table in the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

_MOST_DECIMALS = 6
"""As published figures have."""


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> None:
    """Print ``rows`` under ``columns``; numbers to the right, small ones with the digits that tell, nothing cut off."""
    # Into a file or a pipe there is no width to fit, and a wrapped table cannot be read by a script.
    console = Console()
    if not console.is_terminal:
        console = Console(width=1000)
    kept = [list(row) for row in rows]
    table = Table(title=title, title_justify="left", header_style="bold")
    for index, name in enumerate(columns):
        numeric = any(isinstance(row[index], int | float) for row in kept)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in kept:
        table.add_row(*(_cell(value) for value in row))
    console.print(table)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return number(value) if isinstance(value, float) else str(value)


def number(value: float) -> str:
    """Two decimals; below a tenth two significant digits, for a p of 0.0002 is not 0.00."""
    if not 0 < abs(value) < 0.1:  # nan, too
        return f"{value:.2f}"
    decimals = 1 - math.floor(math.log10(abs(value)))
    if decimals > _MOST_DECIMALS:
        return f"{'<' if value > 0 else '>-'}{10.0**-_MOST_DECIMALS:.{_MOST_DECIMALS}f}"
    text = f"{value:.{decimals}f}"
    return text[:-1] if decimals > 2 and text.endswith("0") else text
