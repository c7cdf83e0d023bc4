"""``scenes list``, ``rename``, ``merge``, ``split`` and ``move``: a cut's scenes, changed by hand."""

from __future__ import annotations

from typing import Annotated

import typer

from houselights.commands.options import Cut, Film, Json, Store

WHAT = "--film reel --cut rough-2 --store screening-store"
LIST_EXAMPLES = f"""
**Examples**

`houselights scenes list {WHAT}`

`houselights scenes list {WHAT} --json`
"""
RENAME_EXAMPLES = f"""
**Examples**

`houselights scenes rename 3 "The long corridor" {WHAT}`

`houselights scenes rename "Scene 3" "The long corridor" {WHAT}`
"""
MERGE_EXAMPLES = f"""
**Example**

`houselights scenes merge 3 {WHAT}`
"""
SPLIT_EXAMPLES = f"""
**Examples**

`houselights scenes split 01:12:30:10 {WHAT}`

`houselights scenes split 750.4 --name "The door" {WHAT}`
"""
MOVE_EXAMPLES = f"""
**Examples**

`houselights scenes move "The door" --start 01:12:31:00 {WHAT}`

`houselights scenes move 12 --end 01:32:10:00 {WHAT}`
"""

Which = Annotated[str, typer.Argument(metavar="SCENE", help="Its name, or its number from 1.")]
_NEXT = "figures follow at the next publish"


def list_scenes(film: Film, cut: Cut, store: Store, json: Json = False) -> None:
    """Show a cut's scenes, with the timecodes of its edit."""
    import msgspec

    from analytics.cut_scenes import CutScenes
    from analytics.film_pictures import shots_of
    from houselights.tables import print_table

    opened = CutScenes.open(store, film, cut)
    shots = opened.shots
    rows = [
        {
            "scene": number,
            "name": scene.name,
            "start": opened.timecode(scene.start_ms),
            "end": opened.timecode(scene.end_ms),
            "seconds": (scene.end_ms - scene.start_ms) / 1000,
            "shots": 1 + len(shots_of(scene, shots)) if shots else None,
        }
        for number, scene in enumerate(opened.scenes, start=1)
    ]
    if json:
        typer.echo(msgspec.json.encode(rows).decode())
    elif not rows:
        typer.echo(f"{film}/{cut} has no scenes yet: houselights scenes import, or scenes detect")
    else:
        columns = list(rows[0]) if shots else list(rows[0])[:-1]
        print_table(columns, ([row[column] for column in columns] for row in rows))


def rename(
    which: Which,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its new name.")],
    film: Film,
    cut: Cut,
    store: Store,
) -> None:
    """Give a scene another name."""
    from analytics import scene_edit
    from analytics.cut_scenes import CutScenes

    opened = CutScenes.open(store, film, cut)
    place = scene_edit.find_scene(opened.scenes, which)
    scenes = scene_edit.rename(opened.scenes, place, name)
    opened.save(scenes)
    typer.echo(f"scene {place + 1} is called {scenes[place].name!r} now; {_NEXT}")


def merge(which: Which, film: Film, cut: Cut, store: Store) -> None:
    """Make one scene of a scene and the next one; it keeps the first one's name."""
    from analytics import scene_edit
    from analytics.cut_scenes import CutScenes

    opened = CutScenes.open(store, film, cut)
    place = scene_edit.find_scene(opened.scenes, which)
    scenes = scene_edit.merge(opened.scenes, place)
    opened.save(scenes)
    typer.echo(
        f"{opened.scenes[place + 1].name!r} is part of {scenes[place].name!r} now, "
        f"{opened.span(scenes[place])}; {_NEXT}"
    )


def split(
    at: Annotated[
        str, typer.Argument(metavar="TIME", help="Timecode of the cut, or seconds from its first frame.")
    ],
    film: Film,
    cut: Cut,
    store: Store,
    name: Annotated[
        str | None,
        typer.Option("--name", help="Name of the second part.  [default: the first one's, numbered]"),
    ] = None,
) -> None:
    """Make two scenes of one; the second begins at TIME, or with the shot that begins within 0.4 seconds of it."""
    from analytics import scene_edit
    from analytics.cut_scenes import CutScenes

    opened = CutScenes.open(store, film, cut)
    at_ms = opened.moment(at, "TIME")
    scenes = scene_edit.split(opened.scenes, at_ms, name)
    opened.save(scenes)
    place = scene_edit.scene_at(scenes, at_ms)
    typer.echo(
        f"{scenes[place].name!r} begins at {opened.timecode(at_ms)}, after {scenes[place - 1].name!r}; {_NEXT}"
    )


def move(
    which: Which,
    film: Film,
    cut: Cut,
    store: Store,
    start: Annotated[
        str | None, typer.Option("--start", help="Where it begins: a timecode, or seconds.")
    ] = None,
    end: Annotated[str | None, typer.Option("--end", help="Where it ends: a timecode, or seconds.")] = None,
) -> None:
    """Move where a scene begins or ends, to TIME or the shot near it; a neighbour that touches it moves along."""
    from analytics import scene_edit
    from analytics.cut_scenes import CutScenes

    if start is None and end is None:
        raise typer.BadParameter("say where it begins or ends: --start TIME, --end TIME or both")
    opened = CutScenes.open(store, film, cut)
    scenes = opened.scenes
    place = scene_edit.find_scene(scenes, which)
    if start is not None:
        scenes = scene_edit.move_start(scenes, place, opened.moment(start, "--start"))
    if end is not None:
        scenes = scene_edit.move_end(scenes, place, opened.moment(end, "--end"), opened.cut.duration_ms)
    opened.save(scenes)
    typer.echo(f"{scenes[place].name!r} is {opened.span(scenes[place])} now; {_NEXT}")
