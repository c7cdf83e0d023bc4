"""``retention``: per-viewer rows do not outlive their purpose."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from houselights.commands.options import Json, Store

EXAMPLES = """
**Examples**

`houselights screening close friday --store screening-store`, the day it is over

`houselights retention --store screening-store --days 30`, every night, while ingest is stopped
"""


def retention(
    store: Store,
    days: Annotated[
        int, typer.Option("--days", min=0, help="How long after its closing a screening is kept.")
    ],
    as_json: Json = False,
) -> None:
    """Remove per-viewer rows of screenings closed long ago; their published figures stay as they are.

    They are final then: a changed scene list no longer reaches them. A screening that was never closed is left alone.
    """
    import json
    from datetime import UTC, datetime

    from ingest.retention import remove_old
    from ingest.store import Store as OpenStore

    with OpenStore(store) as opened:
        report = remove_old(opened, days, datetime.now(UTC).date())
    if as_json:
        typer.echo(json.dumps(asdict(report)))
    elif report.screenings:
        typer.echo(
            f"{report.rows} per-viewer rows of {report.sessions} sessions removed; the figures of "
            f"{', '.join(report.screenings)} are final"
        )
    else:
        typer.echo(
            f"nothing to remove: no screening closed {days} or more days ago still has per-viewer rows"
        )
