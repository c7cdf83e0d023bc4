"""The demo: a portrait clip, the real agent, a simulated audience, then outbox, ingest, store and serving."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from analytics.catalogue import Catalogue, Screening, ensure_cut
from analytics.serving import Serving
from contract.messages import new_session_id
from edge_agent.outbox import Outbox
from edge_agent.portrait import write_portrait_clip
from edge_agent.settings import AgentSettings
from edge_agent.simulated_audience import Screening as AudienceScreening
from edge_agent.simulated_audience import simulate_session
from edge_agent.wiring import open_and_run, send_outbox
from houselights.demo_film import AUDIENCE, CUES, CUT, FILM, LULLS, SCENES, SECONDS, SEED, TITLE
from houselights.progress import watching
from houselights.tables import print_table
from ingest.kafka_source import KafkaSource
from ingest.outbox_source import OutboxSource
from ingest.service import run
from ingest.topics import create_topic


def run_demo(store: Path, *, camera: int | None, kafka: str | None, say: Callable[[str], None]) -> str:
    """Show the demo film to one real face and a simulated audience; the id of the screening, now published.

    The film runs on an injected clock, faster than life, unless a ``camera`` watches. ``say`` is told a line a step.
    """
    began = time.monotonic()
    screening = _announce(store)
    say(f"1/4  {TITLE}: {len(SCENES)} scenes, {SECONDS} s; screening {screening}; store {store}")
    with tempfile.TemporaryDirectory(prefix="houselights-") as folder:
        outbox = Path(folder) / "demo.outbox"
        _watch(screening, outbox, camera, Path(folder), say)
        say(f"3/4  {AUDIENCE} simulated viewers, drawn by a model (edge_agent/simulated_audience.py)")
        audience = AudienceScreening(screening, FILM, CUT, SECONDS, CUES, LULLS)
        with Outbox(outbox) as box:
            for index in range(AUDIENCE):
                for message in simulate_session(audience, new_session_id(), index, SEED):
                    box.append(message)
        if kafka is None:
            report = run(OutboxSource(outbox), store, once=True)
        else:
            create_topic(kafka)
            _, trouble = send_outbox(outbox, kafka, flush_seconds=60)
            if trouble is not None:
                raise trouble
            report = run(KafkaSource(kafka), store, once=True)
    took_s = time.monotonic() - began
    say(
        f"4/4  {report.stored} samples stored, {report.rejected} records rejected, published; {took_s:.0f} s in all"
    )
    return screening


def _announce(store: Path) -> str:
    """Put film, cut, scenes and a screening with the next free number into the catalogue."""
    catalogue = Catalogue(store)
    ensure_cut(catalogue, FILM, CUT, title=TITLE)
    catalogue.save_scenes(FILM, CUT, SCENES)
    taken = {screening.id for screening in catalogue.screenings()}
    number = next(number for number in range(1, len(taken) + 2) if f"demo-{number}" not in taken)
    catalogue.save_screening(Screening(f"demo-{number}", FILM, CUT))
    return f"demo-{number}"


def _watch(
    screening: str, outbox: Path, camera: int | None, folder: Path, say: Callable[[str], None]
) -> None:
    """Run the real agent on the portrait, or on a camera for the length of the film."""
    if camera is None:
        say("2/4  the agent watches one real face: a portrait, panned, zoomed and relit")
        clip = folder / "portrait.mp4"
        write_portrait_clip(clip, SECONDS)
        source = str(clip)
    else:
        say(f"2/4  the agent watches you through camera {camera} for {SECONDS} s; only numbers are kept")
        source = f"camera:{camera}"
    settings = AgentSettings(
        film=FILM, cut=CUT, screening=screening, source=source, outbox=outbox, film_seconds=SECONDS
    )
    with watching() as show:
        report = open_and_run(settings, show)
    for warning in report.warnings:
        say(f"     {warning}")


def print_scenes(store: Path, screening: str) -> None:
    """Print what the screening's scenes did, a line each."""
    serving = Serving(store)
    columns = ("", "scene", "from", "to", "viewers", "strongest", "viewers showing it", "valence")
    rows = [
        (
            row["scene"],
            row["name"],
            _clock(row["start_ms"]),
            _clock(row["end_ms"]),
            row["viewers"],
            row["strongest"],
            f"{row['strongest_share']:.0%} ({row['strongest_share_low']:.0%} to {row['strongest_share_high']:.0%})",
            f"{row['valence']:+.2f}",
        )
        for row in serving.query("scene_table", screening=screening)
    ]
    showings = {row["screening"]: row for row in serving.query("screenings", film=FILM, cut=CUT)}
    simulated, viewers = showings[screening]["simulated_viewers"], showings[screening]["viewers"]
    print_table(
        columns, rows, title=f"{screening}: {simulated} of {viewers} viewers are simulated; 95% intervals"
    )


def _clock(film_ms: int) -> str:
    return f"{film_ms // 60_000}:{film_ms // 1000 % 60:02d}"
