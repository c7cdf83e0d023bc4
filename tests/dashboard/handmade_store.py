"""A small ``serving.duckdb`` made by hand: the published tables with figures that a test can predict.

The figures follow a script (a joke, a corridor, a door, …), not a random draw, so every build is the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from contract.emotions import EMOTIONS

SCENES = (
    ("Opening titles", 0, 8_000),
    ("The dinner joke", 8_000, 19_000),
    ("The long corridor", 19_000, 29_000),
    ("The door", 29_000, 36_000),
    ("The toast", 36_000, 49_000),
    ("Reunion", 49_000, 60_000),
)
SCRIPT = (
    ("happy", 10, 17, 0.72),
    ("fear", 21, 29, 0.6),
    ("surprise", 29, 33, 0.8),
    ("sad", 39, 47, 0.45),
    ("happy", 51, 58, 0.85),
)
"""Emotion, first and last second, the share of viewers at its height."""

TABLES = """
CREATE TABLE film(film VARCHAR, title VARCHAR);
CREATE TABLE cut(film VARCHAR, cut VARCHAR, frame_rate VARCHAR, start_timecode VARCHAR);
CREATE TABLE scene(film VARCHAR, cut VARCHAR, scene INTEGER, name VARCHAR, start_ms INTEGER, end_ms INTEGER);
CREATE TABLE screening(screening VARCHAR, film VARCHAR, cut VARCHAR, k INTEGER, sessions INTEGER, viewers
INTEGER, simulated_viewers INTEGER, running BOOLEAN, seconds INTEGER); CREATE TABLE
second_reaction(screening VARCHAR, t_ms INTEGER, d_ms INTEGER, emotion VARCHAR, viewers INTEGER, showing
INTEGER, share DOUBLE, share_low DOUBLE, share_high DOUBLE, mean DOUBLE); CREATE TABLE
second_summary(screening VARCHAR, t_ms INTEGER, d_ms INTEGER, viewers INTEGER, valence DOUBLE, attention
DOUBLE); CREATE TABLE scene_reaction(screening VARCHAR, scene INTEGER, emotion VARCHAR, viewers INTEGER,
showing INTEGER, share DOUBLE, share_low DOUBLE, share_high DOUBLE, mean DOUBLE, mean_low DOUBLE, mean_high
DOUBLE); CREATE TABLE scene_summary(screening VARCHAR, scene INTEGER, viewers INTEGER, valence DOUBLE,
valence_low DOUBLE, valence_high DOUBLE, attention DOUBLE, strongest VARCHAR); CREATE TABLE
left_out(screening VARCHAR, what VARCHAR, reason VARCHAR, cells INTEGER, viewers_most INTEGER); CREATE TABLE
published(version VARCHAR, published_at TIMESTAMP, schema_version INTEGER);
"""


@dataclass(frozen=True)
class Showing:
    """One screening to build; ``seconds``: how much of the film has been watched."""

    screening: str = "premiere"
    cut: str = "rough-2"
    k: int = 5
    viewers: int = 41
    simulated: int = 40
    running: bool = False
    seconds: int = 60
    withheld_seconds: tuple[int, ...] = (58, 59)


@dataclass(frozen=True)
class Plan:
    """A whole store to build."""

    film: str = "last-matinee"
    title: str = "The Last Matinee"
    scenes: Sequence[tuple[str, int, int]] = SCENES
    showings: Sequence[Showing] = field(default_factory=lambda: (Showing(),))
    version: str = "1"


def build_store(folder: Path, plan: Plan | None = None) -> Path:
    """Writes ``serving.duckdb`` into ``folder`` as publishing does, by rename; returns ``folder``."""
    plan = plan or Plan()
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / "serving.duckdb.new"
    new.unlink(missing_ok=True)
    with duckdb.connect(str(new)) as db:
        db.execute(TABLES)
        db.execute(
            "INSERT INTO published VALUES (?, ?, 1)", [plan.version, datetime.now(UTC).replace(tzinfo=None)]
        )
        db.execute("INSERT INTO film VALUES (?, ?)", [plan.film, plan.title])
        for cut in dict.fromkeys(showing.cut for showing in plan.showings):
            db.execute("INSERT INTO cut VALUES (?, ?, '24', '01:00:00:00')", [plan.film, cut])
            for number, (name, start, end) in enumerate(plan.scenes, start=1):
                db.execute(
                    "INSERT INTO scene VALUES (?, ?, ?, ?, ?, ?)", [plan.film, cut, number, name, start, end]
                )
        for showing in plan.showings:
            _screening(db, plan, showing)
    new.replace(folder / "serving.duckdb")
    return folder


def share(emotion: str, second: float) -> float:
    """The script's share of viewers who show ``emotion`` at ``second``."""
    if emotion == "neutral":
        return max(0.05, 0.5 - sum(share(other, second) for other in EMOTIONS if other != "neutral") / 2)
    base = 0.03 + 0.02 * math.sin(second * 1.7 + EMOTIONS.index(emotion))
    for name, first, last, height in SCRIPT:
        if name == emotion and first - 2 <= second <= last + 2:
            middle, half = (first + last) / 2, (last - first) / 2 + 2
            base += height * math.cos((second - middle) / half * math.pi / 2) ** 0.6
    return min(0.97, base)


