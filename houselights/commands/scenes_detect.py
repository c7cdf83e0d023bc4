"""``scenes detect``: shots and scene candidates from the film itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from houselights.commands.options import Cut, Film, Store

EXAMPLES = """
**Examples**

`houselights scenes detect rough-2.mp4 --film reel --cut rough-2 --store screening-store`

`houselights scenes detect rough-2.mp4 --film reel --cut rough-2 --store screening-store --sensitivity low`

`houselights scenes detect rough-2.mp4 --film reel --cut rough-2 --store screening-store --shots-only`

Shots are found by PySceneDetect; neighbours that share their colours become one scene. They are candidates: name,
merge and split them in the dashboard, or with `houselights scenes rename`, `merge` and `split`. docs/scenes.md says
what the rule cannot see.
"""


def detect(
    file: Annotated[Path, typer.Argument(metavar="FILM", help="The cut's film: MP4, MOV, MKV …")],
    film: Film,
    cut: Cut,
    store: Store,
    sensitivity: Annotated[
        Literal["low", "medium", "high"],
        typer.Option("--sensitivity", help="How little must change for a new scene: high finds more scenes."),
    ] = "medium",
    min_length: Annotated[
        float, typer.Option("--min-length", min=0, help="Seconds that a scene lasts at least.")
    ] = 15,
    rate: Annotated[
        str | None,
        typer.Option("--rate", help="Frame rate: 25, 29.97df …  [default: the cut's, else the film's]"),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--start", help="Timecode of the first frame.  [default: the cut's, else the film's]"),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put them in the place of scenes that people made.")
    ] = False,
    shots_only: Annotated[
        bool, typer.Option("--shots-only", help="Keep the cut's scenes; only find shots and thumbnails.")
    ] = False,
    thumbnails: Annotated[
        bool,
        typer.Option("--thumbnails/--no-thumbnails", help="Keep a small picture of each shot in the store."),
    ] = True,
    title: Annotated[str | None, typer.Option("--title", help="The film's title, for people.")] = None,
) -> None:
    """Find the shots of a film, and propose scenes."""
    from analytics.catalogue import Catalogue, FoundShots, Shot, ensure_cut
    from analytics.errors import CatalogueError
    from analytics.film_clock import settle_clock
    from analytics.film_pictures import save_thumbnails
    from analytics.scene_groups import scene_candidates

    catalogue = Catalogue(store)
    before = catalogue.scenes(film, cut)
    if before and before != catalogue.shots(film, cut).scenes and not (replace or shots_only):
        raise CatalogueError(
            f"{film}/{cut} has {_scenes(len(before))} that people made: give --shots-only to keep them and add "
            "shots and thumbnails, or --replace to put detected scenes in their place"
        )
    from edge_agent.film.detect import film_clock, find_shots

    known = next((known for known in catalogue.cuts(film) if known.id == cut), None)
    # Before the film is read: whoever gave the wrong one should not wait to its end to be told.
    settle_clock(known, film_clock(file), rate=rate, start=start)
    with _reading(file) as progress:
        found = find_shots(file, progress)
    clock, first, notes = settle_clock(known, found.clock, rate=rate, start=start)
    shots = [Shot(shot.start_ms, shot.end_ms) for shot in found.shots]
    scenes = scene_candidates(
        shots,
        [shot.colours for shot in found.shots],
        sensitivity=sensitivity,
        min_length_ms=round(min_length * 1000),
    )
    ensure_cut(
        catalogue,
        film,
        cut,
        title=title,
        frame_rate=str(clock),
        start_timecode=first,
        duration_ms=known.duration_ms if known and known.duration_ms else found.duration_ms,
    )
    save_thumbnails(catalogue, film, cut, [shot.picture for shot in found.shots] if thumbnails else [])
    # The scenes last: whoever reads them finds what they were made of.
    catalogue.save_shots(film, cut, FoundShots(shots, [] if shots_only else scenes))
    if not shots_only:
        catalogue.save_scenes(film, cut, scenes)
    if found.damaged:
        notes.append(f"{found.damaged} frames or stretches of it could not be decoded and were passed over")
    expected = found.stated_ms
    if expected is not None and expected - found.duration_ms > 1000:
        notes.append(
            f"it says that it lasts {_clock(expected)}, {_clock(found.duration_ms)} could be read: is it whole?"
        )
    if known and known.duration_ms and abs(known.duration_ms - found.duration_ms) > 1000:
        notes.append(
            f"it lasts {_clock(found.duration_ms)}, the cut {_clock(known.duration_ms)}: is it this cut?"
        )
    for note in notes:
        typer.echo(f"note: {file}: {note}", err=True)
    made = f"{len(shots)} shots" if len(shots) != 1 else "1 shot"
    if shots_only:
        typer.echo(f"{made} found in {_clock(found.duration_ms)} of film; the scenes of {film}/{cut} stay")
    else:
        typer.echo(
            f"{_scenes(len(scenes))} of {film}/{cut} proposed from {made} in {_clock(found.duration_ms)} of film; "
            "name, merge and split them: houselights scenes list, or the dashboard"
        )
    typer.echo(f"the cut runs at {clock} frames a second, from {first}")


def _scenes(count: int) -> str:
    return "1 scene" if count == 1 else f"{count} scenes"


def _clock(ms: int) -> str:
    minutes, seconds = divmod(ms / 1000, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{seconds:04.1f}" if hours else f"{minutes}:{seconds:04.1f}"


@contextmanager
def _reading(file: Path) -> Iterator[Callable[[float, float | None], None]]:
    """A bar on standard error; where that is no terminal, nothing."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[at]}"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(f"reading {file.name}", total=None, at="")

        def show(seconds: float, of: float | None) -> None:
            at = f"{_clock(round(seconds * 1000))}{f' of {_clock(round(of * 1000))}' if of else ''}"
            bar.update(task, completed=seconds, total=of, at=at)

        yield show
