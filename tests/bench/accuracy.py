"""How right the bundled classifier is, on FER2013's PublicTest, which also chose it."""

from __future__ import annotations

from pathlib import Path

from edge_agent.classifier import Classifier
from edge_agent.training.data import PUBLIC_TEST, load_face_set
from edge_agent.training.evaluate import evaluate
from edge_agent.training.opened import OpenedNetwork
from tests.bench.figures import Figure, at_least, at_most

FACES = Path("data") / "fer2013plus-train.npz"
_SINGLE, _SINGLE_GOAL, _MAJORITY, _CALIBRATION = 0.712, 0.725, 0.88, 0.03


def accuracy(shared: Path) -> list[Figure]:
    """Accuracy with one crop and with its mirror image, agreement with FER+, calibration."""
    faces = load_face_set(shared / FACES).of_split(PUBLIC_TEST)
    found = evaluate(faces, Classifier.load("bundled"), OpenedNetwork.load("bundled"))
    figures = [
        at_least(
            "FER2013 PublicTest, single crop", found.single.accuracy, _SINGLE, note=f"{len(faces)} faces"
        ),
        at_least("  the same, the goal", found.single.accuracy, _SINGLE_GOAL),
        Figure(
            "FER2013 PublicTest, mean of face and mirror image",
            f"{found.flipped.accuracy:.2%}",
            value=found.flipped.accuracy,
        ),
    ]
    if found.votes is None:
        figures.append(
            Figure("FER+ strict majority, eight classes", "no vote head", f"≥ {_MAJORITY:.2%}", False)
        )
    else:
        agreed = f"{found.votes.single.n} faces with more than half of the ten votes"
        figures += [
            at_least(
                "FER+ strict majority, eight classes", found.votes.single.accuracy, _MAJORITY, note=agreed
            ),
            Figure(
                "  mean of face and mirror image",
                f"{found.votes.flipped.accuracy:.2%}",
                value=found.votes.flipped.accuracy,
            ),
        ]
    return [
        *figures,
        at_most(
            "calibration error after temperature",
            found.calibration.ece_after,
            _CALIBRATION,
            "{:.4f}",
            f"15 bins; before: {found.calibration.ece_before:.4f}",
        ),
    ]
