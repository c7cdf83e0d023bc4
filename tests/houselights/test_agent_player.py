"""``agent run --clock mpv:SOCKET``: footage of a viewer while a real mpv plays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.messages import Reactions, decode
from edge_agent.outbox import Outbox
from tests.bench.footage import HEAD_POSE
from tests.support.command import done, houselights
from tests.support.films import make_film
from tests.support.mpv import Mpv

WHAT = ("agent", "run", "--film", "reel", "--cut", "one", "--screening", "friday")


@pytest.fixture
def mpv(tmp_path: Path) -> Iterator[Mpv]:
    player = Mpv(tmp_path, make_film(tmp_path / "reel.mp4", [(1, 3000)], size=(48, 64)))
    yield player
    player.kill()


def test_viewers_are_measured_at_the_film_time_of_the_player(mpv: Mpv, shared: Path, tmp_path: Path) -> None:
    mpv.ask("seek", 60, "absolute+exact")
    outbox = tmp_path / "one.outbox"
    ran = houselights(
        *(*WHAT, "--source", shared / "media" / HEAD_POSE[0]),
        *("--clock", f"mpv:{mpv.socket}", "--outbox", outbox),
    )
    assert "1 viewers over" in done(ran)
    assert "the player's film: reel.mp4" in ran.stderr
    with Outbox(outbox) as kept:
        messages = [decode(one.body) for one in kept.pending()]
    times = [sample.t for message in messages if isinstance(message, Reactions) for sample in message.samples]
    assert 60_000 <= min(times) < max(times) < 120_000


def test_of_another_film_nothing_is_measured(mpv: Mpv, shared: Path, tmp_path: Path) -> None:
    ran = houselights(
        *(*WHAT, "--source", shared / "media" / HEAD_POSE[0], "--plays", "other.mp4"),
        *("--clock", f"mpv:{mpv.socket}", "--outbox", tmp_path / "one.outbox"),
    )
    assert ran.returncode == 3
    assert "0 samples made" in ran.stdout
    assert "the player had reel.mp4 open, and never other.mp4" in ran.stderr
