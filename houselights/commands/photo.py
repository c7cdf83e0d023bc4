"""``photo``: what the agent would make of one picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from houselights.commands.agent import NO_FACE
from houselights.commands.model_options import Model
from houselights.commands.options import Json

if TYPE_CHECKING:
    from edge_agent.seen_face import SeenFace

EXAMPLES = """
**Examples**

`houselights photo portrait.jpg`

`houselights photo group.jpg --out boxed.png` also writes the picture with its faces boxed.
"""
BAR = 24
"""Letters of a bar that says 100%."""


def photo(
    image: Annotated[Path, typer.Argument(help="A picture with faces: PNG, JPEG, TIFF or WebP.")],
    model: Model = "bundled",
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the picture with its faces boxed: a .png or .jpg.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Score the faces of a picture as the agent would. Local only: nothing is kept or sent.

    Exits with 3 when there is no face in the picture.
    """
    from PIL import Image

    from edge_agent.still import read_still

    # A wrong path is said before the seconds that the libraries below take to load.
    picture = read_still(image)
    if out is not None and out.suffix.lower() not in {".png", ".jpg", ".jpeg"}:
        raise typer.BadParameter(f"{out} must end in .png or .jpg", param_hint="--out")

    from edge_agent.classifier import Classifier
    from edge_agent.mtcnn import MtcnnFinder
    from edge_agent.photo import drawn, look_at

    classifier = Classifier.load(model)
    seen = look_at(picture, MtcnnFinder(), classifier)
    if out is not None:
        try:
            Image.fromarray(drawn(picture, seen)).save(out)
        except OSError as error:
            raise typer.BadParameter(
                f"{out} cannot be written: {error.strerror or error}", param_hint="--out"
            ) from error
    if as_json:
        faces = [_as_json(one) for one in seen]
        typer.echo(json.dumps({"model_id": classifier.model_id, "faces": faces}, indent=1))
    else:
        for number, one in enumerate(seen, start=1):
            typer.echo("\n".join(_lines(number, one)))
    if not seen:
        typer.secho(
            f"houselights: no face was found in {image}; give a picture in which a face is turned to the camera, "
            "stands upright, and is at least 20 pixels wide",
            fg=typer.colors.YELLOW,
            err=True,
        )
        raise typer.Exit(NO_FACE)


def _as_json(one: SeenFace) -> dict[str, Any]:
    from contract.emotions import EMOTIONS

    scores = None if one.scores is None else [round(float(score), 4) for score in one.scores]
    return {
        "box": [round(float(edge), 1) for edge in one.face.box],
        "front": one.front,
        "scores": scores and dict(zip(EMOTIONS, scores, strict=True)),
    }


def _lines(number: int, one: SeenFace) -> list[str]:
    from contract.emotions import EMOTIONS
    from edge_agent.faces import SMALLEST_READABLE_PX, crop_side

    turned = "turned to the camera" if one.front else "turned away"
    head = f"Face {number}: {crop_side(one.face.box)} pixels wide, {turned}"
    if one.scores is None:
        return [f"{head}; too small (under {SMALLEST_READABLE_PX} pixels) or cut off: not scored"]
    order = sorted(zip(EMOTIONS, one.scores.tolist(), strict=True), key=lambda pair: -pair[1])
    return [
        head,
        *(f"  {emotion:<9}{'█' * round(BAR * score):<{BAR}} {score:>4.0%}" for emotion, score in order),
    ]
