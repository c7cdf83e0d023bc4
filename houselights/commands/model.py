"""``model …``: how the bundled classifier is made, measured and looked into."""

from __future__ import annotations

import typer

from houselights.commands import (
    model_average,
    model_cluster,
    model_dataset,
    model_evaluate,
    model_explain,
    model_train,
)

app = typer.Typer(help="Train, measure and explain the classifier.", no_args_is_help=True)

app.command("train", epilog=model_train.EXAMPLES)(model_train.train)
app.command("average", epilog=model_average.EXAMPLES)(model_average.average)
app.command("build-dataset", epilog=model_dataset.EXAMPLES)(model_dataset.build_dataset)
app.command("evaluate", epilog=model_evaluate.EXAMPLES)(model_evaluate.evaluate)
app.command("cluster", epilog=model_cluster.EXAMPLES)(model_cluster.cluster)
app.command("explain", epilog=model_explain.EXAMPLES)(model_explain.explain)
