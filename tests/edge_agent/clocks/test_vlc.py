"""VLC's answers, and VLC itself on a film that it plays to nobody."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_agent.clocks.report import Report
from edge_agent.clocks.reported import ReportedClock
from edge_agent.clocks.vlc import VlcPlayer, VlcState
from edge_agent.clocks.wanted import WantedFilm
from edge_agent.errors import PlayerError
from tests.support.broker import free_ports
from tests.support.films import make_film
from tests.support.mpv import until
from tests.support.vlc import PASSWORD, Vlc

MS = 1_000_000
LENGTH_MS = 100_700
"""VLC calls it 100 seconds."""
EVERY_MS = 70


def answer(
    film_ms: float, state: str = "playing", rate: float = 1.0, name: str = "film.mp4"
) -> dict[str, object]:
    return {
        "state": state,
        "rate": rate,
        "length": LENGTH_MS // 1000,
        "position": film_ms / LENGTH_MS,
        "time": int(film_ms // 1000),
        "currentplid": 4,
        "information": {"category": {"meta": {"filename": name}}},
    }


def played(state: VlcState, begin_ms: int, end_ms: int, film_ms: float) -> float | None:
    """Asked from one instant to another of a film that VLC looks at each 260 ms; the last error, ms."""
    error = None
    for now_ms in range(begin_ms, end_ms, EVERY_MS):
        looked_ms = now_ms - now_ms % 260
        said = state.take(answer(film_ms + looked_ms - begin_ms), now_ms * MS)
        if said is not None and said.film_ms is not None:
            error = said.film_ms - (film_ms + said.monotonic_ns / MS - begin_ms)
    return error


def test_a_length_in_whole_seconds_is_narrowed_down() -> None:
    error = played(VlcState(WantedFilm()), 100_000, 110_000, 70_000)
    assert error is not None
    assert abs(error) < EVERY_MS


def test_where_the_film_is_is_not_said_before_the_length_is_known() -> None:
    state = VlcState(WantedFilm())
    assert state.take(answer(70_300), 100_000 * MS) == Report(99_900 * MS, None, "seeking")
    assert played(state, 100_070, 100_500, 70_370) is None


def test_another_film_an_end_and_none_are_told_apart() -> None:
    film = WantedFilm()
    state = VlcState(film)
    assert played(state, 100_000, 105_000, 20_000) is not None

    def said(told: dict[str, object]) -> str | None:
        report = state.take(told, 106_000 * MS)
        return None if report is None else report.state

    assert said(answer(1_000, name="trailer.mp4")) == "lost"
    assert said({"state": "stopped"}) == "ended"
    assert said({}) == "lost"
    assert (film.name, film.other) == ("film.mp4", "trailer.mp4")


def test_pictures_that_came_too_late_are_told() -> None:
    state = VlcState(WantedFilm())

    def dropped(now_ms: int, stats: object) -> int | None:
        report = state.take(answer(now_ms, "paused") | {"stats": stats}, now_ms * MS)
        assert report is not None
        return report.dropped

    assert dropped(1000, {"lostpictures": 7, "displayedpictures": 300}) == 7
    assert [dropped(1070, stats) for stats in ({}, None, {"lostpictures": "many"})] == [None] * 3


def test_nobody_at_the_port_says_how_to_start_vlc() -> None:
    (port,) = free_ports(1)
    with pytest.raises(PlayerError, match=rf"no VLC answers at 127.0.0.1:{port} .*--extraintf http"):
        VlcPlayer("127.0.0.1", port, "", ReportedClock(), WantedFilm())


@pytest.fixture
def vlc(tmp_path: Path) -> Iterator[Vlc]:
    player = Vlc(make_film(tmp_path / "film.mp4", [(1, 1500)], size=(48, 64)))
    yield player
    player.close()


def test_a_real_vlc_through_pause_seek_its_return_and_its_end(vlc: Vlc) -> None:
    with pytest.raises(PlayerError, match="refuses the password; give the one of its --http-password"):
        VlcPlayer("127.0.0.1", vlc.port, "wrong", ReportedClock(), WantedFilm())
    clock = ReportedClock()
    player = VlcPlayer("127.0.0.1", vlc.port, PASSWORD, clock, WantedFilm())

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
        assert clock.dropped is not None
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
        vlc.ask("pl_stop")
        until(lambda: state() == "ended")
        assert player.film.name == "film.mp4"
        with pytest.raises(PlayerError, match="has no film open; open the film in it first"):
            VlcPlayer("127.0.0.1", vlc.port, PASSWORD, ReportedClock(), WantedFilm())
    finally:
        player.close()
