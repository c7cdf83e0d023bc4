"""``python -m tests.chaos``: try every fault, print the table, write tests/artefacts/chaos.json."""

from __future__ import annotations

import json
import signal
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.status import Status
from rich.table import Table

from tests.chaos.faults import FAULTS
from tests.chaos.outcome import Outcome, Tell

REPOSITORY = Path(__file__).parents[2]
REPORT = REPOSITORY / "tests" / "artefacts" / "chaos.json"


def main(
    only: Annotated[
        list[str] | None, typer.Option("--only", help=f"Try this one alone; repeatable: {', '.join(FAULTS)}.")
    ] = None,
    short: Annotated[bool, typer.Option("--short", help="A few times each, as the tests do.")] = False,
) -> None:
    """Try what the project promises to survive, on real parts. Exits 1 when a promise does not hold."""
    # Like Ctrl-C: brokers and commands that were started are ended.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if unknown := set(only or ()) - set(FAULTS):
        raise typer.BadParameter(f"no fault {min(unknown)!r}; there are {', '.join(FAULTS)}")
    console = Console()
    outcomes: list[Outcome] = []
    chosen, begun = only or list(FAULTS), time.monotonic()
    try:
        for number, name in enumerate(chosen, start=1):
            outcomes += _try(console, name, f"{number} of {len(chosen)}", short)
            _write(outcomes)  # after each: half an hour of work must not hang on the last fault
    finally:
        console.print(_table(outcomes))
        console.print(
            f"{(time.monotonic() - begun) / 60:.0f} minutes; written to {REPORT.relative_to(REPOSITORY)}"
        )
    if not all(one.held for one in outcomes):
        raise typer.Exit(1)


def _try(console: Console, name: str, place: str, short: bool) -> list[Outcome]:
    """One fault; where the harness itself fails that is a row too, and the others are still tried."""
    begun = time.monotonic()
    with console.status(name) as line, tempfile.TemporaryDirectory(prefix=f"{name}-") as folder:
        try:
            tried = FAULTS[name](Path(folder), short=short, tell=_teller(line, name))
        except Exception as error:  # noqa: BLE001  # whatever it is, the table must say so
            console.print_exception()
            tried = [Outcome(name, 0, "to be tried", f"the harness failed: {error}", False)]
    console.print(f"{place}, {name}: {time.monotonic() - begun:.0f} s, {_verdict(tried)}")
    return tried


def _verdict(tried: list[Outcome]) -> str:
    return "held" if all(one.held for one in tried) else "broken"


def _table(outcomes: list[Outcome]) -> Table:
    table = Table("fault", "times", "asked", "found", "", title="what was tried")
    for one in outcomes:
        verdict = "[green]held" if one.held else "[red]broken"
        table.add_row(one.fault, f"{one.times:,}", one.asked, one.found, verdict)
    return table


def _write(outcomes: list[Outcome]) -> None:
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(
        json.dumps([asdict(one) for one in outcomes], indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def _teller(line: Status, name: str) -> Tell:
    return lambda so_far: line.update(f"{name}: {so_far}")


if __name__ == "__main__":
    typer.run(main)
