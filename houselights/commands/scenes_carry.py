"""``scenes carry``: the scenes of one cut for the next."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from houselights.commands.options import Film, Store

if TYPE_CHECKING:
    from analytics.carry import Carried
    from analytics.catalogue import Catalogue, Cut, Scene

EXAMPLES = """
**Examples**

`houselights scenes carry --film reel --from rough-2 --to rough-3 --store screening-store`

`houselights scenes carry --film reel --from rough-2 --to rough-3 --store screening-store --offsets changes.csv`

`houselights scenes carry --film reel --from rough-2 --to rough-3 --store screening-store --list rough-3.edl`

`houselights scenes carry --film reel --from festival --to tv --store screening-store --scale 24/25`

changes.csv has the header `from,offset`: from this time of the old cut on, all lies so many seconds later (`8.5`) or
earlier (`-12`), or is `out`. docs/scenes.md has an example. Screenings of the old cut keep its scenes.
"""


def carry(
    film: Film,
    old: Annotated[str, typer.Option("--from", help="Cut whose scenes are carried over.")],
    new: Annotated[str, typer.Option("--to", help="Cut that gets them; made if it is new.")],
    store: Store,
    offsets: Annotated[
        Path | None,
        typer.Option("--offsets", help="CSV: from which time of the old cut on things moved, and how far."),
    ] = None,
    listed: Annotated[
        Path | None,
        typer.Option(
            "--list",
            help="The new cut's own scenes, in any format of scenes import: those that are old ones get their names.",
        ),
    ] = None,
    scale: Annotated[
        str | None,
        typer.Option("--scale", help="Multiply every time: 24/25 for a film that now runs at 25."),
    ] = None,
    rate: Annotated[
        str | None,
        typer.Option("--rate", help="Frame rate of the new cut.  [default: its own, else the old one's]"),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--start", help="Timecode of its first frame.  [default: its own, else the old one's]"),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put them in the place of scenes that the new cut has.")
    ] = False,
) -> None:
    """Carry a cut's scenes over to the next cut, by name, each where the new cut has it."""
    from analytics.catalogue import Catalogue, ensure_cut
    from analytics.errors import CatalogueError

    if sum(one is not None for one in (offsets, listed, scale)) > 1:
        raise typer.BadParameter("give one of --offsets, --list and --scale")
    catalogue = Catalogue(store)
    before, scenes = _to_carry(catalogue, store, film, old, new)
    known = next((cut for cut in catalogue.cuts(film) if cut.id == new), None)
    there = catalogue.scenes(film, new)
    if there and there != catalogue.shots(film, new).scenes and not replace:
        raise CatalogueError(
            f"{film}/{new} has {len(there)} scenes already: give --replace to put the carried ones in their place"
        )
    how = _How(offsets, listed, scale, rate, start)
    carried, new_rate, new_start, notes = _carry(before, known, scenes, how)
    if not carried.scenes:
        raise CatalogueError(f"nothing of {film}/{old} would be left in {film}/{new}: look at what was given")
    ensure_cut(catalogue, film, new, frame_rate=new_rate, start_timecode=new_start)
    catalogue.save_scenes(film, new, carried.scenes)
    for what, names in (
        ("not in the new cut", carried.gone),
        ("new", carried.new),
        ("shortened", carried.shortened),
    ):
        if names:
            notes.append(f"{what}: {', '.join(names)}")
    for note in notes:
        typer.echo(f"note: {note}", err=True)
    same = len(carried.scenes) - len(carried.new)
    typer.echo(
        f"{same} of {len(scenes)} scenes of {film}/{old} carried to {film}/{new}, which has {len(carried.scenes)} "
        f"now; screenings of {old} keep its own"
    )


@dataclass(frozen=True)
class _How:
    """What was asked for."""

    offsets: Path | None
    listed: Path | None
    scale: str | None
    rate: str | None
    start: str | None


def _to_carry(catalogue: Catalogue, store: Path, film: str, old: str, new: str) -> tuple[Cut, list[Scene]]:
    """The old cut and its scenes."""
    from analytics.errors import CatalogueError

    cuts = {cut.id: cut for cut in catalogue.cuts(film)}
    if old not in cuts:
        raise CatalogueError(f"no cut {film}/{old} in {store}; there are: {', '.join(cuts) or 'none yet'}")
    if old == new:
        raise CatalogueError(f"{old} cannot be carried to itself: give the new cut another id with --to")
    scenes = catalogue.scenes(film, old)
    if not scenes:
        raise CatalogueError(
            f"{film}/{old} has no scenes to carry: houselights scenes import, or scenes detect"
        )
    return cuts[old], scenes


def _carry(
    before: Cut, known: Cut | None, scenes: list[Scene], how: _How
) -> tuple[Carried, str | None, str | None, list[str]]:
    """What is carried; the new cut's frame rate and start timecode, None to leave them; notes."""
    from analytics.carry import carry_moved, carry_paired, carry_scaled
    from analytics.film_clock import NO_START
    from analytics.offsets_file import read_offsets
    from analytics.scene_files.read import read_scenes
    from contract.film_time import FrameRate

    duration = known.duration_ms if known else None
    if how.listed is not None:
        # What is not said of the new cut is as it was: a project's timelines count their frames alike.
        like = known or before
        rate, start = FrameRate.parse(how.rate or like.frame_rate), how.start
        if start is None and like.start_timecode not in NO_START:
            start = f"{like.start_timecode[:8]}{';' if rate.drop_frame else ':'}{like.start_timecode[9:]}"
        read = read_scenes(how.listed, rate, start, duration_ms=duration)
        notes = [f"{how.listed}{',' if note.line else ':'} {note}" for note in read.notes]
        return carry_paired(scenes, read.scenes), str(rate), read.start_timecode, notes
    if how.offsets is not None:
        moves = read_offsets(how.offsets, FrameRate.parse(before.frame_rate), before.start_timecode)
        carried = carry_moved(scenes, moves, duration)
    else:
        carried = carry_scaled(scenes, _fraction(how.scale or "1"), duration)
    if known is not None:
        return carried, how.rate, how.start, []
    # A cut that counts its frames alike begins alike.
    same = how.rate is None or FrameRate.parse(how.rate) == FrameRate.parse(before.frame_rate)
    return carried, how.rate or before.frame_rate, how.start or (before.start_timecode if same else None), []


def _fraction(text: str) -> Fraction:
    try:
        factor = Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise typer.BadParameter(f"expected a scale such as 24/25 or 0.96, got {text!r}") from error
    if factor <= 0:
        raise typer.BadParameter(f"a scale is more than 0, got {text!r}: for example 24/25")
    return factor
