"""``model cluster``: how far a network's features group faces by emotion."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from houselights.commands.model_options import Data, Model, Split, watching_faces

EXAMPLES = """
**Examples**

`houselights model cluster --data faces.npz --out clusters`

`houselights model cluster --data faces.npz --model run-1/model --out clusters-1`
"""


def cluster(
    data: Data,
    out: Annotated[Path, typer.Option("--out", help="Folder for clusters.json, plane.png and index.html.")],
    model: Model = "bundled",
    split: Split = 1,
) -> None:
    """Print JSON: how far K-means on the network's features repeats the labels; write a page with the PCA picture."""
    from edge_agent.training.cluster import cluster as run_clustering
    from edge_agent.training.data import load_face_set
    from edge_agent.training.opened import OpenedNetwork
    from edge_agent.training.report.clusters import cluster_page, plane_figure
    from edge_agent.training.report.drawing import png
    from edge_agent.training.report.folder import open_report, write_report

    open_report(out)
    faces = load_face_set(data).of_split(split)
    network = OpenedNetwork.load(model)
    with watching_faces("reading features") as progress:
        found = run_clustering(faces, network, progress)
    document = json.dumps({"model": model, "split": split, **found.as_json()}, indent=1)
    write_report(
        out,
        {
            "clusters.json": document + "\n",
            "plane.png": png(plane_figure(found)),
            "index.html": cluster_page(found, model=model, model_id=network.model_id, split=split),
        },
    )
    typer.echo(document)
