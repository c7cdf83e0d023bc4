"""The whole agent on a long film, in a process of its own: its share of a core, and its memory.

Run by itself, ``python -m tests.bench.film SOURCE OUTBOX`` is that process and prints what it measured as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from tests.bench.figures import Figure, at_most

FILM_MINUTES = 120.0
_SHARE, _GROWTH = 0.10, 0.05
_FIRST_MINUTE_MS = 60_000


@dataclass(frozen=True)
class FilmRun:
    """CPU seconds until the first sampled frame and from there on; memory (RSS) in bytes."""

    film_s: float
    start_cpu_s: float
    run_cpu_s: float
    rss_after_first_minute: int
    rss_most_later: int
    frames: int
    viewers: int


def film(shared: Path, minutes: float = FILM_MINUTES) -> list[Figure]:
    """Share of one core and growth of memory over ``minutes`` of film, more than one."""
    from tests.bench.footage import HEAD_POSE, write_film

    with tempfile.TemporaryDirectory() as folder:
        source, outbox = Path(folder) / "viewer.mp4", Path(folder) / "bench.outbox"
        write_film(shared / "media" / HEAD_POSE[1], source, minutes)
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.film", source, outbox],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    run = FilmRun(**json.loads(done.stdout))
    if run.viewers != 1:
        raise RuntimeError(f"the agent saw {run.viewers} viewers in footage of one; its cost says nothing")
    # The start is paid once a film: a shorter run must not make it weigh more than it does in two hours.
    share = run.run_cpu_s / run.film_s + run.start_cpu_s / (FILM_MINUTES * 60)
    growth = run.rss_most_later / run.rss_after_first_minute - 1
    what = f"agent at 4 frames/s, {run.film_s / 60:.0f} minutes of film"
    return [
        at_most(
            f"{what}: share of one core",
            share,
            _SHARE,
            note=f"{run.frames} frames sampled; decoding the footage included; start {run.start_cpu_s:.1f} s",
        ),
        at_most(
            f"{what}: memory growth after the first minute",
            growth,
            _GROWTH,
            note=f"from {run.rss_after_first_minute / 2**20:.0f} MiB to at most {run.rss_most_later / 2**20:.0f}",
        ),
    ]


def _measure(source: str, outbox: str) -> FilmRun:
    """Run the agent here. A minute of film is a minute of running on a device, where the film plays at its speed."""
    from edge_agent.agent import Progress
    from edge_agent.settings import AgentSettings
    from edge_agent.wiring import open_and_run

    process = psutil.Process()
    first_cpu_s: list[float] = []
    rss: list[int] = []

    def watch(progress: Progress) -> None:
        if not first_cpu_s:
            first_cpu_s.append(time.process_time())
        if progress.film_ms >= _FIRST_MINUTE_MS:
            rss.append(process.memory_info().rss)

    settings = AgentSettings(
        film="bench", cut="bench", screening="bench", source=source, outbox=Path(outbox), rate_hz=4.0
    )
    report = open_and_run(settings, watch)
    return FilmRun(
        film_s=report.seconds,
        start_cpu_s=first_cpu_s[0],
        run_cpu_s=time.process_time() - first_cpu_s[0],
        rss_after_first_minute=rss[0],
        rss_most_later=max(rss),
        frames=report.frames_sampled,
        viewers=report.viewers,
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(_measure(sys.argv[1], sys.argv[2]))))
