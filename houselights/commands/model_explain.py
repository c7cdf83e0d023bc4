"""``model explain``: which parts of a face spoke for which emotion."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from houselights.commands.agent import NO_FACE
from houselights.commands.model_options import Model
from houselights.commands.options import Json

EXAMPLES = """
**Examples**

`houselights model explain portrait.jpg` prints the table by region.

`houselights model explain portrait.jpg --out why` also writes the heat maps and a page.

`houselights model explain group.jpg --face 2 --model run-1/model` takes the second largest face.
"""


def explain(
    image: Annotated[Path, typer.Argument(help="A picture with a face: PNG, JPEG, TIFF or WebP.")],
    model: Model = "bundled",
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for explanation.json, explanation.png, index.html.")
    ] = None,
    face: Annotated[
        int, typer.Option("--face", min=1, help="Which face, counted from the largest; 1 is the largest.")
    ] = 1,
    as_json: Json = False,
) -> None:
    """Show which parts of a face spoke for which emotion. Local only: no picture is sent anywhere.

    Exits with 3 when there is no face in the picture.
    """
    from edge_agent.still import read_still
    from edge_agent.training.report.folder import open_report, write_report

    # A wrong path is said before the seconds that the libraries below take to load.
    still = read_still(image)
    if out is not None:
        open_report(out)

    from edge_agent.contrast import readable
    from edge_agent.faces import SMALLEST_READABLE_PX, by_size, is_readable
    from edge_agent.mtcnn import MtcnnFinder
    from edge_agent.training.explain import explain as run_explanation
    from edge_agent.training.opened import OpenedNetwork
    from edge_agent.training.report.drawing import png
    from edge_agent.training.report.explanation import (
        LOCAL,
        explanation_figure,
        explanation_page,
        region_columns,
        region_rows,
    )
    from houselights.tables import print_table

    picture = readable(still)
    network = OpenedNetwork.load(model)
    faces = by_size(MtcnnFinder().find(picture))
    if not faces:
        _say(
            f"no face was found in {image}; give a picture in which a face is turned to the camera, stands "
            "upright, is at least 20 pixels wide, and has some room around it"
        )
        raise typer.Exit(NO_FACE)
    if face > len(faces):
        raise typer.BadParameter(
            f"there are {len(faces)} faces in {image}; give 1 to {len(faces)}", param_hint="--face"
        )
    if len(faces) > 1:
        _say(f"{len(faces)} faces were found; explaining number {face} by size (--face N takes another)")
    if not is_readable(picture.shape, faces[face - 1].box):
        _say(
            f"this face is cut off, or under {SMALLEST_READABLE_PX} pixels wide: too little to read, and the agent "
            "would not score it"
        )
    found = run_explanation(network, picture, faces[face - 1])
    about = {"model": model, "model_id": network.model_id, "face": face, "faces": len(faces)}
    document = json.dumps(about | found.as_json(), indent=1)
    if out is not None:
        page = explanation_page(
            found, name=image.name, model=model, model_id=network.model_id, face=face, faces=len(faces)
        )
        write_report(
            out,
            {
                "explanation.json": document + "\n",
                "explanation.png": png(explanation_figure(found)),
                "index.html": page,
            },
        )
        _say(f"{out / 'index.html'}: {LOCAL}", colour=None)
    if as_json:
        typer.echo(document)
        return
    print_table(
        region_columns(found),
        region_rows(found),
        title=f"{image.name}: {found.top} {found.scores.max():.0%}. What spoke for each emotion, by region "
        "(and for its area: ×1 is even)",
    )


def _say(text: str, colour: str | None = typer.colors.YELLOW) -> None:
    typer.secho(f"houselights: {text}", fg=colour, err=True)
