"""``model train``: how the bundled classifier is made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from houselights.commands.model_options import Data

EXAMPLES = """
**Examples**

`houselights model train --data faces.npz --out run-1`

`houselights model train --data faces.npz --out run-1` again goes on after the last whole epoch.

`houselights model train --data faces.npz --out run-2 --epochs 40 --compile`

`houselights model train --data faces.npz --out run-3 --from run-2/model --peak-rate 0.02`

Two larger networks on a GPU, and one of the usual size that learns from them:

`houselights model train --data faces.npz --out large-1 --wider 1.5 --device cuda`

`houselights model train --data faces.npz --out large-2 --wider 1.5 --device cuda --seed 2`

`houselights model train --data faces.npz --out run-4 --teacher large-1/model --teacher large-2/model`
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
    start_from: Annotated[
        Path | None,
        typer.Option(
            "--from", help="The model/ of an earlier training, to go on from in place of fresh weights."
        ),
    ] = None,
    wider: Annotated[
        float, typer.Option("--wider", min=0.25, max=8, help="Channels, in times of the bundled network's.")
    ] = 1.0,
    teachers: Annotated[
        list[Path] | None,
        typer.Option("--teacher", help="The model/ of an earlier training, to learn from; may be repeated."),
    ] = None,
    teacher_share: Annotated[
        float, typer.Option("--teacher-share", min=0, max=1, help="Share of the loss that asks the teachers.")
    ] = 0.7,
    device: Annotated[Literal["cpu", "cuda"], typer.Option("--device", help="What to train on.")] = "cpu",
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
        wider=wider,
        teacher_share=teacher_share,
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
            start_from=start_from,
            teachers=teachers or [],
            device=device,
            progress=lambda done, total, loss: bar.update(task, completed=done, total=total, loss=loss),
            epoch_done=epoch_done,
        )
    typer.echo(str(folder))
