"""The page of ``model evaluate``: what was measured, drawn, and said in words."""

from __future__ import annotations

from edge_agent.training.evaluate import LEAST_KEPT, Calibration, Evaluation, VoteAgreement
from edge_agent.training.metrics import accuracy_interval
from edge_agent.training.report.drawing import svg
from edge_agent.training.report.evaluation_figures import (
    calibration_figure,
    confusion_figure,
    recall_figure,
    size_figure,
)
from edge_agent.training.report.page import Card, Section, drawing, page, table

SPLITS = ("Training", "PublicTest", "PrivateTest")


def evaluation_page(found: Evaluation, *, model: str, model_id: str, split: int) -> str:
    """One HTML document."""
    single = found.single
    low, high = accuracy_interval(single)
    n = f"{single.n:,} faces"
    cards = [
        Card(
            _percent(single.accuracy),
            "accuracy, one crop a face",
            f"95% interval {_percent(low)} to {_percent(high)}",
        ),
        Card(_percent(found.flipped.accuracy), "with its mirror image", "mean of both scores"),
        Card(f"{single.macro_f1:.3f}", "macro-F1", "every emotion counts the same"),
        Card(
            f"{found.calibration.ece_after:.3f}",
            "calibration error",
            f"{found.calibration.ece_before:.3f} before temperature",
        ),
    ]
    if found.votes:
        cards.append(
            Card(
                _percent(found.votes.single.accuracy),
                "FER+ strict majority",
                f"{found.votes.single.n:,} faces, eight classes",
            )
        )
    sections = [
        Section(
            "Emotion by emotion",
            "Of the faces that carry a label, the share that the classifier recognised (recall). "
            f"{n}, one crop each. The thin line is the 95% Wilson interval: few faces, long line.",
            [drawing(svg(recall_figure(single)), "Recall by emotion: " + _in_words(single.recall))],
        ),
        Section(
            "What is taken for what",
            "A row holds the faces with one label; its percentages add up to 100. The diagonal is right, the "
            "rest are mix-ups. People agree with FER2013's labels about 65% of the time, so some of these are "
            "the label's mistakes.",
            [drawing(svg(confusion_figure(single)), "Confusion matrix; its counts are in evaluation.json")],
        ),
        _calibration_section(found.calibration, n),
    ]
    if found.votes:
        sections.append(_votes_section(found.votes))
    if found.by_face_size:
        sections.append(_size_section(found))
    return page(
        "How right is this classifier?",
        f"model evaluate · FER2013 {SPLITS[split]}",
        f"Measured on {n} of FER2013's {SPLITS[split]}, through the code that scores viewers. "
        f"Model: {model} ({model_id}).",
        sections,
        cards=cards,
        foot="An expression is not a feeling: these figures say how often the classifier repeats a label that "
        "a person gave to a picture from the web, not how anyone felt. PublicTest chose the bundled network's "
        "epoch and temperature, so there its figures lean a little to the good side.",
    )


def _calibration_section(calibration: Calibration, n: str) -> Section:
    whose = (
        "is written in the model's config"
        if calibration.temperature_from == "model"
        else "was fitted on these same faces, since the model brings none: the error after it is flattered"
    )
    before, after = f"{calibration.ece_before:.3f}", f"{calibration.ece_after:.3f}"
    return Section(
        "Does it know when it does not know?",
        "Faces are sorted by the highest share they got. Where a point lies under the dashed line, the "
        "classifier was surer than right; above it, more right than sure. Larger points hold more faces. The "
        f"calibration error is the mean distance to the line over 15 bins. {n}.\n\n"
        f"Temperature scaling divides the logits by {calibration.temperature:.2f}; this temperature {whose}. "
        "It changes how sure the classifier sounds, never which emotion comes first.",
        [drawing(svg(calibration_figure(calibration)), f"Reliability: error {before} before, {after} after")],
    )


def _votes_section(votes: VoteAgreement) -> Section:
    low, high = accuracy_interval(votes.single)
    return Section(
        "Against ten people instead of one",
        "FER+ asked ten people about each face. Kept here are faces where more than half of all ten votes "
        "went to one of the eight emotions, votes for unknown and not-a-face counted in the ten: "
        f"n = {votes.single.n:,}. The network's second head agrees with that majority on "
        f"{_percent(votes.single.accuracy)} (95% interval {_percent(low)} to {_percent(high)}), and on "
        f"{_percent(votes.flipped.accuracy)} when each face is averaged with its mirror image.",
        [
            drawing(
                svg(confusion_figure(votes.single, votes.classes, truth="the majority says")),
                "Confusion matrix in eight classes: " + _in_words(votes.single.recall),
            )
        ],
    )


def _size_section(found: Evaluation) -> Section:
    sizes, chosen = found.by_face_size, found.smallest_face_px
    rows = [
        (
            f"{size.px} px",
            _percent(size.accuracy),
            " to ".join(_percent(end) for end in size.accuracy_interval),
            f"{size.macro_f1:.3f}",
            f"{size.confidence:.0%}",
            f"{size.ece:.3f}",
        )
        for size in sizes
    ]
    return Section(
        "How small may a face be?",
        "The same faces, shrunk to a few pixels as a far-away viewer's face would be, then scored as always "
        f"(the classifier enlarges them itself). From {chosen} pixels up at least "
        f"{LEAST_KEPT:.0%} of the accuracy at full size is kept. n = {sizes[0].n:,} at every size; the band is the "
        "95% Wilson interval.\n\n"
        "Where mean confidence stays up while accuracy falls, the classifier guesses without knowing it: such "
        "faces are better counted as present and left unscored.",
        [
            drawing(svg(size_figure(sizes, chosen)), "Accuracy and macro-F1 by face size; see the table"),
            table(
                ("side", "accuracy", "95% interval", "macro-F1", "mean confidence", "calibration error"),
                rows,
                marked={index for index, size in enumerate(sizes) if size.px == chosen},
            ),
        ],
    )


def _percent(share: float) -> str:
    return f"{share * 100:.1f}%"


def _in_words(recall: dict[str, float]) -> str:
    return ", ".join(f"{name} {_percent(share)}" for name, share in recall.items())
