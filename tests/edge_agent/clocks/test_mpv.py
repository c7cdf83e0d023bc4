"""mpv's messages, and mpv itself on a film that it plays to nobody."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge_agent.clocks.mpv import MpvPlayer, MpvState
from edge_agent.clocks.report import Report
from edge_agent.clocks.reported import ReportedClock
from edge_agent.clocks.wanted import WantedFilm
from edge_agent.errors import PlayerError
from tests.support.films import make_film
from tests.support.mpv import Mpv, until

NEAR_MS = 150
"""Of the player's own answer, on a busy machine."""


def told(name: str, data: object) -> dict[str, Any]:
    return {"event": "property-change", "id": 1, "name": name, "data": data}


def test_a_position_is_told_with_its_instant_and_a_change_of_state_with_none() -> None:
    state = MpvState(WantedFilm())
    state.take(told("filename", "film.mp4"), 0)
    assert state.take(told("speed", 1.5), 1) == Report(1, None, "lost", 1.5)
    # A frame shows 40 ms after its position is told, and so 60 ms of a film at that speed.
    assert state.take(told("time-pos", 2.5), 2) == Report(2, 2440.0, "playing", 1.5)
    assert state.take(told("pause", True), 3) == Report(3, None, "paused", 1.5)
    assert state.take(told("time-pos", 2.52), 4) == Report(4, 2520.0, "paused", 1.5)
    assert state.take({"event": "seek"}, 5) == Report(5, None, "seeking")
    state.take(told("pause", False), 6)
    state.take(told("seeking", True), 7)
    assert state.take(told("time-pos", 9.0), 8) == Report(8, 9000.0, "seeking", 1.5)
    assert state.take(told("seeking", False), 9) == Report(9, None, "playing", 1.5)
    assert state.take(told("core-idle", True), 10) == Report(10, None, "buffering", 1.5)
    assert state.take(told("eof-reached", True), 11) == Report(11, None, "ended", 1.5)
    assert state.take(told("time-pos", None), 12) == Report(12, None, "lost", 1.5)


def test_frames_that_were_not_shown_in_time_are_told() -> None:
    state = MpvState(WantedFilm())
    state.take(told("filename", "film.mp4"), 0)
    assert state.take(told("time-pos", 2.5), 1) == Report(1, 2460.0, "playing", dropped=None)
    assert state.take(told("frame-drop-count", 3), 2) == Report(2, None, "playing", dropped=3)
    state.take(told("decoder-frame-drop-count", 4), 3)
    assert state.take(told("time-pos", 2.54), 4) == Report(4, 2500.0, "playing", dropped=7)
    # Of a film without pictures there is none to tell.
    state.take(told("decoder-frame-drop-count", None), 5)
    assert state.take(told("frame-drop-count", None), 6) == Report(6, None, "playing", dropped=None)


def test_another_film_is_not_this_one() -> None:
    film = WantedFilm("film.mp4")
    state = MpvState(film)
    state.take(told("filename", "trailer.mp4"), 1)
    assert state.take(told("time-pos", 2.5), 2) == Report(2, 2500.0, "lost")
    state.take(told("filename", "film.mp4"), 3)
    assert state.take(told("time-pos", 2.5), 4) == Report(4, 2460.0, "playing")
    assert film.warning() == "the player had trailer.mp4 open, too; only film.mp4 was measured"


@pytest.mark.parametrize(
    "message",
    [{}, {"event": "idle"}, told("volume", 5), {"error": "success", "request_id": 0}, {"name": "pause"}],
)
def test_other_messages_say_nothing(message: dict[str, Any]) -> None:
    assert MpvState(WantedFilm()).take(message, 1) is None


def test_nobody_at_the_socket_says_how_to_start_mpv(tmp_path: Path) -> None:
    with pytest.raises(
        PlayerError, match=r"no mpv answers at .*no \(No such file.*: mpv --input-ipc-server="
    ):
        MpvPlayer(tmp_path / "no", ReportedClock(), WantedFilm())


@pytest.fixture
def mpv(tmp_path: Path) -> Iterator[Mpv]:
    player = Mpv(tmp_path, make_film(tmp_path / "film.mp4", [(1, 750)], size=(48, 64)))
    yield player
    player.kill()


def test_a_real_mpv_through_pause_seek_rate_its_end_its_return_and_another_film(
    mpv: Mpv, tmp_path: Path
) -> None:
    other = make_film(tmp_path / "trailer.mp4", [(2, 250)], size=(48, 64))
    clock = ReportedClock()
    player = MpvPlayer(mpv.socket, clock, WantedFilm())

    def at_ms() -> int | None:
        position = clock.media_at(time.monotonic_ns())
        return position.film_ms if position else None

    def check() -> None:
        until(lambda: at_ms() is not None)
        asked = at_ms()
        says = mpv.ask("get_property", "time-pos") * 1000
        assert asked is not None
        assert abs(says - asked) < NEAR_MS

    def state() -> str:
        return clock.state_at(time.monotonic_ns())

    assert player.film.name == "film.mp4"
    try:
        check()
        until(lambda: clock.dropped is not None)
        mpv.ask("set_property", "pause", True)
        until(lambda: state() == "paused")
        assert at_ms() is None
        mpv.ask("seek", 10, "absolute+exact")
        mpv.ask("set_property", "pause", False)
        until(lambda: (at_ms() or 0) >= 10_000)
        check()
        mpv.ask("set_property", "speed", 2.0)
        begun_ns, begun_ms = time.monotonic_ns(), at_ms()
        time.sleep(1.0)
        now_ms, took_ms = at_ms(), (time.monotonic_ns() - begun_ns) / 1e6
        assert begun_ms is not None
        assert now_ms is not None
        assert now_ms - begun_ms == pytest.approx(2 * took_ms, abs=2 * NEAR_MS)
        mpv.ask("seek", 29.9, "absolute+exact")
        until(lambda: state() == "ended")
        assert at_ms() is None
        mpv.kill()
        until(lambda: state() == "lost")
        mpv.start()
        check()
        (again,) = [clock.media_at(time.monotonic_ns())]
        assert again is not None
        assert again.pass_ == 1  # the film's beginning, once more
        mpv.ask("loadfile", str(other))
        until(lambda: state() == "lost")
        until(lambda: (mpv.ask("get_property", "time-pos") or 0) > 0.2)  # it plays, and is not the film
        assert at_ms() is None
        assert player.film.other == "trailer.mp4"
    finally:
        player.close()


def test_an_mpv_without_a_film_is_refused_unless_one_is_waited_for(mpv: Mpv) -> None:
    mpv.ask("set_property", "idle", "yes")
    mpv.ask("stop")
    # Not for idle-active, which is told before the film is closed.
    until(lambda: mpv.ask("get_property", "filename") is None)
    with pytest.raises(PlayerError, match="has no film open; open the film in it first"):
        MpvPlayer(mpv.socket, ReportedClock(), WantedFilm())
    player = MpvPlayer(mpv.socket, ReportedClock(), WantedFilm("later.mp4"))
    player.close()
    assert player.film.warning() is None
