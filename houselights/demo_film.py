"""The demo's short film: what happens when. There is no picture of it; the audience is what is shown."""

from __future__ import annotations

from analytics.catalogue import Scene
from edge_agent.simulated_audience import Cue, Lull

FILM, CUT, TITLE = "last-matinee", "rough-2", "The Last Matinee (demo)"
SECONDS = 60
AUDIENCE = 40
SEED = 7

SCENES = (
    Scene("Opening titles", 0, 8_000),
    Scene("The dinner joke", 8_000, 19_000),
    Scene("The long corridor", 19_000, 29_000),
    Scene("The door", 29_000, 36_000),
    Scene("The toast", 36_000, 49_000),
    Scene("Reunion", 49_000, 60_000),
)

CUES = (
    Cue("happy", 10, 17, 3.0),
    Cue("fear", 21, 29, 2.6),
    Cue("surprise", 29, 32, 3.6),
    Cue("fear", 30, 34, 1.6),
    # The toast splits the room: every second viewer is moved to tears, the rest stay as they were.
    Cue("sad", 39, 47, 2.6, split=True),
    Cue("happy", 51, 59, 2.2),
)

LULLS = (Lull(36, 49, 0.3),)
"""The toast is too long, too: the scene that the page should point to."""
