"""``ingest``: from Kafka or an outbox into the store."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from houselights.commands.options import Json, Store, kafka_address, listening

EXAMPLES = """
**Examples**

`houselights ingest --from kafka:localhost:9092 --store screening-store`

`houselights ingest --from outbox:viewer.outbox --store screening-store --once`

`houselights --config houselights.toml ingest --listen 127.0.0.1:9400 --log-format json`

A secured broker's user, password file and CA are named in the environment: `HOUSELIGHTS_KAFKA_USERNAME`,
`HOUSELIGHTS_KAFKA_PASSWORD_FILE`, `HOUSELIGHTS_KAFKA_CA_FILE` (docs/deployment-kafka.md).
"""


def ingest(
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="kafka:HOST:PORT|outbox:PATH",
            envvar="HOUSELIGHTS_FROM",
            help="Where reactions come from.",
        ),
    ],
    store: Store,
    once: Annotated[bool, typer.Option("--once", help="Take what is there now, then stop.")] = False,
    listen: Annotated[
        str | None,
        typer.Option(
            "--listen",
            metavar="HOST:PORT",
            envvar="HOUSELIGHTS_LISTEN",
            help="Answer /metrics (Prometheus) and /healthz here.  [default: nowhere]",
        ),
    ] = None,
    log_format: Annotated[
        Literal["text", "json"],
        typer.Option("--log-format", envvar="HOUSELIGHTS_LOG_FORMAT", help="Of the lines on standard error."),
    ] = "text",
    memory_mb: Annotated[
        int,
        typer.Option("--memory-mb", min=32, help="What the database may hold while records are taken in."),
    ] = 64,
    publish_memory_mb: Annotated[
        int,
        typer.Option(
            "--publish-memory-mb",
            min=64,
            help="The same during a publish; what does not fit is written beside the store meanwhile.",
        ),
    ] = 1024,
    as_json: Json = False,
) -> None:
    """Take reactions into the store, each exactly once, and publish what people read. Stops on Ctrl-C."""
    import contextlib
    import json

    from rich.console import Console

    from houselights.logs import log_as
    from ingest.memory import Memory
    from ingest.operations import Operations, OperationsServer
    from ingest.service import run

    log_as(log_format)
    operations = Operations()
    opened, dead_letters = _open(source)
    with contextlib.ExitStack() as closing:
        if listen is not None:
            server = OperationsServer(operations, *listening(listen, "--listen"))
            closing.callback(server.close)
            if not as_json:
                typer.echo(f"metrics and health at http://{server.address}/metrics and /healthz", err=True)
        line = closing.enter_context(Console(stderr=True).status("waiting for reactions"))
        report = run(
            opened,
            store,
            once=once,
            dead_letters=dead_letters,
            operations=operations,
            memory=Memory(memory_mb, publish_memory_mb),
            progress=lambda so_far: line.update(f"{so_far.records} records, {so_far.stored} samples stored"),
        )
    if as_json:
        typer.echo(json.dumps(report.as_dict()))
    else:
        typer.echo(
            f"{report.records} records: {report.stored} samples stored, {report.rejected} records rejected, "
            f"{report.resent} repeats dropped"
        )
        if report.rejected:
            typer.echo(f"why they were rejected: houselights deadletters list --store {store}")


def _open(source: str):  # type: ignore[no-untyped-def]  # a RecordSource, whose module must load lazily
    """The source, and where its dead letters go: an outbox has no broker to send them to."""
    if source.startswith("kafka:"):
        from contract.broker_access import BrokerAccess
        from contract.messages import DEAD_LETTER_TOPIC
        from ingest.kafka_dead_letters import KafkaDeadLetters
        from ingest.kafka_source import KafkaSource

        address = kafka_address(source, "--from")
        access = BrokerAccess.from_environment(os.environ)
        return (
            KafkaSource(address, access=access),
            KafkaDeadLetters(address, DEAD_LETTER_TOPIC, access=access),
        )
    if source.startswith("outbox:"):
        from ingest.outbox_source import OutboxSource

        return OutboxSource(Path(source.removeprefix("outbox:"))), None
    raise typer.BadParameter(f"expected kafka:HOST:PORT or outbox:PATH; got {source!r}", param_hint="--from")
