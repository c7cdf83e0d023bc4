"""``python -m tests.bench``: measure, print tables, write tests/artefacts/bench.json."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import torch
import typer
from rich.console import Console
from rich.table import Table

from tests.bench.accuracy import accuracy
from tests.bench.clocks import clocks
from tests.bench.delivery import delivery
from tests.bench.engines import REPOSITORY, EngineFigures, engines
from tests.bench.figures import Figure
from tests.bench.film import FILM_MINUTES, film
from tests.bench.pages import pages
from tests.bench.pipelines import pipelines
from tests.bench.publishing import publishing
from tests.bench.seats import seats

Part = Literal[
    "accuracy", "pipelines", "film", "seats", "engines", "delivery", "publishing", "pages", "clocks"
]
PARTS: tuple[Part, ...] = (
    "accuracy",
    "pipelines",
    "seats",
    "engines",
    "delivery",
    "publishing",
    "pages",
    "clocks",
    "film",
)
REPORT = REPOSITORY / "tests" / "artefacts" / "bench.json"


def main(
    film_minutes: Annotated[
        float, typer.Option("--film-minutes", min=2, help="Length of the film that the agent watches.")
    ] = FILM_MINUTES,
    only: Annotated[Part | None, typer.Option("--only", help="Measure this part alone.")] = None,
    shared: Annotated[
        Path, typer.Option("--shared", envvar="HOUSELIGHTS_SHARED", help="The shared data: data/, media/.")
    ] = REPOSITORY.parent / "shared",
) -> None:
    """Measure what the project promises, on this machine, in one run and on one thread."""
    if not (shared / "media").is_dir():
        raise typer.BadParameter(f"no shared data in {shared}: it must hold data/ and media/")
    torch.set_num_threads(1)
    console = Console()
    parts: dict[Part, Callable[[], list[Figure]]] = {
        "accuracy": lambda: accuracy(shared),
        "pipelines": lambda: pipelines(shared),
        "seats": lambda: seats(shared),
        "film": lambda: film(shared, film_minutes),
        "delivery": delivery,
        "publishing": publishing,
        "pages": pages,
        "clocks": clocks,
    }
    figures: list[Figure] = []
    found: list[EngineFigures | str] = []
    for part in [only] if only else PARTS:
        with console.status(f"measuring: {part}"):
            if part == "engines":
                found = engines(shared)
                table = _engine_table(found)
            else:
                measured = parts[part]()
                figures += measured
                table = _table(part, measured)
        console.print(table)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    report = {
        "machine": {"processor": _processor(), "cores": os.cpu_count(), "threads": 1},
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "figures": [asdict(figure) for figure in figures],
        "engines": [row if isinstance(row, str) else asdict(row) for row in found],
    }
    REPORT.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(f"written to {REPORT.relative_to(REPOSITORY)}")


def _table(part: Part, figures: list[Figure]) -> Table:
    table = Table("what", "measured", "target", "", "how", title=part)
    for figure in figures:
        verdict = {True: "[green]met", False: "[red]not met", None: ""}[figure.met]
        table.add_row(figure.what, figure.measured, figure.target, verdict, figure.note)
    return table


def _engine_table(rows: list[EngineFigures | str]) -> Table:
    table = Table(
        *("engine", "bundled network, ms", "ViT-B/16, ms", "start, CPU s", "largest difference of a score"),
        title="engines: one face, one thread, CPU time",
    )
    for row in rows:
        if isinstance(row, str):
            table.add_row(row)
        else:
            table.add_row(
                row.name,
                f"{row.bundled_ms:.2f}",
                f"{row.vit_ms:.0f}",
                f"{row.start_s:.1f}",
                f"{row.difference:.1e}",
            )
    return table


def _processor() -> str:
    """The processor's own name where the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    typer.run(main)
