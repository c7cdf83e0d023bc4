"""A training's course as a picture: ``history.png`` in the run's folder, drawn again after each epoch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import altair as alt

from edge_agent.training.history import EpochReport

_BLUE, _ORANGE = "#0072b2", "#d55e00"  # told apart by colour-blind eyes (Okabe and Ito 2008)


def draw_history(history: Sequence[EpochReport], epochs: int, path: Path) -> None:
    """Write a PNG: mean training loss, and PublicTest accuracy with its best epoch marked, over ``epochs``."""
    rows = [
        {"epoch": report.epoch, "loss": report.loss, "accuracy": report.public_test_accuracy}
        for report in history
    ]
    best = max(history, key=lambda report: report.public_test_accuracy)
    mark = {
        "epoch": best.epoch,
        "accuracy": best.public_test_accuracy,
        "best": f"{best.public_test_accuracy:.1%}",
    }
    x = alt.X(
        "epoch:Q", title="Epoch", scale=alt.Scale(domain=[1, max(epochs, 2)]), axis=alt.Axis(tickMinStep=1)
    )
    lines = alt.Chart(alt.InlineData(values=rows)).encode(x=x)
    accuracy = lines.mark_line(color=_BLUE, point={"color": _BLUE}).encode(
        alt.Y(
            "accuracy:Q",
            title="PublicTest accuracy",
            axis=alt.Axis(format=".0%"),
            scale=alt.Scale(zero=False),
        )
    )
    marked = (
        alt.Chart(alt.InlineData(values=[mark]))
        .encode(x=x, y="accuracy:Q", text="best:N")
        .mark_text(color=_BLUE, dy=-12, fontWeight="bold")
    )
    loss = lines.mark_line(color=_ORANGE, point={"color": _ORANGE}).encode(
        alt.Y("loss:Q", title="Mean training loss", scale=alt.Scale(zero=False))
    )
    chart = alt.vconcat(
        (accuracy + marked).properties(width=560, height=200, title="Faces that were not trained on"),
        loss.properties(width=560, height=140, title="Faces trained on, augmented and mixed"),
    )
    chart.save(path, scale_factor=2)
