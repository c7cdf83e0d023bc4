"""What a page looks at people with: the models, and a camera or footage in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edge_agent.camera import CameraSource
from edge_agent.engines.port import EngineName
from edge_agent.face_tracker import TrackingFinder
from edge_agent.faces import FaceFinder
from edge_agent.pacing import RealTime
from edge_agent.ports import EmotionClassifier
from edge_agent.room import Room
from edge_agent.sources import FrameSource, camera_number
from edge_agent.upright import Upright
from edge_agent.video_file import FileSource


@dataclass(frozen=True)
class Eyes:
    """finder: of one picture by itself. new_finder: one for a series, that knows nothing of other pictures yet."""

    classifier: EmotionClassifier
    finder: FaceFinder
    new_finder: Callable[[], FaceFinder]

    def new_upright(self) -> Upright:
        """One that knows nothing of other pictures yet."""
        return Upright(self.finder)


def load_eyes(
    model: str, engine: EngineName, *, room: Room = "auto", rate_hz: float, threads: int = 1
) -> Eyes:
    """Load the models; this takes seconds. Raises ModelError."""
    import torch

    from edge_agent.classifier import Classifier
    from edge_agent.mtcnn import MtcnnFinder

    torch.set_num_threads(threads)
    detector = MtcnnFinder()
    return Eyes(
        Classifier.load(model, engine),
        detector,
        lambda: TrackingFinder(detector, room=room, rate_hz=rate_hz),
    )


def open_source(source: str) -> FrameSource:
    """Of ``camera:N`` or a path, footage at its own speed. Raises SourceError."""
    number = camera_number(source)
    if number is not None:
        return CameraSource.open(number)
    return FileSource(Path(source).expanduser(), RealTime())
