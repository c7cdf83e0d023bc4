"""The classroom screening: real footage of four viewers, twice round, through a real broker into a store.

The footage's faces are 11 to 19 pixels wide, too small to score, so the camera is brought nearer: three times.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.edge_agent.footage import frames_of, resized, write_video
from tests.support.broker import Broker
from tests.support.command import done, houselights

FILM, CUT, SCREENING = "lesson", "final", "classroom"
FRAME_MS = 60
CLIP_MS = 45 * FRAME_MS
"""classroom.gif: 45 frames."""
NEARER = 3
SCENES = (("Settling", 0, 1), ("Listening", 1, 2), ("Leaving", 2, 3))


@dataclass(frozen=True)
class Classroom:
    """What the run left: the store, the broker's address, the agent's own report, its outbox."""

    store: Path
    kafka: str
    report: dict[str, Any]
    outbox: Path


def show_classroom(folder: Path, shared: Path, broker: Broker) -> Classroom:
    """Make the screening with the commands a person uses, in their order."""
    store, outbox, scenes = folder / "store", folder / "classroom.outbox", folder / "scenes.csv"
    rows = "".join(f"{name},{start},{end}\n" for name, start, end in SCENES)
    scenes.write_text(f"name,start,end\n{rows}", encoding="utf-8")
    what = ("--film", FILM, "--cut", CUT)
    done(houselights("topics", "create", "--kafka", broker.address, "--partitions", "3"))
    done(houselights("scenes", "import", scenes, *what, "--store", store, "--title", "The Lesson"))
    done(houselights("screening", "create", SCREENING, *what, "--store", store, "--k", "4"))
    pictures = [
        resized(picture, NEARER * picture.shape[1], NEARER * picture.shape[0])
        for picture in frames_of(shared / "media" / "classroom.gif")
    ]
    footage = write_video(folder / "classroom.mp4", pictures, 1000 / FRAME_MS)
    to = f"kafka:{broker.address}"
    ran = houselights(
        *("agent", "run", *what, "--screening", SCREENING, "--source", footage, "--rounds", "2"),
        *("--to", to, "--outbox", outbox, "--json"),
    )
    report = json.loads(done(ran))
    done(houselights("ingest", "--from", to, "--store", store, "--once"))
    return Classroom(store, broker.address, report, outbox)
