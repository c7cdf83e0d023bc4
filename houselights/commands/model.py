"""``model train`` and ``model evaluate``: how the bundled classifier is made and measured."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Train and measure the classifier.", no_args_is_help=True)

TRAIN_EXAMPLES = """
**Examples**

`houselights model train --data faces.npz --out run-1`

`houselights model train --data faces.npz --out run-1` again goes on after the last whole epoch.
"""
EVALUATE_EXAMPLES = """
**Examples**

`houselights model evaluate --data faces.npz --model bundled`

`houselights model evaluate --data faces.npz --model run-1/model --split 1`
"""

Data = Annotated[
    Path,
    typer.Option("--data", help="Labelled faces: .npz with images, fer2013_label, ferplus_votes, split."),
]


@app.command(epilog=TRAIN_EXAMPLES)
def train(
    data: Data,
    out: Annotated[Path, typer.Option("--out", help="Folder for checkpoint, history and the model.")],
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Passes over the training faces.")] = 16,
    batch_size: Annotated[int, typer.Option("--batch-size", min=2, help="Faces a step.")] = 128,
    peak_rate: Annotated[
        float, typer.Option("--peak-rate", help="Highest learning rate of the cycle.")
    ] = 0.1,
    low_share: Annotated[
        float,
        typer.Option(
            "--low-share", min=0, max=1, help="Share of the epochs, from the first, on smaller faces."
        ),
    ] = 0.75,
    average_decay: Annotated[
        float,
        typer.Option("--average-decay", min=0, max=1, help="Of the moving average of the weights, a step."),
    ] = 0.999,
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
    from edge_agent.training.train import EpochReport, TrainSettings
    from edge_agent.training.train import train as run_training

    settings = TrainSettings(
        epochs=epochs,
        batch_size=batch_size,
        peak_rate=peak_rate,
        low_resolution_share=low_share,
        average_decay=average_decay,
        seed=seed,
    )
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]:.3f}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
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


@app.command(epilog=EVALUATE_EXAMPLES)
def evaluate(
    data: Data,
    model: Annotated[str, typer.Option("--model", help="bundled, a folder, or a hub id.")] = "bundled",
    split: Annotated[
        int, typer.Option("--split", min=0, max=2, help="0 Training, 1 PublicTest, 2 PrivateTest.")
    ] = 1,
) -> None:
    """Print JSON with n, accuracy, macro_f1, ece, recall a class and the confusion matrix."""
    from rich.console import Console
    from rich.progress import Progress

    from edge_agent.classifier import Classifier
    from edge_agent.training.data import load_face_set
    from edge_agent.training.evaluate import evaluate as run_evaluation

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("scoring faces")
        metrics = run_evaluation(
            load_face_set(data).of_split(split),
            Classifier.load(model),
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    typer.echo(json.dumps({"model": model, "split": split} | asdict(metrics), indent=1))
