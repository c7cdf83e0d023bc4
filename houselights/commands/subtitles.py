"""``subtitles import``: what is said in a cut, so that a moment can name the line under it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from houselights.commands.options import Cut, Film, Store

app = typer.Typer(help="The subtitles of a cut.", no_args_is_help=True)

IMPORT_EXAMPLES = """
**Examples**

`houselights subtitles import reel.srt --film reel --cut rough-2 --store screening-store`

`houselights subtitles import reel.en.vtt --film reel --cut rough-2 --store screening-store`

FILE is SubRip (.srt) or WebVTT (.vtt); its content tells which. Its times count from the first frame of the cut.
"""


@app.callback()
def _group() -> None:
    """The subtitles of a cut."""


@app.command("import", epilog=IMPORT_EXAMPLES)
def import_subtitles(
    file: Annotated[Path, typer.Argument(help="Subtitles, SubRip (.srt) or WebVTT (.vtt).")],
    film: Film,
    cut: Cut,
    store: Store,
) -> None:
    """Set the subtitles of a cut; the film and the cut are made if they are new."""
    from analytics.catalogue import Catalogue, ensure_cut
    from analytics.subtitles import read_subtitles

    subtitles = read_subtitles(file)
    catalogue = Catalogue(store)
    described = ensure_cut(catalogue, film, cut)
    catalogue.save_subtitles(film, cut, subtitles)
    typer.echo(f"{len(subtitles)} subtitles of {film}/{cut} set; moments name them from the next publish on")
    ends = described.duration_ms
    if ends is not None and subtitles[-1].start_ms >= ends:
        typer.echo(
            f"note: {file}: the last one begins at {subtitles[-1].start_ms // 1000} s, after the cut ends at "
            f"{ends // 1000} s: do its times count from the first frame?",
            err=True,
        )
