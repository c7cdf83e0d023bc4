"""``model build-dataset``: from raw footage to faces that wait for their labels."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from houselights.commands.options import Json

if TYPE_CHECKING:
    from edge_agent.training.dataset.build import DatasetReport, Watcher

NO_FACE = 3

EXAMPLES = """
**Examples**

`houselights model build-dataset dailies/*.mp4 --out faces-1`

`houselights model build-dataset dailies/*.mp4 --out faces-1` again goes on with the film that was interrupted.

`houselights model build-dataset a.mkv b.mkv c.mkv --out faces-2 --together film` never splits a film.
"""


def build_dataset(
    films: Annotated[list[Path], typer.Argument(metavar="FILM", help="Video files or GIFs.")],
    out: Annotated[Path, typer.Option("--out", help="A new folder, or one that an interrupted run left.")],
    rate: Annotated[
        float, typer.Option("--rate", min=0.05, max=30, help="Frames looked at a second of film.")
    ] = 2.0,
    min_face_px: Annotated[
        int | None,
        typer.Option(
            "--min-face-px",
            min=10,
            help="Side of the smallest face searched for and kept.  [default: 32, and at least 1/18 of the "
            "picture's shorter side]",
        ),
    ] = None,
    contrast: Annotated[
        Literal["stretch", "as-filmed"],
        typer.Option("--contrast", help="Stretch each face to the full range of grey, or leave it."),
    ] = "stretch",
    together: Annotated[
        Literal["shot", "film"], typer.Option("--together", help="What never lies in two splits.")
    ] = "shot",
    near_bits: Annotated[
        int,
        typer.Option(
            "--near-bits", min=0, max=144, help="Faces whose hashes differ in no more bits are one picture."
        ),
    ] = 20,
    link_bits: Annotated[
        int,
        typer.Option(
            "--link-bits", min=0, max=144, help="Faces that differ in no more bits never lie in two splits."
        ),
    ] = 28,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of split and previews; recorded.")] = 20261120,
    as_json: Json = False,
) -> None:
    """Find the faces of films, drop near-duplicates, split 70/20/10 by whole shots; labels are left to you.

    Writes faces/SPLIT/ID.png (48x48 grey), faces.csv with an empty label column, faces.npz, augmentation.png and
    manifest.json with every setting and decision. Exits with 1 when a film failed (the others are in the set), with
    3 when no face could be used.
    """
    from edge_agent.mtcnn import MtcnnFinder
    from edge_agent.training.dataset.build import build_dataset as run_build
    from edge_agent.training.dataset.settings import DatasetSettings

    settings = DatasetSettings(
        rate_hz=rate,
        min_face_px=min_face_px,
        contrast=contrast,
        together=together,
        near_bits=near_bits,
        link_bits=link_bits,
        seed=seed,
    )
    with _watching() as watcher:
        report = run_build(films, out, settings, MtcnnFinder(min_face_px), watcher)
    if report.warning:
        _say(report.warning)
    if report.summary.kept:
        _print(report, out, as_json=as_json)
    if report.films_failed:
        _say(f"{report.films_failed} of {len(films)} films are not in the data set; the lines above say why")
    if not report.summary.kept:
        raise typer.Exit(NO_FACE)
    if report.films_failed:
        raise typer.Exit(1)


def _print(report: DatasetReport, out: Path, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(report) | {"out": str(out)}))
        return
    from houselights.tables import print_table

    summary = report.summary
    print_table(
        ("faces", "n", "share %"),
        [
            *((name, n, 100 * n / summary.kept) for name, n in summary.splits.items()),
            ("kept", summary.kept, None),
            *((f"dropped: {why}", n, None) for why, n in summary.dropped.items()),
            ("found", summary.found, None),
        ],
    )
    typer.echo(f"{out}: look at augmentation.png, then fill in the column label of faces.csv")


@contextmanager
def _watching() -> Iterator[Watcher]:
    """A bar for the film that is being read, and a line for each film that has been; on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    from edge_agent.training.dataset.build import Watcher
    from edge_agent.training.dataset.footage import Progress as FilmProgress
    from edge_agent.training.dataset.manifest import Film

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[faces]:,} faces, left"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    with Progress(*columns, console=console, transient=True) as bar:

        class Shown(Watcher):
            def film_begins(self, name: str, number: int, films: int) -> FilmProgress:
                task = bar.add_task(f"{number}/{films} {name}", total=None, faces=0)

                def show(frames: int, claimed: int | None, faces: int) -> None:
                    bar.update(task, completed=frames, total=claimed, faces=faces)

                return show

            def film_done(self, film: Film, *, kept_from_before: bool) -> None:
                for task in bar.task_ids:
                    bar.remove_task(task)
                bar.console.print(
                    f"{film.line} (read before)" if kept_from_before else film.line,
                    style="yellow" if film.failed else None,
                    markup=False,
                )

            def comparing(self, faces: int) -> None:
                bar.add_task("comparing all with all", total=None, faces=faces)

        yield Shown()


def _say(text: str) -> None:
    typer.secho(f"houselights: {text}", fg=typer.colors.YELLOW, err=True)
