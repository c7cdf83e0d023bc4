"""How the laboratory's pictures look: one palette, ink that follows the page, SVG for pages and PNG for files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

EMOTION_COLOURS = {
    "angry": "#D1071C",
    "disgust": "#1E7347",
    "fear": "#7F35F9",
    "happy": "#CB7A00",
    "neutral": "#898C92",
    "sad": "#608BEA",
    "surprise": "#AC3E93",
}
"""The dashboard's own, which stay apart for colour-blind readers (``dashboard/theme.py``); a test compares them.
Colour is never the only sign: every bar, line and cloud is named beside itself."""

INK = "#22262B"
"""Words and axes. In an SVG it becomes ``currentColor``: the page's own, light or dark."""
GREY = "#8A8F98"
BLUE = "#3B78C3"
_PAPER = "#FBFAF8"
_WHITE_FROM = 0.72  # share of a row from which white words read better on the cell than the page's ink

_GROUP_ID = re.compile(r' id="[A-Za-z0-9.]+_\d+"')
"""matplotlib numbers the groups of every figure alike; an id must stand once in a page, and nothing refers to these."""

Parameters = ParamSpec("Parameters")

_RC: Any = {
    "font.size": 10.5,
    "font.family": "sans-serif",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GREY,
    "grid.alpha": 0.25,
    "grid.linewidth": 0.7,
    "svg.fonttype": "none",  # words stay words: the page's font, and found by a search
    "svg.hashsalt": "houselights",  # the same figures give the same bytes
}


def styled(draw: Callable[Parameters, Figure]) -> Callable[Parameters, Figure]:
    """Let ``draw`` make its figure in the laboratory's style, and leave matplotlib's own defaults as they were."""

    @wraps(draw)
    def drawn(*given: Parameters.args, **named: Parameters.kwargs) -> Figure:
        with mpl.rc_context(_RC):
            return draw(*given, **named)

    return drawn


def figure(width: float, height: float, rows: int = 1, columns: int = 1) -> tuple[Figure, Any]:
    """A figure of that many inches and its axes, without a window and without pyplot's global state."""
    made = Figure(figsize=(width, height), layout="constrained")
    return made, made.subplots(rows, columns)


def svg(made: Figure) -> str:
    """For a page: transparent, with the page's ink and font."""
    stream = io.StringIO()
    with mpl.rc_context(_RC):
        made.savefig(
            stream, format="svg", transparent=True, dpi=160, metadata={"Date": None, "Creator": None}
        )
    text = stream.getvalue()
    text = _GROUP_ID.sub("", text[text.index("<svg") :])
    return text.replace(INK.lower(), "currentColor").replace(INK, "currentColor")


def png(made: Figure, dpi: int = 160) -> bytes:
    """For a file: on light paper."""
    stream = io.BytesIO()
    with mpl.rc_context(_RC):
        made.savefig(stream, format="png", dpi=dpi, facecolor=_PAPER)
    return stream.getvalue()


def share_axis(axis: Axis, *, high: float = 1.0) -> None:
    """Percent on a matplotlib axis that shows 0..1."""
    axis.set_view_interval(0.0, high, ignore=True)
    axis.set_major_formatter(PercentFormatter(1.0, decimals=0))


def bare(axes: Axes) -> None:
    """No ticks, grid or frame: a picture."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


@styled
def shaded_table(
    counts: NDArray[np.integer],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    across: str,
    down: str,
    title: str = "",
    bold_diagonal: bool = False,
) -> Figure:
    """``counts`` (rows, columns) as shares of their row, shaded by the share, with the count below each."""
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    made, axes = figure(0.82 * len(columns) + 1.7, 0.62 * len(rows) + 1.4)
    cells = np.empty((*shares.shape, 4))
    cells[..., :3] = to_rgb(BLUE)
    cells[..., 3] = shares  # see-through where little is: right on light and on dark
    axes.imshow(cells, aspect="auto", interpolation="nearest")
    for (row, column), share in np.ndenumerate(shares):
        ink = "#FFFFFF" if share >= _WHITE_FROM else INK
        weight = "bold" if bold_diagonal and row == column else "normal"
        axes.text(column, row - 0.08, f"{share:.0%}", ha="center", va="center", color=ink, fontweight=weight)
        axes.text(
            column, row + 0.28, str(counts[row, column]), ha="center", va="center", color=ink, fontsize=7.5
        )
    bare(axes)
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0)
    axes.set_xlabel(across)
    axes.set_ylabel(down)
    if title:
        axes.set_title(title, loc="left", fontsize=11)
    return made
