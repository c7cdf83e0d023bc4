"""How many seats the agent gives in real footage whose viewers were counted by eye."""

from __future__ import annotations

import tempfile
from pathlib import Path

from edge_agent.settings import AgentSettings
from edge_agent.wiring import open_and_run
from tests.bench.figures import Figure, exactly
from tests.bench.footage import HEAD_POSE

_ROUNDS = 10
"""The clips are 2 to 5 seconds long: seats must also stay the same over a while."""


def seats(shared: Path) -> list[Figure]:
    """Viewers of each clip after one round, and the seats after ten."""
    classroom = shared / "media" / "classroom.gif"
    clips = {name: shared / "media" / name for name in HEAD_POSE}
    return [
        exactly("classroom.gif: viewers found", _viewers(classroom, 1), 4),
        exactly("classroom.gif: seats over the clip", _viewers(classroom, _ROUNDS), 4, f"{_ROUNDS} rounds"),
        *(
            exactly(f"{name}: seats", _viewers(clip, _ROUNDS), 1, f"{_ROUNDS} rounds")
            for name, clip in clips.items()
        ),
    ]


def _viewers(clip: Path, rounds: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        settings = AgentSettings(
            film="bench",
            cut="bench",
            screening="bench",
            source=str(clip),
            rounds=rounds,
            outbox=Path(folder) / "bench.outbox",
        )
        return open_and_run(settings).viewers
