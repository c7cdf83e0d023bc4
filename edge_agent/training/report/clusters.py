"""The drawings and the page of ``model cluster``."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from contract.emotions import EMOTIONS
from edge_agent.training.cluster import CLUSTERS, Agreement, Clustering
from edge_agent.training.report.drawing import EMOTION_COLOURS, GREY, bare, figure, shaded_table, styled, svg
from edge_agent.training.report.evaluation import SPLITS
from edge_agent.training.report.page import Card, Section, drawing, page

_SHOWN = (0.5, 99.5)  # percentiles of the plane inside the frame: a few far faces must not shrink the rest
_LINE = 0.052  # of the plane's height: what a name needs


@styled
def plane_figure(found: Clustering) -> Figure:
    """Every face in the plane of the first two principal components, each emotion named at its middle."""
    made, axes = figure(8.6, 6.2)
    order = np.random.default_rng(0).permutation(
        len(found.labels)
    )  # no emotion is drawn on top of the others
    colours = np.array([EMOTION_COLOURS[name] for name in EMOTIONS])
    axes.scatter(
        *found.plane[order].T, c=colours[found.labels[order]], s=9, alpha=0.6, linewidth=0, rasterized=True
    )
    _frame(axes, found)
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    middles = {
        name: np.median(found.plane[found.labels == index], axis=0)
        for index, name in enumerate(EMOTIONS)
        if (found.labels == index).any()
    }
    label_y = bottom
    for name, (x, y) in sorted(middles.items(), key=lambda item: float(item[1][1])):
        # From below upwards, so that names whose emotions share a middle stand above one another.
        label_y = max(y, label_y + _LINE * (top - bottom))
        axes.annotate(
            f"{name}  n={(found.labels == EMOTIONS.index(name)).sum()}",
            (x, y),
            xytext=(x + 0.025 * (right - left), label_y),
            va="center",
            color="#FFFFFF",
            fontweight="bold",
            fontsize=9.5,
            bbox={"boxstyle": "round,pad=0.3", "facecolor": EMOTION_COLOURS[name], "edgecolor": "#FFFFFF"},
            arrowprops={"arrowstyle": "-", "color": EMOTION_COLOURS[name], "shrinkA": 0, "shrinkB": 0},
            zorder=4,
        )
        axes.scatter(x, y, s=60, color=EMOTION_COLOURS[name], edgecolor="#FFFFFF", linewidth=1.2, zorder=3)
    axes.set_xlabel(f"first principal component, {found.variance[0]:.0%} of the variance")
    axes.set_ylabel(f"second, {found.variance[1]:.0%}")
    return made


@styled
def one_by_one_figure(found: Clustering) -> Figure:
    """The same plane once for each emotion, its faces over all the others in grey."""
    made, cells = figure(8.6, 4.6, 2, 4)
    for axes in cells.flat:
        bare(axes)
    for index, (axes, name) in enumerate(zip(cells.flat, EMOTIONS, strict=False)):
        mine = found.labels == index
        axes.scatter(*found.plane[~mine].T, s=2, color=GREY, alpha=0.22, linewidth=0, rasterized=True)
        axes.scatter(
            *found.plane[mine].T, s=4, color=EMOTION_COLOURS[name], alpha=0.75, linewidth=0, rasterized=True
        )
        axes.set_title(f"{name}  n={int(mine.sum())}", fontsize=10.5)
        _frame(axes, found)
    return made


def _frame(axes: Axes, found: Clustering) -> None:
    (left, bottom), (right, top) = np.percentile(found.plane, _SHOWN, axis=0)
    axes.set_xlim(left - 0.06 * (right - left), right + 0.06 * (right - left))
    axes.set_ylim(bottom - 0.06 * (top - bottom), top + 0.06 * (top - bottom))


def contents_figure(found: Clustering) -> Figure:
    """Which labels each cluster holds: a row a cluster."""
    counts = found.table
    names = [f"{chr(ord('A') + index)}\nn={int(row.sum())}" for index, row in enumerate(counts)]
    return shaded_table(counts, names, EMOTIONS, across="FER2013's label", down="cluster")


def cluster_page(found: Clustering, *, model: str, model_id: str, split: int) -> str:
    """One HTML document."""
    n = f"n = {len(found.labels):,}"
    cards = [
        Card(f"{found.fer2013.rand:.3f}", "adjusted Rand index", "against FER2013's labels"),
        Card(f"{found.fer2013.information:.3f}", "mutual information", "normalised, same labels"),
    ]
    if found.ferplus:
        cards += [
            Card(f"{found.ferplus.rand:.3f}", "adjusted Rand index", _against_votes(found.ferplus)),
            Card(f"{found.ferplus.information:.3f}", "mutual information", _against_votes(found.ferplus)),
        ]
    cards.append(Card(f"{found.pixels.rand:.3f}", "Rand index of pixels alone", "what a network must beat"))
    return page(
        "Are the emotions in the features?",
        f"model cluster · FER2013 {SPLITS[split]}",
        f"{len(found.labels):,} faces of FER2013's {SPLITS[split]}, each as the {found.features} numbers that the "
        f"last layer reads. Model: {model} ({model_id}).",
        [
            Section(
                "The faces on a map",
                "Each dot is a face; faces that the network describes alike lie together. Of all flat shadows of "
                f"{found.features} dimensions this one keeps most of the spread ({sum(found.variance):.0%} of the "
                "variance), so clouds that overlap here may still be apart. A name points at the median of its "
                f"faces. {n}.",
                [drawing(svg(plane_figure(found)), "Principal components, coloured by FER2013 label")],
            ),
            Section(
                "One emotion at a time",
                f"The same map, one emotion in colour and all other faces in grey. {n} in each panel.",
                [drawing(svg(one_by_one_figure(found)), "The map once for each emotion")],
            ),
            Section(
                "What K-means finds without a label",
                f"K-means was asked for {CLUSTERS} groups and was shown no label. A row is one of its groups, the "
                f"percentages say which labels it holds. {n}.\n\n"
                "The adjusted Rand index asks of every pair of faces whether labels and groups agree on keeping them "
                "together; normalised mutual information asks how much one says about the other. Both are 1 for the "
                "same groups and about 0 for chance. K-means on the bare pixels is the floor: whatever lies above it, "
                "the network has learned.",
                [drawing(svg(contents_figure(found)), "Labels by cluster; the counts are in clusters.json")],
            ),
        ],
        cards=cards,
        foot="Labels are what people saw in a picture from the web, not what anyone felt, and people agree on them "
        "about 65% of the time: no grouping can reach 1.",
    )


def _against_votes(agreement: Agreement) -> str:
    return f"against FER+ strict majority, {agreement.n:,} faces"
