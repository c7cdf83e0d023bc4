"""``agent run --clock cue``: film times that are typed while it runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from contract.messages import Reactions, decode
from edge_agent.outbox import Outbox
from tests.bench.footage import HEAD_POSE


def test_a_film_time_that_is_typed_sets_the_clock_right(shared: Path, tmp_path: Path) -> None:
    outbox = tmp_path / "cue.outbox"
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "houselights", "agent", "run", "--film", "reel", "--cut", "one"),
            *("--screening", "friday", "--source", shared / "media" / HEAD_POSE[0], "--clock", "cue"),
            *("--outbox", outbox),
        ],
        input="not a time\n1:30:00\n0:00:30\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    assert "not a time is no film time; type it like 1:02:03" in ran.stderr
    assert "the film cannot be at 90.0 minutes" in ran.stderr
    assert "the clock was -30.0 s off, and is right now" in ran.stderr
    with Outbox(outbox) as kept:
        messages = [decode(one.body) for one in kept.pending()]
    times = [sample.t for message in messages if isinstance(message, Reactions) for sample in message.samples]
    assert max(times) >= 30_000  # of a few seconds' footage
