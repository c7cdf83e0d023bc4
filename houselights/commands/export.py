"""``export``: markers for an edit, reactions as subtitles, the published tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from houselights.commands.options import Store

app = typer.Typer(help="Files for other programs.", no_args_is_help=True)

MARKERS_EXAMPLES = """
**Examples**

`houselights export markers --screening friday --store screening-store --format resolve-edl --out friday.edl`

`houselights export markers --screening friday --store screening-store --format fcp7xml --out friday.xml`

Which format for which program, and where to import it there: docs/exports.md.
"""
REACTIONS_EXAMPLES = """
**Example**

`houselights export reactions --screening friday --store screening-store --out friday.vtt`

Give the file to a player as subtitles of the film.
"""
TABLES_EXAMPLES = """
**Examples**

`houselights export tables --store screening-store --out tables`

`houselights export tables --store screening-store --format csv --out tables`
"""

PRIVATE_EXAMPLES = """
**Examples**

`houselights export private --screening friday --store screening-store --epsilon 4 --out friday-private --dry-run`

`houselights export private --screening friday --store screening-store --epsilon 4 --figures share --out friday-private`

What epsilon means, and what such a release does not protect: docs/privacy.md.
"""

ScreeningId = Annotated[str, typer.Option("--screening", metavar="ID", help="Id of the screening.")]
OutFile = Annotated[Path, typer.Option("--out", help="File to write; one that is there is replaced.")]


@app.command("markers", epilog=MARKERS_EXAMPLES)
def markers(
    screening: ScreeningId,
    store: Store,
    out: OutFile,
    form: Annotated[
        Literal["otio", "resolve-edl", "avid", "fcp7xml", "fcpxml", "premiere-csv", "csv"],
        typer.Option("--format", help="What the editing program reads."),
    ],
    most_peaks: Annotated[
        int, typer.Option("--most-peaks", min=0, help="Mark so many peaks at most, the strongest.")
    ] = 60,
) -> None:
    """Write a marker for every scene and every peak of an emotion, at the frames of the cut."""
    from analytics.exports.files import write_whole
    from analytics.exports.formats.choice import WRITERS
    from analytics.exports.markers import markers as find_markers
    from analytics.exports.markers import place
    from analytics.exports.read import need_figures, read_figures
    from analytics.serving import Serving

    figures = need_figures(read_figures(Serving(store), screening))
    found = find_markers(figures, most_peaks)
    write_whole(out, WRITERS[form](place(figures, found)))
    silent = len(figures.scenes) - len(figures.known)
    typer.echo(
        f"{out}: {len(figures.known)} scenes and {len(found) - len(figures.known)} peaks of "
        f"{figures.shown.title} ({figures.shown.cut})"
        + (f"; {silent} scenes had too few viewers to show" if silent else "")
    )


@app.command("reactions", epilog=REACTIONS_EXAMPLES)
def reactions(
    screening: ScreeningId,
    store: Store,
    out: OutFile,
    form: Annotated[  # noqa: ARG001  # one so far; named, so that a second one changes no script
        Literal["webvtt"], typer.Option("--format", help="Kind of subtitles.")
    ] = "webvtt",
) -> None:
    """Write reactions as subtitles: watch the film and read how many looked happy, afraid, … at that moment."""
    from analytics.exports.files import write_whole
    from analytics.exports.read import need_figures, read_figures
    from analytics.exports.webvtt import webvtt
    from analytics.serving import Serving

    content = webvtt(need_figures(read_figures(Serving(store), screening)))
    write_whole(out, content)
    typer.echo(f"{out}: {content.count(b' --> ')} subtitles")


@app.command("tables", epilog=TABLES_EXAMPLES)
def tables(
    store: Store,
    out: Annotated[Path, typer.Option("--out", help="Folder; files of the same names are replaced.")],
    form: Annotated[Literal["parquet", "csv"], typer.Option("--format", help="Kind of file.")] = "parquet",
) -> None:
    """Write every published table as a file, with a README of their columns."""
    from analytics.exports.tables import export_tables
    from analytics.serving import Serving

    names = export_tables(Serving(store), out, form)
    typer.echo(f"{out}: {len(names)} tables and README.md")


@app.command("private", epilog=PRIVATE_EXAMPLES)
def private(
    screening: ScreeningId,
    store: Store,
    out: Annotated[Path, typer.Option("--out", help="Folder; files of the same names are replaced.")],
    epsilon: Annotated[
        float,
        typer.Option("--epsilon", min=0.01, max=20, help="What this release may give away: less is noisier."),
    ],
    figures: Annotated[
        str,
        typer.Option(
            "--figures", help="Any of mean,share,attention: fewer are less noisy. Viewers always come."
        ),
    ] = "mean,share",
    budget: Annotated[
        float | None,
        typer.Option(
            "--budget",
            min=0.01,
            help="What all releases of this screening together may give away, set at its first: 8 unless you say.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how wrong the figures would be; release and spend nothing.")
    ] = False,
) -> None:
    """Write a screening's scene figures with noise that hides every single viewer (differential privacy).

    For figures that leave the house. They are made of the viewers' rows, so ingest must not be running.
    """
    from analytics.private.release import plan, release
    from ingest.store import Store as OpenStore

    wanted = plan(store, screening, epsilon, _groups(figures))
    shares = [100 * wanted.error_of_share(viewers) for viewers in (50, 200)]
    typer.echo(
        f"{len(wanted.scenes)} scenes with epsilon {epsilon:g}: viewers ±{wanted.error_of_viewers():g}; figures of 50 "
        f"viewers ±{shares[0]:.0f} points of 100, of 200 ±{shares[1]:.0f} (95 times in 100)"
    )
    if dry_run:
        typer.echo("nothing was released, nothing is spent")
        return
    with OpenStore(store) as opened:
        found, spent = release(opened.connection, store, wanted, out, budget)
    empty = sum(one.value is None for one in found)
    typer.echo(
        f"{out}: {len(found)} figures and README.md"
        + (f"; {empty} are empty, for noise would be all of them" if empty else "")
    )
    typer.echo(f"spent of {screening}'s budget: epsilon {spent.epsilon:g} of {spent.budget:g}")


def _groups(text: str):  # type: ignore[no-untyped-def]  # of analytics.private, which loads lazily
    from analytics.private.contributions import GROUPS

    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names or any(name not in GROUPS for name in names):
        raise typer.BadParameter(
            f"expected some of {', '.join(GROUPS[1:])}, with commas between; got {text!r}",
            param_hint="--figures",
        )
    return [group for group in GROUPS if group in names]