def wilson(showing: int, of: int) -> tuple[float, float]:
    """The 95% Wilson interval of a share."""
    z, p = 1.959964, showing / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def _screening(db: duckdb.DuckDBPyConnection, plan: Plan, showing: Showing) -> None:
    name, n = showing.screening, showing.viewers
    shown = n >= showing.k
    seconds = [
        second for second in range(showing.seconds) if shown and second not in showing.withheld_seconds
    ]
    db.execute(
        "INSERT INTO screening VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [name, plan.film, showing.cut, showing.k, n, n, showing.simulated, showing.running, len(seconds)],
    )
    for second in seconds:
        watching = n - (second % 20 == 7) * (n > showing.k)
        for emotion in EMOTIONS:
            count = round(share(emotion, second) * watching)
            low, high = wilson(count, watching)
            mean = 8 + 80 * share(emotion, second)
            row = [name, second * 1000, 1000, emotion, watching, count, count / watching, low, high, mean]
            db.execute("INSERT INTO second_reaction VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        db.execute(
            "INSERT INTO second_summary VALUES (?, ?, 1000, ?, ?, ?)",
            [name, second * 1000, watching, _valence(second), 90.0],
        )
    scenes = [(number, start, end) for number, (_, start, end) in enumerate(plan.scenes, start=1)]
    for number, start, end in scenes if shown else []:
        if start >= showing.seconds * 1000:
            continue
        inside = list(range(start // 1000, end // 1000))
        strongest = max(
            (e for e in EMOTIONS if e != "neutral"), key=lambda e: sum(share(e, s) for s in inside)
        )
        for emotion in EMOTIONS:
            count = min(n, round(max(share(emotion, s) for s in inside) * n))
            low, high = wilson(count, n)
            mean = sum(8 + 80 * share(emotion, s) for s in inside) / len(inside)
            row = [
                name,
                number,
                emotion,
                n,
                count,
                count / n,
                low,
                high,
                mean,
                max(0, mean - 4.2),
                mean + 4.6,
            ]
            db.execute("INSERT INTO scene_reaction VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        valence = sum(_valence(s) for s in inside) / len(inside)
        attention = 94.0 - 9.5 * (number == 5) - number
        row = [name, number, n, valence, valence - 0.07, valence + 0.08, attention, strongest]
        db.execute("INSERT INTO scene_summary VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    withheld = len(showing.withheld_seconds) if shown else showing.seconds
    if withheld:
        db.execute(
            "INSERT INTO left_out VALUES (?, 'second', 'fewer_than_k', ?, ?)",
            [name, withheld, min(n, showing.k - 1)],
        )
    if not shown:
        db.execute("INSERT INTO left_out VALUES (?, 'scene', 'fewer_than_k', ?, ?)", [name, len(scenes), n])


def _valence(second: int) -> float:
    unpleasant = sum(share(emotion, second) for emotion in ("angry", "disgust", "fear", "sad"))
    return (share("happy", second) - unpleasant) / sum(share(emotion, second) for emotion in EMOTIONS)
