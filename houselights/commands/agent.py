"""``agent run``: watch the viewers of one screening; ``agent forget``: keep nothing of it."""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from houselights.commands.options import Cut, Film, Json, RandomisedAnswers
from houselights.progress import watching

if TYPE_CHECKING:
    from edge_agent.clocks.cue import CueClock

app = typer.Typer(help="The viewer's device.", no_args_is_help=True)

NO_FACE = 3
"""Exit code of a run that saw no face from start to end."""

EXAMPLES = """
**Examples**

`houselights agent run --film reel --cut rough-2 --screening friday --source camera:0 --to kafka:localhost:9092`

`houselights agent run --film reel --cut rough-2 --screening friday --source audience.mp4 --outbox friday.outbox`

`houselights agent run --film reel --cut rough-2 --screening friday --source camera:0 --clock mpv:/tmp/mpv`

Without `--to`, or while the broker is away, everything waits in the outbox. A secured broker's user, password file
and CA are named in the environment: `HOUSELIGHTS_KAFKA_USERNAME`, `HOUSELIGHTS_KAFKA_PASSWORD_FILE`,
`HOUSELIGHTS_KAFKA_CA_FILE` (docs/deployment-kafka.md).
"""


_FILM_TIME = re.compile(r"(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)")
CLOCK_METAVAR = "file|cue|mpv:SOCKET|vlc:HOST:PORT|mpris:NAME"
FORGET_EXAMPLES = """
**Examples**

`houselights agent forget --outbox friday.outbox`
"""


