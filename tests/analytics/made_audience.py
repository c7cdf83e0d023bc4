"""Audiences drawn by the demonstration's model and put into a store at once; what moves them is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.catalogue import Screening
from contract.emotions import EMOTIONS
from contract.messages import Reactions
from edge_agent.simulated_audience import Cue, Lull, simulate_session
from edge_agent.simulated_audience import Screening as Audience
from tests.analytics.conftest import FilledStore


def watch(
    store: FilledStore,
    screening: str,
    viewers: int,
    seconds: int,
    *,
    seed: int,
    cues: Sequence[Cue] = (),
    others_cues: Sequence[Cue] | None = None,
    lulls: Sequence[Lull] = (),
    k: int = 5,
) -> None:
    """One screening, watched from the first second to the last by each; ``others_cues`` move every second viewer."""
    store.catalogue.save_screening(Screening(screening, "film", "cut", k))
    halves = (cues, cues if others_cues is None else others_cues)
    audiences = [Audience(screening, "film", "cut", seconds, half, lulls) for half in halves]
    rows = []
    for viewer in range(viewers):
        session = f"{screening}/{viewer}"
        store.session(session, screening=screening, simulated=True)
        for message in simulate_session(audiences[viewer % 2], session, viewer, seed):
            if isinstance(message, Reactions):
                rows += [
                    (
                        session,
                        one.viewer,
                        one.pass_,
                        one.t,
                        one.d,
                        one.n,
                        one.seen,
                        one.front,
                        *(one.p or [None] * 7),
                    )
                    for one in message.samples
                ]
    columns = ["session", "viewer", "pass", "t_ms", "d_ms", "n", "seen", "front", *EMOTIONS]
    frame = pd.DataFrame(rows, columns=columns)
    store.connection.register("made", frame)
    store.connection.execute("INSERT INTO reaction BY NAME FROM made")
    store.connection.unregister("made")


def put(
    store: FilledStore,
    screening: str,
    happy: NDArray[np.float64],
    *,
    k: int = 5,
    seen: int = 100,
    ended: bool = True,
) -> None:
    """Viewers (rows) whose face is neutral but for ``happy`` percent a second; sad below 0; NaN: no row."""
    store.catalogue.save_screening(Screening(screening, "film", "cut", k))
    frames = []
    for viewer, row in enumerate(happy):
        session = f"{screening}/{viewer}"
        store.session(session, screening=screening, ended=ended)
        there = np.flatnonzero(np.isfinite(row))
        score = row[there]
        frame = pd.DataFrame(
            {
                "session": session,
                "viewer": 0,
                "pass": 0,
                "t_ms": 1000 * there,
                "d_ms": 1000,
                "n": 4,
                "seen": seen,
                "front": seen,
                **dict.fromkeys(EMOTIONS, 0),
                "happy": np.maximum(score, 0),
                "sad": np.maximum(-score, 0),
                "neutral": 100 - abs(score),
            }
        )
        frames.append(frame)
    store.connection.register("made", pd.concat(frames))
    store.connection.execute("INSERT INTO reaction BY NAME FROM made")
    store.connection.unregister("made")
