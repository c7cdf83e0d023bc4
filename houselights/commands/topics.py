"""``topics create``: the Kafka topics that reactions, and those refused, travel through."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from houselights.commands.options import kafka_address

app = typer.Typer(help="The Kafka topics that reactions travel through.", no_args_is_help=True)

EXAMPLES = """
**Examples**

`houselights topics create --kafka localhost:9092`

`houselights topics create --kafka localhost:9092 --partitions 12 --replication 3`

`houselights topics create --kafka broker.example.org:9092 --devices device --ingest ingest`

The last one as the administrator of a secured broker, named with password file and CA in the environment:
`HOUSELIGHTS_KAFKA_USERNAME`, `HOUSELIGHTS_KAFKA_PASSWORD_FILE`, `HOUSELIGHTS_KAFKA_CA_FILE`
(docs/deployment-kafka.md).
"""


@app.command("create", epilog=EXAMPLES)
def create(
    kafka: Annotated[str, typer.Option("--kafka", metavar="HOST:PORT", help="Address of a broker.")],
    partitions: Annotated[
        int, typer.Option("--partitions", min=1, help="Sessions are spread over these.")
    ] = 3,
    replication: Annotated[int, typer.Option("--replication", min=1, help="Copies of each record.")] = 1,
    devices: Annotated[
        list[str] | None,
        typer.Option("--devices", metavar="USER", help="May write reactions, and nothing else. Repeatable."),
    ] = None,
    ingest: Annotated[
        list[str] | None,
        typer.Option(
            "--ingest", metavar="USER", help="May read reactions and write dead letters. Repeatable."
        ),
    ] = None,
) -> None:
    """Create the topics, of reactions and of dead letters, stamped by the broker: no device clock is kept."""
    from contract.broker_access import BrokerAccess
    from contract.messages import DEAD_LETTER_TOPIC, TOPIC
    from ingest.rights import DEVICE, INGEST, grant
    from ingest.topics import create_topic

    address = kafka_address(kafka, "--kafka")
    access = BrokerAccess.from_environment(os.environ)
    for topic, number in ((TOPIC, partitions), (DEAD_LETTER_TOPIC, 1)):
        typer.echo(create_topic(address, topic, partitions=number, replication=replication, access=access))
    for users, rights in ((devices, DEVICE), (ingest, INGEST)):
        for user in users or ():
            typer.echo(grant(address, user, rights, access=access))


@app.callback()
def _group() -> None:
    """Keep ``create`` a subcommand: Typer would fold a lone one away."""
