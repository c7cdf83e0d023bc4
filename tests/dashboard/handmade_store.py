"""A small ``serving.duckdb`` made by hand: the published tables with figures that a test can predict.

The figures follow a script (a joke, a corridor, a door, …), not a random draw, so every build is the same.
"""

from __future__ import annotations

import io
import math
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import duckdb
from PIL import Image

from analytics.catalogue import Catalogue, FoundShots, Scene, Shot, ensure_cut
from analytics.film_pictures import save_thumbnails
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
MOMENTS = (
    ("laugh", 11_000, 16_000, 13_000, 2, 0.72, "And that was only the starter."),
    ("jump", 29_000, 32_000, 30_000, 4, 0.8, None),
    ("split", 40_000, 44_000, 42_000, 5, 0.5, None),
    ("laugh", 52_000, 57_000, 55_000, 6, 0.3, "You came back."),
)
"""Kind, start, end, peak, scene, share at the peak, the line under it; each only where the film was watched so far."""
LINES = (
    (9_000, 10_800, "Who ordered the fish?"),
    (12_000, 14_500, "And that was only the starter."),
    (38_500, 41_000, "To absent friends."),
    (53_000, 54_500, "You came back."),
)
"""Subtitles: start, end, text."""

TABLES = """
CREATE TABLE film(film VARCHAR, title VARCHAR);
CREATE TABLE cut(film VARCHAR, cut VARCHAR, frame_rate VARCHAR, start_timecode VARCHAR);
CREATE TABLE scene(film VARCHAR, cut VARCHAR, scene INTEGER, name VARCHAR, start_ms INTEGER, end_ms
    INTEGER);
CREATE TABLE screening(screening VARCHAR, film VARCHAR, cut VARCHAR, k INTEGER, cohort VARCHAR, sessions
    INTEGER, viewers INTEGER, simulated_viewers INTEGER, running BOOLEAN, seconds INTEGER);
CREATE TABLE second_reaction(screening VARCHAR, t_ms INTEGER, d_ms INTEGER, emotion VARCHAR, viewers
    INTEGER, showing INTEGER, share DOUBLE, share_low DOUBLE, share_high DOUBLE, mean DOUBLE);
CREATE TABLE second_summary(screening VARCHAR, t_ms INTEGER, d_ms INTEGER, viewers INTEGER, valence DOUBLE,
    valence_low DOUBLE, valence_high DOUBLE, arc DOUBLE, attention DOUBLE, watching INTEGER);
CREATE TABLE scene_reaction(screening VARCHAR, scene INTEGER, emotion VARCHAR, viewers INTEGER, showing
    INTEGER, share DOUBLE, share_low DOUBLE, share_high DOUBLE, mean DOUBLE, mean_low DOUBLE, mean_high
    DOUBLE);
CREATE TABLE scene_summary(screening VARCHAR, scene INTEGER, viewers INTEGER, valence DOUBLE, valence_low
    DOUBLE, valence_high DOUBLE, attention DOUBLE, attention_low DOUBLE, attention_high DOUBLE, strongest
    VARCHAR, polarisation DOUBLE);
CREATE TABLE randomised_reaction(
    screening VARCHAR, t_ms INTEGER, d_ms INTEGER, answer VARCHAR, viewers INTEGER, named INTEGER, share DOUBLE,
    share_low DOUBLE, share_high DOUBLE, epsilon DOUBLE);
CREATE TABLE left_out(screening VARCHAR, what VARCHAR, reason VARCHAR, cells INTEGER, viewers_most INTEGER);
CREATE TABLE moment(screening VARCHAR, moment INTEGER, kind VARCHAR, start_ms INTEGER, end_ms INTEGER,
    peak_ms INTEGER, scene INTEGER, showing INTEGER, viewers INTEGER, joined INTEGER, audience INTEGER,
    share DOUBLE, share_low DOUBLE, share_high DOUBLE, displeased INTEGER, strength DOUBLE, line VARCHAR,
    line_ms INTEGER);
CREATE TABLE screening_summary(screening VARCHAR, viewers INTEGER, coverage_median DOUBLE, synchrony DOUBLE,
    synchrony_chance DOUBLE, synchrony_p DOUBLE, synchrony_viewers INTEGER, polarisation DOUBLE, peak_ms
    INTEGER, peak_valence DOUBLE, end_valence DOUBLE, stayed_half DOUBLE, stayed_end DOUBLE, arc VARCHAR,
    arc_p DOUBLE, strongest VARCHAR);
CREATE TABLE scene_step(screening VARCHAR, scene INTEGER, next_scene INTEGER, emotion VARCHAR, next_emotion
    VARCHAR, viewers INTEGER, of INTEGER);
CREATE TABLE comparison(film VARCHAR, kind VARCHAR, first VARCHAR, second VARCHAR, first_cut VARCHAR,
    second_cut VARCHAR, first_scene INTEGER, second_scene INTEGER, name VARCHAR, measure VARCHAR,
    first_value DOUBLE, second_value DOUBLE, difference DOUBLE, low DOUBLE, high DOUBLE, p DOUBLE,
    first_viewers INTEGER, second_viewers INTEGER);
CREATE TABLE norm(screening VARCHAR, scene INTEGER, measure VARCHAR, value DOUBLE, percentile DOUBLE, low
    DOUBLE, high DOUBLE, screenings INTEGER, scenes INTEGER);
CREATE TABLE subtitle(film VARCHAR, cut VARCHAR, start_ms INTEGER, end_ms INTEGER, text VARCHAR);
CREATE TABLE published(version VARCHAR, published_at TIMESTAMP, schema_version INTEGER);
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
    scenes: tuple[tuple[str, int, int], ...] = SCENES
    showings: tuple[Showing, ...] = (Showing(),)
    version: str = "1"


def build_store(folder: Path, plan: Plan | None = None) -> Path:
    """Writes ``serving.duckdb`` into ``folder`` as publishing does, by rename; returns ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / "serving.duckdb.new"
    new.write_bytes(_serving(plan or Plan()))
    new.replace(folder / "serving.duckdb")
    return folder


