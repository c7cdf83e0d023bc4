"""``doctor``: what works, what does not, what to do."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from houselights.commands.agent import CLOCK_METAVAR, vlc_password
from houselights.commands.model_options import Model
from houselights.commands.options import Json

if TYPE_CHECKING:
    from edge_agent.doctor import Check

EXAMPLES = """
**Examples**

`houselights doctor` looks at the first camera, the light, the classifier and the outbox.

`houselights doctor --to kafka:broker:9092 --clock mpv:/tmp/mpv` also asks the broker and the player.

`houselights doctor --store store` also reads what is published.
"""


def doctor(
    source: Annotated[
        str, typer.Option("--source", metavar="camera:N|PATH", help="The camera, or footage in its place.")
    ] = "camera:0",
    clock: Annotated[
        str | None, typer.Option("--clock", metavar=CLOCK_METAVAR, help="The player to ask.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="kafka:HOST:PORT", help="The broker to ask.")
    ] = None,
    outbox: Annotated[Path, typer.Option("--outbox", help="The agent's file.")] = Path("houselights.outbox"),
    model: Model = "bundled",
    store: Annotated[
        Path | None, typer.Option("--store", help="The store to read, on the organiser's machine.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Look at each part before the film: what works, what does not, and what to do. Nothing is kept or sent.

    Exits with 1 when a part does not work.
    """
    from contract.broker_access import BrokerAccess
    from edge_agent.doctor import examine
    from edge_agent.settings import AgentSettings

    settings = AgentSettings(
        film="film",
        cut="cut",
        screening="doctor",
        source=source,
        clock=clock,
        vlc_password=vlc_password(clock),
        to=to,
        access=BrokerAccess.from_environment(os.environ),
        outbox=outbox,
        model=model,
    )
    found: list[Check] = []
    for check in examine(settings):
        found.append(check)
        _show(check, as_json=as_json)
    if store is not None:
        found.append(_store(store))
        _show(found[-1], as_json=as_json)
    if as_json:
        typer.echo(json.dumps([asdict(check) for check in found], indent=1))
    if not all(check.works for check in found):
        raise typer.Exit(1)


def _store(folder: Path) -> Check:
    from analytics.errors import AnalyticsError
    from analytics.serving import Serving
    from edge_agent.doctor import Check

    try:
        (counts,) = (
            Serving(folder)
            .run_sql("SELECT count(*) AS screenings, coalesce(sum(seconds), 0) AS seconds FROM screening")
            .rows
        )
    except AnalyticsError as error:
        return Check("store", works=False, said=str(error))
    return Check(
        "store", works=True, said=f"{counts[0]} screenings and {counts[1]} film seconds are published"
    )


def _show(check: Check, *, as_json: bool) -> None:
    if as_json:
        return
    mark = typer.style("✓", fg=typer.colors.GREEN) if check.works else typer.style("✗", fg=typer.colors.RED)
    typer.echo(f"{mark} {check.part:<7} {check.said}")
