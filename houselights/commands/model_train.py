"""``model train``: how the bundled classifier is made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from houselights.commands.model_options import Data

EXAMPLES = """
**Examples**

`houselights model train --data faces.npz --out run-1`

`houselights model train --data faces.npz --out run-1` again goes on after the last whole epoch.

`houselights model train --data faces.npz --out run-2 --epochs 40 --compile`
"""


def train(
    data: Data,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for checkpoint, history, its picture and the model.")
    ],
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Passes over the training faces.")] = 18,
    batch_size: Annotated[int, typer.Option("--batch-size", min=2, help="Faces a step.")] = 128,
    peak_rate: Annotated[
        float, typer.Option("--peak-rate", help="Highest learning rate of the convolutions.")
    ] = 0.03,
    mixup: Annotated[
        float, typer.Option("--mixup", min=0, help="Alpha of mixing faces two by two; 0 mixes none.")
    ] = 0.2,
    low_share: Annotated[
        float,
        typer.Option(
            "--low-share", min=0, max=1, help="Share of the epochs, from the first, on smaller faces."
        ),
    ] = 0.8,
    average_decay: Annotated[
        float,
        typer.Option("--average-decay", min=0, max=1, help="Of the moving average of the weights, a step."),
    ] = 0.998,
    compiled: Annotated[
        bool, typer.Option("--compile", help="A third faster after a minute; needs a C++ compiler.")
    ] = False,
    seed: Annotated[
        int, typer.Option("--seed", help="Of weights, order and augmentation; recorded.")
    ] = 20261120,
) -> None:
    """Train on split 0, keep the weights that do best on split 1; resumes an interrupted run in --out."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from edge_agent.training.data import load_face_set
    from edge_agent.training.history import EpochReport
    from edge_agent.training.settings import TrainSettings
    from edge_agent.training.train import train as run_training

    settings = TrainSettings(
        epochs=epochs,
        batch_size=batch_size,
        peak_rate=peak_rate,
        mixup=mixup,
        low_resolution_share=low_share,
        average_decay=average_decay,
        compiled=compiled,
        seed=seed,
    )
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]:.3f}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("training", total=None, loss=0.0)

        def epoch_done(report: EpochReport) -> None:
            mark = "  best so far" if report.best else ""
            bar.console.print(
                f"epoch {report.epoch}/{epochs}: loss {report.loss:.3f}, "
                f"PublicTest {report.public_test_accuracy:.2%}{mark}"
            )

        folder = run_training(
            load_face_set(data),
            out,
            settings,
            progress=lambda done, total, loss: bar.update(task, completed=done, total=total, loss=loss),
            epoch_done=epoch_done,
        )
    typer.echo(str(folder))
