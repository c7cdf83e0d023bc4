"""The drawings of ``model evaluate``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from contract.emotions import EMOTIONS
from edge_agent.training.evaluate import LEAST_KEPT, Calibration, SizeFigures
from edge_agent.training.metrics import Metrics, wilson
from edge_agent.training.report.drawing import (
    BLUE,
    EMOTION_COLOURS,
    GREY,
    INK,
    figure,
    shaded_table,
    share_axis,
    styled,
)


def confusion_figure(
    metrics: Metrics, classes: Sequence[str] = EMOTIONS, *, truth: str = "the label says", title: str = ""
) -> Figure:
    """Counts; a cell's colour is its share of the faces that carry the row's label."""
    counts = np.asarray(metrics.confusion)
    return shaded_table(
        counts,
        [f"{name}\nn={total}" for name, total in zip(classes, counts.sum(1), strict=True)],
        classes,
        across="the classifier said",
        down=truth,
        title=title,
        bold_diagonal=True,
    )


@styled
def recall_figure(metrics: Metrics) -> Figure:
    """Of the faces with each label, the share that was recognised, with Wilson intervals."""
    counts = np.asarray(metrics.confusion)
    made, axes = figure(8, 3.1)
    names = [name for name in EMOTIONS if name in metrics.recall]
    for position, name in enumerate(names):
        index = EMOTIONS.index(name)
        hits, n = int(counts[index, index]), int(counts[index].sum())
        low, high = wilson(hits, n)
        axes.barh(position, hits / n, height=0.62, color=EMOTION_COLOURS[name])
        axes.plot([low, high], [position, position], color=INK, linewidth=1.4, solid_capstyle="butt")
        axes.text(high + 0.012, position, f"{hits / n:.0%}", va="center", color=INK)
        names[position] = f"{name}  n={n}"
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.invert_yaxis()
    share_axis(axes.xaxis, high=1.06)
    axes.set_xticks(np.linspace(0, 1, 6))
    axes.set_xlabel("recognised")
    return made


@styled
def calibration_figure(calibration: Calibration) -> Figure:
    """Confidence against how often it was right, undivided and divided by the temperature."""
    made, axes = figure(6.4, 4.6)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle=(0, (4, 3)), label="as right as it is sure")
    for bins, colour, name, marker in (
        (calibration.before, EMOTION_COLOURS["happy"], f"before, error {calibration.ece_before:.3f}", "s"),
        (calibration.after, BLUE, f"after, error {calibration.ece_after:.3f}", "o"),
    ):
        sure, right = [part.confidence for part in bins], [part.accuracy for part in bins]
        sizes = [12 + 90 * part.n / max(other.n for other in bins) for part in bins]
        axes.plot(sure, right, color=colour, linewidth=1.6, alpha=0.8)
        axes.scatter(
            sure, right, s=sizes, color=colour, marker=marker, label=name, zorder=3, edgecolor="none"
        )
    share_axis(axes.xaxis)
    share_axis(axes.yaxis)
    axes.set_xlabel("how sure it was: mean of the highest share")
    axes.set_ylabel("how often it was right")
    axes.legend(loc="upper left", frameon=False)
    return made


@styled
def size_figure(sizes: Sequence[SizeFigures], chosen_px: int | None) -> Figure:
    """Accuracy and macro-F1 by the side of the face, and the line that must be kept."""
    px = [size.px for size in sizes]
    made, axes = figure(8, 4)
    low, high = zip(*(size.accuracy_interval for size in sizes), strict=True)
    axes.fill_between(px, low, high, color=BLUE, alpha=0.18, linewidth=0)
    axes.plot(px, [size.accuracy for size in sizes], color=BLUE, marker="o", markersize=4.5)
    axes.plot(px, [size.macro_f1 for size in sizes], color=EMOTION_COLOURS["happy"], marker="s", markersize=4)
    last = sizes[-1]
    axes.text(last.px + 0.6, last.accuracy, "accuracy", color=INK, va="center")
    axes.text(last.px + 0.6, last.macro_f1, "macro-F1", color=INK, va="center")
    line = last.accuracy * LEAST_KEPT
    axes.plot([px[0], last.px], [line, line], color=GREY, linewidth=1, linestyle=(0, (4, 3)))
    axes.text(px[0], line + 0.008, f"{LEAST_KEPT:.0%} of the accuracy at full size", color=INK, fontsize=9)
    if chosen_px is not None:
        axes.axvline(chosen_px, color=GREY, linewidth=1)
        axes.text(chosen_px + 0.5, 0.02, f"worth scoring from {chosen_px} px", color=INK, fontsize=9)
    share_axis(axes.yaxis, high=max(0.8, last.accuracy + 0.06))
    axes.set_xticks(px)
    axes.set_xlim(px[0] - 1, last.px + 7)
    axes.set_xlabel("side of the face, pixels")
    return made
