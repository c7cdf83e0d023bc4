"""``topics create``: the Kafka topics that reactions, and those refused, travel through."""

from __future__ import annotations

from typing import Annotated

import typer

from houselights.commands.options import kafka_address

app = typer.Typer(help="The Kafka topics that reactions travel through.", no_args_is_help=True)

EXAMPLES = """
**Examples**

`houselights topics create --kafka localhost:9092`

`houselights topics create --kafka localhost:9092 --partitions 12 --replication 3`
"""


@app.command("create", epilog=EXAMPLES)
def create(
    kafka: Annotated[str, typer.Option("--kafka", metavar="HOST:PORT", help="Address of a broker.")],
    partitions: Annotated[
        int, typer.Option("--partitions", min=1, help="Sessions are spread over these.")
    ] = 3,
    replication: Annotated[int, typer.Option("--replication", min=1, help="Copies of each record.")] = 1,
) -> None:
    """Create the topics, of reactions and of dead letters, stamped by the broker: no device clock is kept."""
    from contract.messages import DEAD_LETTER_TOPIC, TOPIC
    from ingest.topics import create_topic

    address = kafka_address(kafka, "--kafka")
    typer.echo(create_topic(address, TOPIC, partitions=partitions, replication=replication))
    typer.echo(create_topic(address, DEAD_LETTER_TOPIC, partitions=1, replication=replication))


@app.callback()
def _group() -> None:
    """Keep ``create`` a subcommand: Typer would fold a lone one away."""
