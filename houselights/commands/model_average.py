"""``model average``: one network from several trainings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from houselights.commands.model_options import Data

EXAMPLES = """
**Example**

`houselights model average run-1/model run-2/model --data faces.npz --out mean`

where run-2 went on from run-1 (`model train --from run-1/model`).
"""


def average(
    folders: Annotated[
        list[Path], typer.Argument(metavar="MODEL MODEL…", help="The model/ folders of trainings.")
    ],
    data: Data,
    out: Annotated[Path, typer.Option("--out", help="Folder for the network.")],
) -> None:
    """Write the mean of the weights of trainings that went on from one another, its temperature fitted on split 1."""
    from edge_agent.training.averaged import average as run_averaging
    from edge_agent.training.data import load_face_set

    if len(folders) < 2:
        raise typer.BadParameter("give two folders or more; the mean of one is that one", param_hint="MODEL")
    typer.echo(str(run_averaging(folders, load_face_set(data), out)))
