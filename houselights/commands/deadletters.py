"""``deadletters list|replay``: what ingest refused, and taking it in once the cause is mended."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from houselights.commands.options import Json, Store

app = typer.Typer(help="Records that ingest refused, with the reason.", no_args_is_help=True)

LIST_EXAMPLES = """
**Examples**

`houselights deadletters list --store screening-store`

`houselights deadletters list --store screening-store --reason unknown_screening --json`
"""
REPLAY_EXAMPLES = """
**Examples**

`houselights screening create --film reel --cut rough --screening friday --store screening-store`

`houselights deadletters replay --store screening-store`
"""
_MOST_SHOWN = 50
_LONGEST_SHOWN = 100

Reason = Annotated[str | None, typer.Option("--reason", help="Only letters refused for this, as listed.")]


@app.command("list", epilog=LIST_EXAMPLES)
def list_letters(
    store: Store,
    reason: Reason = None,
    session: Annotated[str | None, typer.Option("--session", help="Only letters of this session.")] = None,
    as_json: Json = False,
) -> None:
    """Print how many records were refused for which reason, and the first of them. Not while ingest runs."""
    import json

    from houselights.tables import print_table
    from ingest.dead_letters import find
    from ingest.store_file import opened_to_read

    with opened_to_read(store) as connection:
        letters = find(connection, reason=reason, session=session)
    if as_json:
        typer.echo(json.dumps([asdict(one) | {"body": one.body.decode(errors="replace")} for one in letters]))
        return
    if not letters:
        typer.echo("no dead letters")
        return
    reasons = sorted({one.reason for one in letters})
    counted = [[one for one in letters if one.reason == reason] for reason in reasons]
    rows = [(ours[0].reason, len(ours), sum(one.samples for one in ours)) for ours in counted]
    print_table(("reason", "records", "samples"), rows)
    shown = [
        (f"{one.source}/{one.partition}", one.offset, one.reason, _cut(one.detail))
        for one in letters[:_MOST_SHOWN]
    ]
    print_table(("from", "offset", "reason", "detail"), shown)
    if len(letters) > _MOST_SHOWN:
        typer.echo(f"and {len(letters) - _MOST_SHOWN} more; --json lists them all, with what they hold")


@app.command("replay", epilog=REPLAY_EXAMPLES)
def replay_letters(store: Store, reason: Reason = None, as_json: Json = False) -> None:
    """Take in the refused records that are sound by now, in their old order. Not while ingest runs."""
    import json

    from analytics.catalogue import Catalogue
    from ingest.dead_letters import replay
    from ingest.service import admissions
    from ingest.store import Store as OpenStore

    with OpenStore(store) as opened:
        report = replay(opened, admissions(Catalogue(store)), reason=reason)
        if report.taken:
            opened.publish()
    if as_json:
        typer.echo(json.dumps(asdict(report)))
    else:
        typer.echo(
            f"{report.taken} of {report.looked_at} dead letters taken in, with {report.samples} samples; "
            f"{report.left} are left"
        )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
