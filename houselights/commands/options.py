"""Options that several commands share, and the two address forms ``kafka:HOST:PORT`` and ``outbox:PATH``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Store = Annotated[
    Path,
    typer.Option(
        "--store",
        envvar="HOUSELIGHTS_STORE",
        help="Store directory (catalogue/, store.duckdb, serving.duckdb).",
    ),
]
Film = Annotated[str, typer.Option("--film", help="Film id: letters, digits, dots, dashes, underscores.")]
Cut = Annotated[str, typer.Option("--cut", help="Cut id, for example rough-2.")]
RandomisedAnswers = Annotated[
    str,
    typer.Option(
        "--randomised",
        metavar="EPSILON:MINUTES:BLOCKS",
        help="Send randomised answers in place of what was measured, where no invitation says it: docs/privacy.md.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document for scripts.")]


def kafka_address(text: str, option: str) -> str:
    """HOST:PORT of ``kafka:HOST:PORT`` or ``HOST:PORT``; raises typer.BadParameter."""
    address = text.removeprefix("kafka:")
    host, colon, port = address.rpartition(":")
    if not colon or not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise typer.BadParameter(
            f"expected kafka:HOST:PORT, for example kafka:localhost:9092; got {text!r}", param_hint=option
        )
    return address


def listening(text: str, option: str) -> tuple[str, int]:
    """Host and port of ``HOST:PORT``; raises typer.BadParameter. Port 0 takes a free one."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdigit() or int(port) > 65535:
        raise typer.BadParameter(
            f"expected HOST:PORT, for example 127.0.0.1:9400; got {text!r}", param_hint=option
        )
    return host.strip("[]"), int(port)
