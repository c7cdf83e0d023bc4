"""``demo``: the whole path once, with what is on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from houselights.commands.dashboard import Port
from houselights.commands.options import kafka_address

EXAMPLES = """
**Examples**

`houselights demo`

`houselights demo --no-dashboard --store demo-store`

`houselights demo --camera 0` — the viewer is you; the film lasts a minute.
"""


def demo(
    camera: Annotated[
        int | None,
        typer.Option(
            "--camera", metavar="N", min=0, help="Watch yourself with camera N instead of the portrait."
        ),
    ] = None,
    kafka: Annotated[
        str | None,
        typer.Option("--kafka", metavar="HOST:PORT", help="Go through this broker.  [default: no broker]"),
    ] = None,
    no_dashboard: Annotated[
        bool, typer.Option("--no-dashboard", help="Print the scene table and stop.")
    ] = False,
    store: Annotated[
        Path, typer.Option("--store", help="Store directory; a second demo adds a second screening to it.")
    ] = Path("demo-store"),
    port: Port = 8501,
) -> None:
    """Show a short film to one real face and a simulated audience of forty, and what came of it."""
    from houselights.demo import run_demo

    address = None if kafka is None else kafka_address(kafka, "--kafka")
    screening = run_demo(store, camera=camera, kafka=address, say=typer.echo)
    if no_dashboard:
        from houselights.demo import print_scenes

        print_scenes(store, screening)
        return
    from dashboard.launch import serve

    serve(store, port=port, open_browser=True)
