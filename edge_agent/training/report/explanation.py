"""The picture and the page of ``model explain``."""

from __future__ import annotations

import cv2
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from contract.emotions import EMOTIONS
from edge_agent.training.explain import Explanation
from edge_agent.training.regions import REGIONS, FaceFrame
from edge_agent.training.report.drawing import bare, figure, styled, svg
from edge_agent.training.report.page import Card, Section, drawing, page, table

_FOR, _AGAINST = "#E8590C", "#1C7ED6"  # orange and blue stay apart for every common colour blindness
_HEAT = LinearSegmentedColormap.from_list("for and against", [_AGAINST, "#FFFFFF", _FOR])
_STRONGEST_ALPHA = 0.85
_FULL_COLOUR = (
    99.5  # percentile of all seven maps that gets full colour: one odd pixel must not pale the rest
)
_AROUND = np.linspace(0, 2 * np.pi, 73)

LOCAL = (
    "Made on this machine, from a picture that went nowhere else. This page holds the face: keep it as you would keep "
    "the picture."
)


@styled
def explanation_figure(found: Explanation) -> Figure:
    """The face with its regions, then one heat map over it for each of the seven emotions, all on one scale."""
    made, cells = figure(10.4, 6.3, 2, 4)
    side = len(found.crop)
    grey = np.asarray(found.crop @ np.array([0.299, 0.587, 0.114]), dtype=np.float64)
    # The windows' steps are smoothed away for the eye alone: the figures are taken from the maps as they are.
    smooth = [cv2.GaussianBlur(values, (0, 0), len(values) / 24) for values in found.maps]
    full = max(float(np.percentile(np.abs(smooth), _FULL_COLOUR)), 1e-6)
    for axes in cells.flat:
        bare(axes)
        axes.set_xlim(0, side)
        axes.set_ylim(side, 0)
    first, *panels = cells.flat
    first.imshow(found.crop, extent=(0, side, side, 0), interpolation="bilinear")
    _draw_regions(first, found)
    first.set_title("regions", fontsize=11)
    for index, axes in enumerate(panels):
        emotion, score = EMOTIONS[index], float(found.scores[index])
        axes.imshow(
            grey, cmap="gray", vmin=-60, vmax=315, extent=(0, side, side, 0), interpolation="bilinear"
        )
        values = np.clip(smooth[index] / full, -1, 1)
        axes.imshow(
            _HEAT(Normalize(-1, 1)(values)),
            alpha=np.abs(values) * _STRONGEST_ALPHA,
            extent=(0, side, side, 0),
            interpolation="bicubic",
        )
        axes.scatter(
            *found.landmarks.T, s=14, facecolor="none", edgecolor="#FFFFFF", linewidth=0.8, alpha=0.75
        )
        weight = "bold" if emotion == found.top else "normal"
        axes.set_title(f"{emotion} {score:.0%}", fontsize=11, fontweight=weight)
    made.legend(
        handles=[
            Patch(color=_FOR, label="spoke for this emotion"),
            Patch(color=_AGAINST, label="spoke against it"),
        ],
        loc="outside lower center",
        ncols=2,
        frameon=False,
    )
    return made


def _draw_regions(axes: Axes, found: Explanation) -> None:
    frame = FaceFrame(found.landmarks)
    x, y = found.landmarks.T
    axes.scatter(x, y, s=10, color="#FFFFFF", linewidth=0)
    dark = [withStroke(linewidth=2, foreground="#000000")]
    for name, ellipses in frame.ellipses().items():
        for ellipse in ellipses:
            outline = np.stack(
                [
                    ellipse.x + ellipse.half_width * np.cos(_AROUND),
                    ellipse.y + ellipse.half_height * np.sin(_AROUND),
                ],
                axis=-1,
            )
            axes.plot(*frame.pixels(outline).T, color="#FFFFFF", linewidth=0.9, alpha=0.8)
        named = ellipses[0]
        middle_x, middle_y = frame.pixels(np.array([named.x, named.y]))
        axes.text(
            middle_x, middle_y, name, color="#FFFFFF", fontsize=8, ha="center", va="center", path_effects=dark
        )


def region_columns(found: Explanation) -> tuple[str, ...]:
    """Heads of ``region_rows``: each region with its share of the crop."""
    areas = found.regions[found.top]
    return ("", *(f"{region} ({areas[region].area:.0%})" for region in REGIONS))


def region_rows(found: Explanation) -> list[tuple[str, ...]]:
    """A row an emotion: each region's share of what spoke for it, and that share for its area."""
    return [
        (
            emotion,
            *(
                f"{share.spoke_for:.0%} (×{share.density:.1f})"
                for share in (found.regions[emotion][region] for region in REGIONS)
            ),
        )
        for emotion in EMOTIONS
    ]


def explanation_page(
    found: Explanation, *, name: str, model: str, model_id: str, face: int, faces: int
) -> str:
    """One HTML document; ``face`` counts from 1, largest first."""
    said = found.regions[found.top]
    loudest = max(
        (region for region in REGIONS if region != "elsewhere"), key=lambda region: said[region].density
    )
    share = said[loudest]
    which = f"Face {face} of {faces}, largest first. " if faces > 1 else ""
    against = [
        (emotion, *(f"{found.regions[emotion][region].spoke_against:.0%}" for region in REGIONS))
        for emotion in EMOTIONS
    ]
    top = {EMOTIONS.index(found.top)}
    return page(
        f"Why {found.top}?",
        f"model explain · {name}",
        f"{which}Model: {model} ({model_id}). For its area, the {loudest} spoke loudest for {found.top}: "
        f"{share.spoke_for:.0%} of all that spoke for it, on {share.area:.0%} of the crop.",
        [
            Section(
                "Where each emotion was read",
                "Orange: without the detail at this place, the emotion's score would be lower, so the place spoke for "
                "it. Blue: it would be higher, so the place spoke against it. All seven share one scale, so a pale map "
                "means that little was said at all. Circles are the detector's five landmarks.\n\n"
                "How it is found: a window of a sixth of the face is blurred, the network looks again, and the change "
                "is drawn where the window was (occlusion). One face is one observation: n = 1.",
                [
                    drawing(
                        svg(explanation_figure(found)),
                        "The face with its regions, and seven heat maps; the tables below hold the figures",
                    )
                ],
            ),
            Section(
                "By region",
                "Of everything in the crop that spoke for an emotion, the share that lies in a region; beside the "
                "region's name stands its share of the crop. In brackets the one over the other: ×1 is what the region "
                "would have if every spot spoke alike. Elsewhere is forehead, chin, hair and background: when it leads "
                "for its area, the classifier looked past the face's features.",
                [table(region_columns(found), region_rows(found), marked=top)],
            ),
            Section(
                "What spoke against",
                "The same for everything that spoke against an emotion.",
                [table(region_columns(found), against, marked=top)],
            ),
        ],
        cards=[
            Card(f"{found.scores[index]:.0%}", EMOTIONS[index], "score")
            for index in np.argsort(-found.scores)[:4].tolist()
        ],
        foot=f"{LOCAL} It explains the classifier, not the person: an expression is not a feeling.",
    )