@app.command("run", epilog=EXAMPLES)
def run(
    film: Film,
    cut: Cut,
    screening: Annotated[
        str, typer.Option("--screening", help="Id of the screening, as its organiser named it.")
    ],
    source: Annotated[
        str, typer.Option("--source", metavar="camera:N|PATH", help="A camera, or footage of viewers.")
    ],
    clock: Annotated[
        str | None,
        typer.Option(
            "--clock",
            metavar=CLOCK_METAVAR,
            help="Where the film is: `file` is the footage's own time, `cue` counts from Enter (and is set right by a "
            "film time typed later), `mpv:SOCKET`, "
            "`vlc:HOST:PORT` and `mpris:NAME` (any player of a Linux desktop) are what that player plays "
            "(docs/clocks.md).  "
            "[default: file for footage, cue for a camera]",
        ),
    ] = None,
    plays: Annotated[
        str | None,
        typer.Option(
            "--plays",
            metavar="NAME",
            help="The film's file, as the player calls it, where others are shown before or after.  "
            "[default: what the player has open at the start]",
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="kafka:HOST:PORT", help="Broker to send to.  [default: keep in the outbox]"
        ),
    ] = None,
    outbox: Annotated[Path, typer.Option("--outbox", help="File that keeps what is not sent yet.")] = Path(
        "houselights.outbox"
    ),
    model: Annotated[
        str, typer.Option("--model", metavar="bundled|DIR|HUB_ID", help="The emotion classifier.")
    ] = "bundled",
    engine: Annotated[
        Literal["torch", "openvino", "ipex"],
        typer.Option(
            "--engine",
            help="The library that runs the classifier: `openvino` takes less of the processor, and is "
            "installed apart; `ipex` lives in an environment of its own.",
        ),
    ] = "torch",
    room: Annotated[
        Literal["auto", "laptop", "sofa", "auditorium"],
        typer.Option(
            "--room",
            help="Where the viewers sit, so how small their faces may be: at a laptop, on a sofa, in a hall. "
            "`auto` learns it.",
        ),
    ] = "auto",
    rate: Annotated[float, typer.Option("--rate", min=0.2, max=30, help="Frames looked at a second.")] = 4.0,
    rounds: Annotated[
        int, typer.Option("--rounds", min=1, help="Play footage this many times; each is a rewatch.")
    ] = 1,
    seconds: Annotated[
        float | None,
        typer.Option(
            "--seconds", min=1, help="Stop after this much film.  [default: the source's end, Ctrl-C]"
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
    as_json: Json = False,
) -> None:
    """Watch the viewers' faces while the film plays; keep and send only numbers. Ctrl-C ends it properly.

    Exit code 3 says that no face was seen in the whole run.
    """
    from contract.broker_access import BrokerAccess
    from edge_agent.settings import AgentSettings
    from edge_agent.wiring import open_and_run

    settings = AgentSettings(
        film=film,
        cut=cut,
        screening=screening,
        source=source,
        clock=clock,
        vlc_password=vlc_password(clock),
        plays=plays,
        to=to,
        access=BrokerAccess.from_environment(os.environ),
        outbox=outbox,
        model=model,
        engine=engine,
        room=room,
        rate_hz=rate,
        rounds=rounds,
        film_seconds=seconds,
        invitation=invitation_of(invitation),
        randomised=randomised,
    )
    how = settings.answers
    if how is not None:
        typer.echo(
            f"answers are randomised: nothing that is measured is kept or sent; for {how.in_words} one feeling is "
            f"named, and in {1 - how.truth:.0%} of cases another one by chance (docs/privacy.md)",
            err=True,
        )
    with watching() as show:
        report = open_and_run(
            settings, show, wait_for_cue=_wait_for_enter, cued=_set_right, following=_follow
        )
    for warning in report.warnings:
        typer.secho(f"houselights: {warning}", fg=typer.colors.YELLOW, err=True)
    if as_json:
        typer.echo(json.dumps(asdict(report) | {"outbox": str(outbox)}))
    else:
        typer.echo(
            f"{report.viewers} viewers over {report.seconds} film seconds: {report.generated} samples made, "
            f"{report.published} sent, {report.dropped} dropped, {report.left} waiting in {outbox}"
        )
        if report.most_cpu is not None:
            typer.echo(f"it took {report.most_cpu:.0%} of a core and {report.most_memory_mb} MB at most")
    if report.no_face:
        raise typer.Exit(NO_FACE)


@app.command("forget", epilog=FORGET_EXAMPLES)
def forget(
    outbox: Annotated[Path, typer.Option("--outbox", help="The file that `agent run` kept.")] = Path(
        "houselights.outbox"
    ),
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove all that the agent keeps on this device: one file, with what was not sent yet.

    What was sent stays where it is.
    """
    from edge_agent.forget import forget as remove
    from edge_agent.forget import kept_in

    if not outbox.exists():
        typer.echo(f"there is no {outbox}: nothing is kept here")
        return
    kept = kept_in(outbox)
    if kept.samples:
        typer.echo(f"{outbox} holds {kept.samples} samples that were not sent; they will be gone")
    if kept.withdrawals:
        typer.secho(
            f"houselights: {kept.withdrawals} sessions are to be taken back, which the broker does not know yet: "
            "run the agent with --to first, or what it sent stays there",
            fg=typer.colors.YELLOW,
            err=True,
        )
    if not yes:
        typer.confirm(f"Remove {outbox}?", abort=True)
    remove(outbox)
    typer.echo(f"{outbox} is removed; nothing is kept on this device")


def vlc_password(clock: str | None) -> str:
    """From a file or the environment, as an invitation is; nothing where ``clock`` is another."""
    if not (clock or "").startswith("vlc:"):
        return ""
    path = os.environ.get("HOUSELIGHTS_VLC_PASSWORD_FILE")
    if path is None:
        return os.environ.get("HOUSELIGHTS_VLC_PASSWORD", "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{path} holds no password: {error}", param_hint="--clock") from error


def invitation_of(path: Path | None) -> str:
    """From the file or the environment: on a command line every program of the machine could read it."""
    if path is None:
        return os.environ.get("HOUSELIGHTS_INVITATION", "").strip()
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(
            f"{path} holds no invitation: {error}", param_hint="--invitation-file"
        ) from error


def _follow(name: str) -> None:
    """Whoever has the wrong film open sees it here."""
    typer.echo(f"the player's film: {name}", err=True)


def _set_right(clock: CueClock) -> None:
    """From now on each film time that is typed sets ``clock`` right."""
    if sys.stdin.isatty():
        typer.echo(
            "Later, type the film time that shows, like 1:02:03, and Enter: it sets the clock right", err=True
        )
    threading.Thread(target=_take_points, args=(clock,), daemon=True).start()


def _take_points(clock: CueClock) -> None:
    from edge_agent.errors import PlayerError

    for line in sys.stdin:
        now_ns, typed = time.monotonic_ns(), line.strip()
        match = _FILM_TIME.fullmatch(typed)
        try:
            if match is not None:
                hours, minutes, seconds = (float(part or 0) for part in match.groups())
                wrong_ms = clock.calibrate(now_ns, ((hours * 60 + minutes) * 60 + seconds) * 1000)
                typer.echo(f"the clock was {wrong_ms / 1000:+.1f} s off, and is right now", err=True)
            elif typed:
                typer.echo(f"{typed} is no film time; type it like 1:02:03 or 62:03", err=True)
        except PlayerError as error:
            typer.echo(f"houselights: {error}", err=True)


def _wait_for_enter() -> None:
    if sys.stdin.isatty():
        typer.prompt(
            "Ready. Press Enter when the film's first frame shows", default="", show_default=False, err=True
        )
