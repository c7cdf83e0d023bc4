"""``scenes import`` and ``screening create``: what was shown, and where its scenes lie."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from houselights.commands.options import Cut, Film, Store

scenes = typer.Typer(help="The scenes of a cut.", no_args_is_help=True)
screening = typer.Typer(help="Screenings: one showing of one cut to one audience.", no_args_is_help=True)

SCENES_EXAMPLES = """
**Examples**

`houselights scenes import scenes.csv --film reel --cut rough-2 --store screening-store`

`houselights scenes import scenes.csv --film reel --cut tv --store screening-store --rate 29.97df --start 01:00:00;00`

The CSV has a header `name,start,end`; times are timecodes (00:01:12:08) or seconds (72.3); an empty end is the
next scene's start.
"""
SCREENING_EXAMPLES = """
**Examples**

`houselights screening create friday --film reel --cut rough-2 --store screening-store`

`houselights screening create try-out --film reel --cut rough-2 --store screening-store --k 1`
"""


@scenes.command("import", epilog=SCENES_EXAMPLES)
def import_scenes(
    file: Annotated[Path, typer.Argument(help="CSV of scenes with the columns name, start, end.")],
    film: Film,
    cut: Cut,
    store: Store,
    rate: Annotated[
        str | None,
        typer.Option(
            "--rate", help="Frame rate: 24, 25, 24000/1001, 29.97df …  [default: the cut's, else 24]"
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--start", help="Timecode of the cut's first frame.  [default: the cut's, else 00:00:00:00]"
        ),
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="The film's title, for people.")] = None,
) -> None:
    """Set the scenes of a cut; the film and the cut are made if they are new."""
    from analytics.catalogue import Catalogue, ensure_cut
    from analytics.scene_list import read_scene_csv
    from contract.film_time import FrameRate

    catalogue = Catalogue(store)
    described = ensure_cut(catalogue, film, cut, title=title, frame_rate=rate, start_timecode=start)
    found = read_scene_csv(file, FrameRate.parse(described.frame_rate), described.start_timecode)
    catalogue.save_scenes(film, cut, found)
    typer.echo(
        f"{len(found)} scenes of {film}/{cut} set; the next publish computes every screening of it again"
    )


@screening.command("create", epilog=SCREENING_EXAMPLES)
def create_screening(
    screening_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the screening; agents name it.")],
    film: Film,
    cut: Cut,
    store: Store,
    k: Annotated[
        int,
        typer.Option(
            "--k",
            min=1,
            help="Fewest viewers a published number may stand for; 1 only to try it on yourself.",
        ),
    ] = 5,
    title: Annotated[str | None, typer.Option("--title", help="The film's title, for people.")] = None,
) -> None:
    """Announce a screening, so that its viewers' reactions are taken."""
    from analytics.catalogue import Catalogue, Screening, ensure_cut

    catalogue = Catalogue(store)
    ensure_cut(catalogue, film, cut, title=title)
    catalogue.save_screening(Screening(screening_id, film, cut, k))
    typer.echo(f"screening {screening_id} of {film}/{cut} is open; numbers stand for at least {k} viewers")
    if k == 1:
        typer.echo(
            "with --k 1 a single viewer's reactions can be read: use it for trying Houselights on yourself"
        )
