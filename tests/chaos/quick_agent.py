"""The agent with its eyes shut: ``python -m tests.chaos.quick_agent OUTBOX HOST:PORT TOLD [FILM_SECONDS]``.

The agent's own loop, outbox and publisher, in a process that starts in a fraction of a second and plays film dozens of
times as fast as life: the pictures are grey, two faces are found in each, and everyone is happy. What its loop says is
in the outbox goes into the file TOLD, a number a line. Without FILM_SECONDS the film has no end.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from contract.emotions import EMOTIONS
from edge_agent.agent import Progress, run_agent
from edge_agent.clocks.cue import CueClock
from edge_agent.faces import Face
from edge_agent.outbox import Outbox
from edge_agent.publisher import KafkaPublisher
from edge_agent.settings import AgentSettings
from edge_agent.sources import Frame
from tests.chaos.world import SCREENING

FRAME_MS = 250
"""Of film: the agent looks four times a second."""
FRAME_S = 0.002
"""Of life: so fast that a kill mostly falls into a write of the outbox, and that the broker falls behind."""


class GreyFilm:
    """A ``FrameSource``: grey pictures for ``seconds`` of film, or without end."""

    skipped = 0

    def __init__(self, seconds: int | None) -> None:
        self._left = seconds * 1000 // FRAME_MS if seconds is not None else -1
        self._film_ms = 0
        self._picture = np.full((60, 200, 3), 128, np.uint8)

    def grab(self) -> Frame | None:
        if self._left == 0:
            return None
        self._left -= 1
        time.sleep(FRAME_S)
        frame = Frame(self._picture, self._film_ms * 1_000_000)
        self._film_ms += FRAME_MS
        return frame

    def close(self) -> None: ...


class TwoFaces:
    """A ``FaceFinder``: always the same two, turned to the screen."""

    def find(self, image: NDArray[np.uint8]) -> list[Face]:
        del image
        landmarks = np.array([[10, 20], [30, 20], [20, 30], [12, 40], [28, 40]], np.float32)
        return [
            Face(np.array([x, 5, x + 45, 55], np.float32), 1.0, landmarks + np.array([x, 0], np.float32))
            for x in (10, 120)
        ]


class Happy:
    """An ``EmotionClassifier``: everyone is."""

    model_id = "happy"

    def scores(self, crops: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
        scores = np.zeros((len(crops), len(EMOTIONS)), np.float32)
        scores[:, EMOTIONS.index("happy")] = 1
        return scores


def main(outbox: str, address: str, told: str, seconds: str | None = None) -> None:
    """Run one session."""
    settings = AgentSettings(
        *("film", "cut", SCREENING, "grey"), to=f"kafka:{address}", batch_seconds=1, simulated=True
    )
    clock = CueClock()
    clock.cue(0)
    tell = os.open(told, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def say(progress: Progress) -> None:
        os.write(tell, b"%d\n" % progress.generated)

    with Outbox(Path(outbox)) as opened:
        run_agent(
            settings,
            source=GreyFilm(int(seconds) if seconds is not None else None),
            clock=clock,
            finder=TwoFaces(),
            classifier=Happy(),
            outbox=opened,
            publisher=KafkaPublisher(opened, address, flush_s=120),
            progress=say,
        )
    os.close(tell)


if __name__ == "__main__":
    main(*sys.argv[1:])
