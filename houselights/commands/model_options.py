"""Options that the commands of the model laboratory share, and their progress bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Data = Annotated[
    Path,
    typer.Option("--data", help="Labelled faces: .npz with images, fer2013_label, ferplus_votes, split."),
]
Model = Annotated[str, typer.Option("--model", help="bundled, a folder, or a hub id.")]
Split = Annotated[int, typer.Option("--split", min=0, max=2, help="0 Training, 1 PublicTest, 2 PrivateTest.")]


@contextmanager
def watching_faces(doing: str) -> Iterator[Callable[[int, int], None]]:
    """A function to tell how many faces of how many are done; the bar stands on standard error and goes away."""
    columns = (
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
