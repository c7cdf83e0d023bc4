"""``ledger``: whether every sample has a place."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from houselights.commands.options import Json, Store

EXAMPLES = """
**Examples**

`houselights ledger --store screening-store`

`houselights ledger --store screening-store --screening premiere --outbox viewer.outbox --json`
"""
_MOST_NAMED = 20


def ledger(
    store: Store,
    screening: Annotated[str | None, typer.Option("--screening", help="Only this one.")] = None,
    outbox: Annotated[
        list[Path] | None,
        typer.Option("--outbox", help="A device's outbox whose waiting samples count too; may be repeated."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Print where the samples of every screening are, and name the sessions that do not close.

    A ledger closes when generated = stored + rejected + dropped + still in the outbox. Exit code 1 when one does not,
    or when a session has not ended: nobody knows yet what it made. Once the screening is closed such a session is named
    as never ended, its samples as unknown, and the exit code is 0 where nothing else is open.
    """
    import json

    found, as_of_publish = _read(store, outbox or [])
    if screening is not None:
        found = [one for one in found if one.screening == screening]
        if not found:
            typer.secho(f"houselights: no session of screening {screening} in {store}", fg="red", err=True)
            raise typer.Exit(1)
    closes, settled = all(one.closes for one in found), all(one.settled for one in found)
    if as_json:
        sessions = [asdict(one) | {"missing": one.missing, "state": one.state} for one in found]
        says = {"closes": closes, "settled": settled, "as_of_last_publish": as_of_publish}
        typer.echo(json.dumps(says | {"sessions": sessions}))
    else:
        _print(found, as_of_publish)
    if not settled:
        raise typer.Exit(1)


def _read(store: Path, outboxes: list[Path]):  # type: ignore[no-untyped-def]  # of ingest, which loads lazily
    from analytics.catalogue import Catalogue
    from ingest.errors import StoreLockedError
    from ingest.ledger import ledgers, of_closed, read_ledger
    from ingest.outbox_source import samples_in_outbox
    from ingest.store_file import opened_to_read

    waiting: dict[str, int] = {}
    for path in outboxes:
        waiting |= samples_in_outbox(path)
    try:
        with opened_to_read(store) as connection:
            found, as_of_publish = ledgers(connection, waiting), False
    except StoreLockedError:
        found, as_of_publish = read_ledger(store, waiting), True
    closed = {one.id for one in Catalogue(store).screenings() if not one.open}
    return of_closed(found, closed), as_of_publish


def _print(found, as_of_publish: bool) -> None:  # type: ignore[no-untyped-def]  # list[SessionLedger]
    from houselights.tables import print_table

    names = sorted({one.screening for one in found}, key=lambda name: (name is None, name or ""))
    rows = []
    for name in names:
        ours = [one for one in found if one.screening == name]
        known = [one for one in ours if one.generated is not None]
        rows.append(
            (
                name or "(never accepted)",
                len(ours),
                len(ours) - len(known),
                sum(one.generated for one in known),
                *(
                    sum(getattr(one, count) for one in ours)
                    for count in ("stored", "rejected", "dropped", "in_outbox")
                ),
                sum(one.missing for one in known),
            )
        )
    columns = (
        "screening",
        "sessions",
        "not ended",
        "generated",
        "stored",
        "rejected",
        "dropped",
        "still out",
        "missing",
    )
    print_table(
        columns, rows, "Samples" + (", as of the running ingest's last publish" if as_of_publish else "")
    )
    if not found:
        typer.echo("no session yet")
    loose = [one for one in found if not one.closes]
    for one in loose[:_MOST_NAMED]:
        typer.echo(f"{one.session}: {_why(one)}")
    if len(loose) > _MOST_NAMED:
        typer.echo(f"and {len(loose) - _MOST_NAMED} sessions more; --json names them all")
    lost = sum(one.state == "never_ended" for one in loose)
    if lost and lost == len(loose):
        typer.echo(
            f"every other ledger closes; what {_counted(lost)} that never ended made will not be known"
        )
    if found and not loose:
        typer.echo("every ledger closes: generated = stored + rejected + dropped + still out")


def _counted(sessions: int) -> str:
    return f"{sessions} session" + ("" if sessions == 1 else "s")


def _why(one) -> str:  # type: ignore[no-untyped-def]  # SessionLedger
    if one.state == "refused":
        return f"never accepted; {one.rejected} samples are in the reject table, with the reason"
    if one.state == "running":
        return f"has not ended; {one.stored} samples stored so far, what it made is not known yet"
    if one.state == "never_ended":
        heard = (
            f"heard up to film second {one.heard_to_ms // 1000}" if one.heard_to_ms else "only its start came"
        )
        return f"never ended, {heard}; {one.stored} samples stored, what it made is unknown"
    if one.missing > 0:
        return f"does not close: {one.missing} of {one.generated} samples are nowhere; is its outbox still to be sent?"
    return f"does not close: {-one.missing} samples more than the {one.generated} it made"
