"""One line on standard error that says how far the agent is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from edge_agent.agent import Progress

LATE_S = 30.0
"""A message of five film seconds is sent at once, and again within half a minute where that failed."""

WHY = {
    "busy": "this machine is busy",
    "dropped": "the player drops frames",
    "battery": "the battery is low",
}


@contextmanager
def watching() -> Iterator[Callable[[Progress], None]]:
    """A function to tell after each look at the viewers."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("opening the source and the model")

        def show(progress: Progress) -> None:
            minutes, seconds = divmod(progress.film_ms // 1000, 60)
            # What is sent in order waits for a moment, too.
            waits = (
                f", the oldest unsent waits {progress.waits_s:.0f} s" if progress.waits_s >= LATE_S else ""
            )
            burden = progress.burden
            costs = f", {burden.cpu:.0%} of a core, {burden.memory_mb} MB" if burden else ""
            if burden and burden.battery is not None:
                costs += f", battery {burden.battery}%"
            slowed = f", looking less often ({WHY[progress.slowed]})" if progress.slowed else ""
            rewatch = f" (time {progress.pass_ + 1})" if progress.pass_ else ""
            bar.update(
                task,
                description=f"film {minutes:02d}:{seconds:02d}{rewatch}, {progress.viewers} viewers, "
                f"{progress.frames_sampled} looks, {progress.generated} samples{waits}{costs}{slowed}",
            )

        yield show
