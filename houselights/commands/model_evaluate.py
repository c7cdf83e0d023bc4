"""``model evaluate``: how right a classifier is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from houselights.commands.model_options import Data, Model, Split, watching_faces

EXAMPLES = """
**Examples**

`houselights model evaluate --data faces.npz --model bundled`

`houselights model evaluate --data faces.npz --model run-1/model --out measured` also writes a page.
"""


def evaluate(
    data: Data,
    model: Model = "bundled",
    split: Split = 1,
    engine: Annotated[
        Literal["torch", "openvino", "ipex"],
        typer.Option(
            "--engine", help="The library that runs the classifier: their scores agree within 0.01."
        ),
    ] = "torch",
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for evaluation.json, confusion.png and index.html.")
    ] = None,
    by_size: Annotated[
        bool | None,
        typer.Option(
            "--by-size/--no-by-size",
            help="Measure shrunken faces too, ten passes more; by default only with --out.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Print JSON: accuracy, macro-F1, calibration, recall, confusion, agreement with FER+, accuracy by face size."""
    from edge_agent.classifier import Classifier
    from edge_agent.training.data import load_face_set
    from edge_agent.training.evaluate import evaluate as run_evaluation
    from edge_agent.training.opened import OpenedNetwork
    from edge_agent.training.report.folder import open_report, write_report

    if out is not None:
        open_report(out)
    faces = load_face_set(data).of_split(split)
    network = OpenedNetwork.load(model)
    with watching_faces("scoring faces") as progress:
        found = run_evaluation(
            faces,
            Classifier.load(model, engine),
            network,
            by_face_size=out is not None if by_size is None else by_size,
            progress=progress,
        )
    document = json.dumps({"model": model, "engine": engine, "split": split, **found.as_json()}, indent=1)
    if out is not None:
        from edge_agent.training.report.drawing import png
        from edge_agent.training.report.evaluation import evaluation_page
        from edge_agent.training.report.evaluation_figures import confusion_figure

        write_report(
            out,
            {
                "evaluation.json": document + "\n",
                "confusion.png": png(confusion_figure(found.single, title=f"n = {found.single.n:,} faces")),
                "index.html": evaluation_page(found, model=model, model_id=network.model_id, split=split),
            },
        )
    typer.echo(document)
