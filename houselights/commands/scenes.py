"""``scenes import``: the scenes of a cut, from where filmmakers keep them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from houselights.commands import scenes_carry, scenes_detect, scenes_edit
from houselights.commands.options import Cut, Film, Store

app = typer.Typer(help="The scenes of a cut.", no_args_is_help=True)
app.command("detect", epilog=scenes_detect.EXAMPLES)(scenes_detect.detect)
app.command("list", epilog=scenes_edit.LIST_EXAMPLES)(scenes_edit.list_scenes)
app.command("rename", epilog=scenes_edit.RENAME_EXAMPLES)(scenes_edit.rename)
app.command("merge", epilog=scenes_edit.MERGE_EXAMPLES)(scenes_edit.merge)
app.command("split", epilog=scenes_edit.SPLIT_EXAMPLES)(scenes_edit.split)
app.command("move", epilog=scenes_edit.MOVE_EXAMPLES)(scenes_edit.move)
app.command("carry", epilog=scenes_carry.EXAMPLES)(scenes_carry.carry)

IMPORT_EXAMPLES = """
**Examples**

`houselights scenes import scenes.csv --film reel --cut rough-2 --store screening-store`

`houselights scenes import reel.edl --film reel --cut tv --store screening-store --rate 29.97df --start 01:00:00;00`

`houselights scenes import markers.txt --film reel --cut rough-2 --store screening-store --rate 25 --end 01:32:10:00`

`houselights scenes import reel.xml --film reel --cut rough-2 --store screening-store --script reel.fountain`

FILE is a CSV (`name,start,end`), a CMX3600 EDL, Resolve's, Avid's or Premiere's markers, OTIO, Final Cut 7 XML
(Premiere), FCPXML, WebVTT, or a film with chapters (MKV, MP4); its content tells which. docs/scenes.md says how to
export each.
"""

_NOTES_SHOWN = 20


@app.command("import", epilog=IMPORT_EXAMPLES)
def import_scenes(
    file: Annotated[
        Path, typer.Argument(help="Scenes, shots, markers or chapters, in any of the formats below.")
    ],
    film: Film,
    cut: Cut,
    store: Store,
    rate: Annotated[
        str | None,
        typer.Option(
            "--rate",
            help="Frame rate: 24, 25, 24000/1001, 29.97df …  [default: the cut's, else the file's, else 24]",
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--start",
            help="Timecode of the cut's first frame.  [default: the cut's, else the file's, else 00:00:00:00]",
        ),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option("--end", help="Timecode at which the last scene ends.  [default: as the file says]"),
    ] = None,
    group: Annotated[
        Literal["shots", "name", "markers"] | None,
        typer.Option(
            "--group",
            help="What makes a scene: each shot, a run of shots with one name, or each marker.  "
            "[default: shots, or markers where there are no shots]",
        ),
    ] = None,
    script: Annotated[
        Path | None,
        typer.Option(
            "--script", help="Fountain or Final Draft (.fdx): shots are joined to its scenes by their slates."
        ),
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="The film's title, for people.")] = None,
) -> None:
    """Set the scenes of a cut; the film and the cut are made if they are new."""
    from analytics.catalogue import Catalogue, ensure_cut
    from analytics.film_clock import NO_START
    from analytics.scene_files.read import read_scenes
    from contract.film_time import FrameRate

    catalogue = Catalogue(store)
    known = next((known for known in catalogue.cuts(film) if known.id == cut), None)
    stated = rate or (known.frame_rate if known else None)
    cut_rate = FrameRate.parse(stated) if stated else None
    cut_start = start
    if start is None and known is not None and known.start_timecode not in NO_START:
        # The separator follows the rate, which may be a new one.
        separator = ";" if cut_rate is not None and cut_rate.drop_frame else ":"
        cut_start = f"{known.start_timecode[:8]}{separator}{known.start_timecode[9:]}"
    found = read_scenes(
        file,
        cut_rate,
        cut_start,
        group=group,
        script=script,
        end_timecode=end,
        duration_ms=known.duration_ms if known else None,
    )
    described = ensure_cut(
        catalogue,
        film,
        cut,
        title=title,
        frame_rate=str(found.rate) if found.rate else None,
        start_timecode=found.start_timecode,
    )
    catalogue.save_scenes(film, cut, found.scenes)
    for note in found.notes[:_NOTES_SHOWN]:
        typer.echo(f"note: {file}{',' if note.line else ':'} {note}", err=True)
    if len(found.notes) > _NOTES_SHOWN:
        typer.echo(f"note: {file}: and {len(found.notes) - _NOTES_SHOWN} more", err=True)
    typer.echo(
        f"{len(found.scenes)} scenes of {film}/{cut} set; the next publish computes every screening of it again"
    )
    typer.echo(
        f"read as {found.format}; the cut runs at {described.frame_rate} frames a second, from "
        f"{described.start_timecode}"
    )
