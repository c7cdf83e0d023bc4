"""VLC's answers, and VLC itself on a film that it plays to nobody."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_agent.clocks.reported import ReportedClock
from edge_agent.clocks.vlc import VlcPlayer, VlcState
from edge_agent.errors import PlayerError
from tests.support.broker import free_ports
from tests.support.films import make_film
from tests.support.mpv import until
from tests.support.vlc import PASSWORD, Vlc

MS = 1_000_000
LENGTH_MS = 100_700
"""VLC calls it 100 seconds."""


def answer(film_ms: float, state: str = "playing", rate: float = 1.0) -> dict[str, object]:
    return {
        "state": state,
        "rate": rate,
        "length": LENGTH_MS // 1000,
        "position": film_ms / LENGTH_MS,
        "time": int(film_ms // 1000),
        "currentplid": 4,
    }


def played(state: VlcState, begin_ms: int, end_ms: int, film_ms: float) -> float | None:
    """Asked from one instant to another, each 80 ms, of a film that VLC looks at each 260; the last error, ms."""
    error = None
    for now_ms in range(begin_ms, end_ms, 80):
        looked_ms = now_ms - now_ms % 260
        said = state.take(answer(film_ms + looked_ms - begin_ms), now_ms * MS)
        if said is not None and said.film_ms is not None:
            error = said.film_ms - (film_ms + said.monotonic_ns / MS - begin_ms)
    return error


def test_a_length_in_whole_seconds_is_narrowed_down() -> None:
    error = played(VlcState(), 100_000, 110_000, 70_000)
    assert error is not None
    assert abs(error) < 120


def said(state: VlcState, told: dict[str, object], at_ms: int) -> tuple[int, str] | None:
    """Of when VLC's word is, in milliseconds, and the state."""
    report = state.take(told, at_ms * MS)
    return None if report is None else (report.monotonic_ns // MS, report.state)


def test_where_the_film_is_is_not_said_before_it_is_known() -> None:
    state = VlcState()
    assert said(state, answer(70_300), 100_000) == (99_920, "seeking")
    assert played(state, 100_080, 100_500, 70_380) is None


def test_after_a_jump_the_screen_is_given_time() -> None:
    state = VlcState()
    state.take(answer(20_000), 109_000 * MS)
    assert said(state, answer(20_800), 109_800) == (109_720, "playing")
    # It may have been any time after its last word.
    assert said(state, answer(60_000), 110_050) == (109_720, "seeking")
    assert said(state, answer(60_300), 110_300) == (110_220, "seeking")
    assert said(state, answer(60_800), 110_800) == (110_720, "playing")


def test_a_pause_an_end_and_a_stall_are_told_apart() -> None:
    state = VlcState()
    played(state, 100_000, 110_000, 20_000)
    assert said(state, answer(30_000, "paused"), 110_050) is not None
    assert said(state, answer(30_000, "paused"), 115_000) == (115_000, "paused")
    assert said(state, answer(30_000), 115_100) == (115_100, "seeking")  # the picture moves later
    assert said(state, answer(30_000), 116_100) == (116_100, "buffering")  # the same position for long
    assert said(state, answer(30_100), 116_200) == (116_150, "playing")
    assert said(state, answer(30_100), 116_280) is None
    assert said(state, {"state": "stopped"}, 117_000) == (117_000, "ended")
    assert said(state, {}, 117_100) == (117_100, "lost")


def test_another_speed_takes_its_time_to_the_screen() -> None:
    state = VlcState()
    played(state, 100_000, 110_000, 20_000)
    assert said(state, answer(30_300, rate=2.0), 110_300) == (110_220, "seeking")
    assert said(state, answer(31_000, rate=2.0), 110_800) == (110_720, "seeking")
    assert said(state, answer(32_600, rate=2.0), 111_600) == (111_520, "playing")


def test_nobody_at_the_port_says_how_to_start_vlc() -> None:
    (port,) = free_ports(1)
    with pytest.raises(PlayerError, match=rf"no VLC answers at 127.0.0.1:{port} .*--extraintf http"):
        VlcPlayer("127.0.0.1", port, "", ReportedClock())


@pytest.fixture
def vlc(tmp_path: Path) -> Iterator[Vlc]:
    player = Vlc(make_film(tmp_path / "film.mp4", [(1, 1500)], size=(48, 64)))
    yield player
    player.close()


def test_a_real_vlc_through_pause_seek_rate_and_its_return(vlc: Vlc) -> None:
    with pytest.raises(PlayerError, match="refuses the password; give the one of its --http-password"):
        VlcPlayer("127.0.0.1", vlc.port, "wrong", ReportedClock())
    clock = ReportedClock()
    player = VlcPlayer("127.0.0.1", vlc.port, PASSWORD, clock)

    def at_ms() -> int | None:
        position = clock.media_at(time.monotonic_ns())
        return position.film_ms if position else None

    def state() -> str:
        return clock.state_at(time.monotonic_ns())

    def check() -> None:
        until(lambda: at_ms() is not None)
        status, asked = vlc.ask(), at_ms()
        assert asked is not None
        # What VLC says is up to a quarter of a second old, and its length up to a second too short.
        assert asked == pytest.approx(status["position"] * 60_000, abs=600)

    try:
        check()
        vlc.ask("pl_forcepause")
        until(lambda: state() == "paused")
        assert at_ms() is None
        vlc.ask("seek", 30)
        vlc.ask("pl_forceresume")
        until(lambda: (at_ms() or 0) >= 29_000)
        check()
        vlc.kill()
        until(lambda: state() == "lost")
        vlc.start()
        check()
    finally:
        player.close()
