"""``mirror``: a page of this machine in which a person sees what the program sees of them."""

from __future__ import annotations

import webbrowser
from typing import Annotated, Literal

import typer

from houselights.commands.model_options import Model

EXAMPLES = """
**Examples**

`houselights mirror`

`houselights mirror --source camera:1`

`houselights mirror --source audience.mp4` looks at footage in a camera's place.
"""


def mirror(
    source: Annotated[
        str, typer.Option("--source", metavar="camera:N|PATH", help="A camera, or footage of people.")
    ] = "camera:0",
    model: Model = "bundled",
    engine: Annotated[
        Literal["torch", "openvino", "ipex"],
        typer.Option("--engine", help="The library that runs the classifier: docs/engines.md."),
    ] = "torch",
    rate: Annotated[float, typer.Option("--rate", min=0.2, max=30, help="Looks a second.")] = 4.0,
    port: Annotated[
        int,
        typer.Option(
            "--port", min=0, max=65535, help="Of the page.  [default: a free one]", show_default=False
        ),
    ] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page, or only print its address.")
    ] = True,
) -> None:
    """See your own face as the program sees it, live, in a page of this machine. Nothing is kept or sent.

    The page scores pictures, too: choose one, or drop it there. Ends when the page is closed.
    """
    from edge_agent.mirror.wiring import MirrorSettings, open_and_mirror
    from edge_agent.signals import stop_on_signals

    def opened(address: str) -> None:
        typer.echo(f"The mirror is at {address} (this address works once; Ctrl-C ends it)", err=True)
        if browser:
            webbrowser.open(address)

    with stop_on_signals() as stop:
        open_and_mirror(MirrorSettings(source, model, engine, rate, port), opened, stop=stop)
