"""``view``: the film, in a page of this machine that asks the viewer first."""

from __future__ import annotations

import json
import os
import webbrowser
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from houselights.commands.agent import invitation_of
from houselights.commands.options import Cut, Json, RandomisedAnswers

EXAMPLES = """
**Examples**

`houselights view film.mp4 --film reel --cut rough-2 --screening friday --to kafka:localhost:9092`

`houselights view https://films.example/reel.m3u8 --film reel --cut rough-2 --screening friday`

`houselights --config friday.toml view film.mp4` with all options in a file that the organiser made: docs/viewing.md.
"""


def view(
    film_source: Annotated[str, typer.Argument(metavar="FILM|URL", help="The film's file, or its address.")],
    film: Annotated[str, typer.Option("--film", help="Film id, as its organiser named it.")],
    cut: Cut,
    screening: Annotated[
        str, typer.Option("--screening", help="Id of the screening, as its organiser named it.")
    ],
    source: Annotated[
        str, typer.Option("--source", metavar="camera:N|PATH", help="A camera, or footage of viewers.")
    ] = "camera:0",
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="kafka:HOST:PORT", help="Broker to send to.  [default: keep in the outbox]"
        ),
    ] = None,
    outbox: Annotated[Path, typer.Option("--outbox", help="File that keeps what is not sent yet.")] = Path(
        "houselights.outbox"
    ),
    organiser: Annotated[
        str, typer.Option("--organiser", help="Who gets the numbers; the consent names them.")
    ] = "",
    contact: Annotated[
        str, typer.Option("--contact", help="Who answers questions: an address, for the consent.")
    ] = "",
    keep_days: Annotated[
        int | None,
        typer.Option(
            "--keep-days", min=0, help="Days after which a viewer's numbers are deleted, for the consent."
        ),
    ] = None,
    setting: Annotated[
        Literal["cinema", "home", "research", "work", "education"] | None,
        typer.Option(
            "--setting",
            help="Where the viewers watch, where no invitation says it. At work and in education nobody is measured.",
        ),
    ] = None,
    invitation: Annotated[
        Path | None,
        typer.Option(
            "--invitation-file",
            help="File with the organiser's invitation, where one is asked for.  [or: HOUSELIGHTS_INVITATION]",
        ),
    ] = None,
    randomised: RandomisedAnswers = "",
    baseline: Annotated[
        float,
        typer.Option(
            "--baseline", min=0, max=120, help="Seconds of resting face before the film; 0 for none."
        ),
    ] = 20.0,
    model: Annotated[
        str, typer.Option("--model", metavar="bundled|DIR|HUB_ID", help="The emotion classifier.")
    ] = "bundled",
    engine: Annotated[
        Literal["torch", "openvino", "ipex"],
        typer.Option("--engine", help="The library that runs the classifier: docs/engines.md."),
    ] = "torch",
    rate: Annotated[float, typer.Option("--rate", min=0.2, max=30, help="Frames looked at a second.")] = 4.0,
    port: Annotated[
        int,
        typer.Option(
            "--port", min=0, max=65535, help="Of the page.  [default: a free one]", show_default=False
        ),
    ] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page, or only print its address.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Watch a film in the browser, with a camera that looks back if you agree. Ends when the page is closed.

    The page is served to this machine alone. It asks for consent in plain words before anything starts.
    """
    from contract.broker_access import BrokerAccess
    from edge_agent.settings import AgentSettings
    from edge_agent.signals import stop_on_signals
    from edge_agent.view.film import ShownFilm
    from edge_agent.view.settings import ViewSettings
    from edge_agent.view.wiring import open_and_view

    settings = ViewSettings(
        agent=AgentSettings(
            film=film,
            cut=cut,
            screening=screening,
            source=source,
            to=to,
            access=BrokerAccess.from_environment(os.environ),
            outbox=outbox,
            model=model,
            engine=engine,
            rate_hz=rate,
            invitation=invitation_of(invitation),
            setting=setting,
            randomised=randomised,
        ),
        film=ShownFilm.named(film_source),
        organiser=organiser,
        contact=contact,
        keep_days=keep_days,
        baseline_s=baseline,
        port=port,
    )

    def opened(address: str) -> None:
        typer.echo(f"The film is at {address} (this address works once; Ctrl-C ends it)", err=True)
        if browser:
            webbrowser.open(address)

    with stop_on_signals() as stop:
        report = open_and_view(settings, opened, stop=stop)
    for warning in report.warnings if report else ():
        typer.secho(f"houselights: {warning}", fg=typer.colors.YELLOW, err=True)
    if as_json:
        typer.echo(json.dumps(asdict(report) if report else None))
    elif report is None:
        typer.echo("nothing was measured")
    elif report.withdrawn:
        typer.echo("the session was deleted")
    else:
        typer.echo(
            f"{report.seconds} film seconds: {report.generated} samples made, {report.published} sent, "
            f"{report.dropped} dropped, {report.left} waiting in {outbox}"
        )
