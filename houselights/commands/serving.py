"""``publish`` and ``query``: from the store to what people read."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from houselights.commands.options import Json, Store

PUBLISH_EXAMPLES = """
**Example**

`houselights publish --store screening-store`
"""
QUERY_EXAMPLES = """
**Examples**

`houselights query --store screening-store "select name, viewers, valence from scene_summary join scene using (scene)"`

`houselights query --store screening-store --csv "select * from second_reaction" > seconds.csv`
"""


def publish(store: Store) -> None:
    """Compute serving.duckdb again from the store and the catalogue, and put it in place.

    A running ingest publishes by itself; this is for a changed scene list after the screening.
    """
    from ingest.service import publish_store

    report = publish_store(store)
    typer.echo(
        f"published {store / 'serving.duckdb'}: {report.scenes} scene cells, {report.left_out} cells left out"
    )


def query(
    store: Store,
    sql: Annotated[str, typer.Argument(help="One SELECT over the published tables (docs/tables.md).")],
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV with a header.")] = False,
    as_json: Json = False,
) -> None:
    """Run read-only SQL over the published tables."""
    from analytics.serving import Serving

    result = Serving(store).run_sql(sql)
    if as_json:
        rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
        typer.echo(json.dumps(rows, default=str, indent=1))
    elif as_csv:
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(result.columns)
        writer.writerows(result.rows)
    else:
        from houselights.tables import print_table

        print_table(result.columns, result.rows)
