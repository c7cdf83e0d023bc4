"""The root of the command, and the one place where an error becomes a line for a person.

Exit codes: 0 done, 1 could not be done (one line on standard error says why and what to try), 2 wrong usage,
3 done, but no face was seen in the whole run.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from analytics.errors import AnalyticsError
from contract.errors import ContractError
from dashboard.errors import DashboardError
from edge_agent.errors import EdgeError
from houselights import __version__
from houselights.commands import (
    agent,
    catalogue,
    compare,
    dashboard,
    deadletters,
    demo,
    doctor,
    export,
    ingest,
    ledger,
    mirror,
    model,
    photo,
    report,
    retention,
    scenes,
    serving,
    subtitles,
    topics,
    view,
)
from ingest.errors import IngestError

app = typer.Typer(
    name="houselights",
    help="See, scene by scene, how an audience felt. No picture of a viewer ever leaves the viewer's device.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("view", epilog=view.EXAMPLES)(view.view)
app.add_typer(agent.app, name="agent")
app.command("doctor", epilog=doctor.EXAMPLES)(doctor.doctor)
app.command("mirror", epilog=mirror.EXAMPLES)(mirror.mirror)
app.command("photo", epilog=photo.EXAMPLES)(photo.photo)
app.add_typer(topics.app, name="topics")
app.command("ingest", epilog=ingest.EXAMPLES)(ingest.ingest)
app.command("ledger", epilog=ledger.EXAMPLES)(ledger.ledger)
app.add_typer(deadletters.app, name="deadletters")
app.command("retention", epilog=retention.EXAMPLES)(retention.retention)
app.add_typer(scenes.app, name="scenes")
app.add_typer(subtitles.app, name="subtitles")
app.add_typer(catalogue.screening, name="screening")
app.add_typer(compare.app, name="compare")
app.command("publish", epilog=serving.PUBLISH_EXAMPLES)(serving.publish)
app.command("query", epilog=serving.QUERY_EXAMPLES)(serving.query)
app.command("dashboard", epilog=dashboard.EXAMPLES)(dashboard.dashboard)
app.add_typer(export.app, name="export")
app.command("report", epilog=report.EXAMPLES)(report.report)
app.command("demo", epilog=demo.EXAMPLES)(demo.demo)
app.add_typer(model.app, name="model")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"houselights {__version__}")
        raise typer.Exit


def _read_configuration(context: typer.Context, path: Path | None) -> Path | None:
    if path is not None and not context.resilient_parsing:
        from houselights.configuration import read_configuration

        assert isinstance(context.command, TyperGroup)  # noqa: S101  # the root has commands
        context.default_map = read_configuration(path, context.command)
    return path


@app.callback()
def root(
    _version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and stop.", is_eager=True, callback=_print_version),
    ] = False,
    _config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            envvar="HOUSELIGHTS_CONFIG",
            callback=_read_configuration,
            help="TOML file with options, a table a command: docs/operations.md.",
        ),
    ] = None,
) -> None:
    """See, scene by scene, how an audience felt. No picture of a viewer ever leaves the viewer's device."""


def main() -> None:
    """Run the command; known errors become one line and exit code 1."""
    # The error is gone by the time of the exit: objects that its traceback keeps alive until then make the
    # libraries behind them complain.
    sys.exit(_run())


def _run() -> int:
    try:
        app()
    except (EdgeError, IngestError, AnalyticsError, DashboardError, ContractError) as error:
        return _refuse(str(error))
    except ModuleNotFoundError as error:
        # A server has no edge packages, a viewer's laptop no server's: say which extra brings the missing one.
        return _refuse(
            f"this command needs the package {error.name}, which is not installed here; "
            "install houselights[edge] on a viewer's device, [server] or [dashboard] on a server, [lab] for models, "
            "[detect] for scenes detect, [all] on a laptop"
        )
    except KeyboardInterrupt:
        return 130
    return 0


def _refuse(why: str) -> int:
    typer.secho(f"houselights: {why}", fg=typer.colors.RED, err=True)
    return 1


if __name__ == "__main__":
    main()