@cache
def _serving(plan: Plan) -> bytes:
    """The file of ``plan``, made once: most tests start from the same few."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "serving.duckdb"
        with duckdb.connect(str(path)) as db:
            db.execute(TABLES)
            db.execute("BEGIN")
            _fill(db, plan)
            db.execute("COMMIT")
        return path.read_bytes()


def _fill(db: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    db.execute("INSERT INTO published VALUES (?, ?, 1)", [plan.version, now])
    db.execute("INSERT INTO film VALUES (?, ?)", [plan.film, plan.title])
    for cut in dict.fromkeys(showing.cut for showing in plan.showings):
        db.execute("INSERT INTO cut VALUES (?, ?, '24', '01:00:00:00')", [plan.film, cut])
        for number, (name, start, end) in enumerate(plan.scenes, start=1):
            db.execute(
                "INSERT INTO scene VALUES (?, ?, ?, ?, ?, ?)", [plan.film, cut, number, name, start, end]
            )
        for start, end, text in LINES:
            db.execute("INSERT INTO subtitle VALUES (?, ?, ?, ?, ?)", [plan.film, cut, start, end, text])
    for showing in plan.showings:
        _screening(db, plan, showing)
    over = [one for one in plan.showings if not one.running and one.viewers >= one.k]
    if len(over) > 1:
        _comparison(db, plan, over[0], over[1])


def add_pictures(folder: Path, plan: Plan | None = None) -> None:
    """Puts the film into the catalogue too: its scenes, two shots in each, and a picture of every shot."""
    plan = plan or Plan()
    catalogue = Catalogue(folder)
    ends = [(start, (start + end) // 2, end) for _, start, end in plan.scenes]
    shots = [Shot(begin, end) for times in ends for begin, end in pairwise(times)]
    for cut in dict.fromkeys(showing.cut for showing in plan.showings):
        ensure_cut(catalogue, plan.film, cut, title=plan.title, start_timecode="01:00:00:00")
        catalogue.save_scenes(plan.film, cut, [Scene(*scene) for scene in plan.scenes])
        catalogue.save_shots(plan.film, cut, FoundShots(shots))
        save_thumbnails(catalogue, plan.film, cut, [_picture(number) for number in range(len(shots))])


def _picture(number: int) -> bytes:
    """JPEG of a frame in a colour of its own."""
    jpeg = io.BytesIO()
    Image.new("RGB", (320, 134), f"hsl({number * 47 % 360}, 45%, 45%)").save(jpeg, "JPEG")
    return jpeg.getvalue()


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
        "INSERT INTO screening VALUES (?, ?, ?, ?, NULL, ?, ?, ?, ?, ?)",
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
        valence = _valence(second)
        row = [name, second * 1000, watching, valence, valence - 0.09, valence + 0.09, valence, 90.0]
        db.execute(
            "INSERT INTO second_summary VALUES (?, ?, 1000, ?, ?, ?, ?, ?, ?, ?)",
            [*row, n - second // 12 * (n > 20)],
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
        row = [name, number, n, valence, valence - 0.07, valence + 0.08]
        row += [attention, attention - 3, attention + 2, strongest, 0.1 + 0.5 * (number == 5)]
        db.execute(f"INSERT INTO scene_summary VALUES ({', '.join('?' * len(row))})", row)
    if shown and seconds:
        _whole(db, showing)
    withheld = len(showing.withheld_seconds) if shown else showing.seconds
    if withheld:
        db.execute(
            "INSERT INTO left_out VALUES (?, 'second', 'fewer_than_k', ?, ?)",
            [name, withheld, min(n, showing.k - 1)],
        )
    if not shown:
        db.execute("INSERT INTO left_out VALUES (?, 'scene', 'fewer_than_k', ?, ?)", [name, len(scenes), n])


def _comparison(db: duckdb.DuckDBPyConnection, plan: Plan, first: Showing, second: Showing) -> None:
    """Both saw the same, but the second audience laughed less in scene 2."""
    places = [(None, None, 0, plan.scenes[-1][2])]
    for number, name, start, end in [
        *places,
        *((at, *scene) for at, scene in enumerate(plan.scenes, start=1)),
    ]:
        inside = range(start // 1000, end // 1000)
        for measure in ("valence", "attention", *EMOTIONS):
            value = {
                "valence": sum(_valence(second) for second in inside) / len(inside),
                "attention": 88.0,
            }.get(
                measure,
                sum(8 + 80 * share(measure, second) for second in inside) / len(inside)
                if measure in EMOTIONS
                else 0,
            )
            less = (0.3 if measure == "valence" else 22.0) * (number == 2 and measure in {"valence", "happy"})
            half = 0.12 if measure == "valence" else 6.0
            row: list[str | float | None] = [
                plan.film,
                "screening",
                first.screening,
                second.screening,
                first.cut,
                second.cut,
                number,
                number,
            ]
            row += [
                name,
                measure,
                value,
                value - less,
                -less,
                -less - half,
                half - less,
                0.004 if less else 0.8,
            ]
            row += [first.viewers, second.viewers]
            db.execute(f"INSERT INTO comparison VALUES ({', '.join('?' * len(row))})", row)


def _whole(db: duckdb.DuckDBPyConnection, showing: Showing) -> None:
    """Moments, steps and the summary; of a running screening only what is published of one."""
    name, n = showing.screening, showing.viewers
    if n < showing.k or showing.running:
        return
    for number, (kind, start, end, peak, scene, height, line) in enumerate(MOMENTS, start=1):
        if end > 1000 * showing.seconds:
            continue
        count = round(height * n)
        low, high = wilson(count, n)
        joined = min(n, count + 4)
        line_ms = next((begin for begin, _, text in LINES if text == line), None)
        row = [name, number, kind, start, end, peak, scene, count, n, joined, n, count / n, low, high]
        row += [count // 2 if kind == "split" else None, 6.5 - number, line, line_ms]
        db.execute(f"INSERT INTO moment VALUES ({', '.join('?' * len(row))})", row)
    half = n // 2
    steps = [(2, 3, "happy", "fear", half), (2, 3, "other", "other", n - half), (4, 5, "surprise", "sad", n)]
    for scene, after, one, other, count in steps:
        db.execute(
            "INSERT INTO scene_step VALUES (?, ?, ?, ?, ?, ?, ?)", [name, scene, after, one, other, count, n]
        )
    row = [
        name,
        n,
        0.97,
        0.41,
        0.06,
        0.001,
        n,
        0.21,
        55_000,
        0.55,
        0.5,
        0.95,
        0.88,
        "Man in a hole",
        0.02,
        "happy",
    ]
    db.execute(f"INSERT INTO screening_summary VALUES ({', '.join('?' * len(row))})", row)
    db.execute("INSERT INTO left_out VALUES (?, 'viewer', 'too_little_face', 2, NULL)", [name])
    db.execute("INSERT INTO left_out VALUES (?, 'viewer', 'too_little_watched', 1, NULL)", [name])


def _valence(second: int) -> float:
    unpleasant = sum(share(emotion, second) for emotion in ("angry", "disgust", "fear", "sad"))
    return (share("happy", second) - unpleasant) / sum(share(emotion, second) for emotion in EMOTIONS)
