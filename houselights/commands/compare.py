"""``compare``: which screenings are put side by side."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from houselights.commands.options import Json, Store

app = typer.Typer(
    help="Screenings side by side: which pairs the published table `comparison` has.", no_args_is_help=True
)

ADD_EXAMPLES = """
**Example**

`houselights compare add friday saturday --store screening-store`, then `houselights publish --store screening-store`

What is compared without being asked for, and how: docs/comparing.md.
"""
REMOVE_EXAMPLES = """
**Example**

`houselights compare remove friday saturday --store screening-store`
"""
LIST_EXAMPLES = """
**Examples**

`houselights compare list --store screening-store`

`houselights compare list --store screening-store --json`
"""

First = Annotated[str, typer.Argument(metavar="FIRST", help="Id of a screening.")]
Second = Annotated[str, typer.Argument(metavar="SECOND", help="Id of another screening of the same film.")]


@app.command("add", epilog=ADD_EXAMPLES)
def add(first: First, second: Second, store: Store) -> None:
    """Ask for a comparison of two screenings of one film, however many it has; the next publish makes it."""
    from analytics.catalogue import Catalogue, Comparison

    Catalogue(store).save_comparison(Comparison(first, second))
    typer.echo(f"{first} and {second} are compared from the next publish on")


@app.command("remove", epilog=REMOVE_EXAMPLES)
def remove(first: First, second: Second, store: Store) -> None:
    """No longer ask for a comparison; it stays while the two are among those compared anyway."""
    from analytics.catalogue import Catalogue, Comparison
    from analytics.errors import CatalogueError

    if not Catalogue(store).remove_comparison(Comparison(first, second)):
        raise CatalogueError(
            f"nobody asked for a comparison of {first} and {second}; see houselights compare list --store {store}"
        )
    typer.echo(f"{first} and {second} are no longer asked for")


@app.command("list", epilog=LIST_EXAMPLES)
def list_comparisons(store: Store, as_json: Json = False) -> None:
    """Print the comparisons that are published, and what is asked for and is not there (yet)."""
    from analytics.catalogue import Catalogue
    from analytics.serving import Serving
    from houselights.tables import print_table

    asked = [(one.first, one.second) for one in Catalogue(store).comparisons()]
    published = Serving(store).query("comparisons") if Serving(store).path.exists() else []
    there = {(row["first"], row["second"]) for row in published if row["kind"] == "screening"}
    missing = [pair for pair in asked if pair not in there and pair[::-1] not in there]
    if as_json:
        typer.echo(
            json.dumps({"published": published, "not_published": [list(pair) for pair in missing]}, indent=1)
        )
        return
    if published:
        columns = ("film", "kind", "first", "second", "scenes", "differ")
        print_table(columns, [tuple(row[column] for column in columns) for row in published])
    else:
        typer.echo("no comparison is published")
    for first, second in missing:
        typer.echo(
            f"{first} and {second} are asked for and not published: publish anew; both need k viewers in a scene, and "
            "must be over or closed"
        )
