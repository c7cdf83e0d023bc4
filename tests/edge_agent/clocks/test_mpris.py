"""Players on a real session bus: one that does what a test says, and VLC."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_agent.clocks.mpris import MprisPlayer, open_film
from edge_agent.clocks.reported import ReportedClock
from edge_agent.clocks.wanted import WantedFilm
from edge_agent.errors import PlayerError
from tests.support.films import make_film
from tests.support.mpv import until
from tests.support.session_bus import FakePlayer, session_bus
from tests.support.vlc import UNSEEN, Vlc

NEAR_MS = 100
"""Of where the player is, on a busy machine."""


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


@pytest.fixture
def fake(bus: str) -> Iterator[FakePlayer]:
    player = FakePlayer(bus)
    yield player
    player.close()


class Followed:
    """A player's clock, asked now."""

    def __init__(self, name: str, film: WantedFilm | None = None) -> None:
        self.player = MprisPlayer(name, ReportedClock(), film or WantedFilm())

    def at_ms(self) -> int | None:
        position = self.player.clock.media_at(time.monotonic_ns())
        return position.film_ms if position else None

    def state(self) -> str:
        return self.player.clock.state_at(time.monotonic_ns())

    def comes_to(self, state: str) -> None:
        until(lambda: self.state() == state)


def test_a_player_is_followed_through_pause_jump_speed_another_film_and_its_return(
    bus: str, fake: FakePlayer
) -> None:
    followed = Followed("fake")
    assert followed.player.film.name == "The Last.mp4"

    def check() -> None:
        followed.comes_to("playing")
        assert followed.at_ms() == pytest.approx(fake.film_ms(), abs=NEAR_MS)

    try:
        check()
        fake.change(PlaybackStatus=("s", "Paused"))
        followed.comes_to("paused")
        assert followed.at_ms() is None
        fake.seek(60_000)
        fake.change(PlaybackStatus=("s", "Playing"))
        check()
        assert (followed.at_ms() or 0) >= 60_000
        fake.seek(60_350)  # too near to be told from the position alone
        followed.comes_to("seeking")
        check()
        fake.change(Rate=("d", 2.0))
        followed.comes_to("seeking")
        check()
        fake.change(Metadata=("a{sv}", {"xesam:title": ("s", "A trailer")}))
        followed.comes_to("lost")
        assert followed.player.film.other == "A trailer"
        fake.change(PlaybackStatus=("s", "Stopped"))
        followed.comes_to("ended")
        fake.close()
        followed.comes_to("lost")
        again = FakePlayer(bus)
        try:
            followed.comes_to("playing")
            again.answers = False
            followed.comes_to("lost")
        finally:
            again.close()
    finally:
        followed.player.close()


@pytest.mark.usefixtures("fake")
def test_who_is_not_there_is_told_who_is(bus: str) -> None:
    with pytest.raises(PlayerError, match=r"no player called vlc is on the session bus \(there are: fake\)"):
        Followed("vlc")
    others = [FakePlayer(bus, f"firefox.instance{number}") for number in (1, 2)]
    try:
        with pytest.raises(
            PlayerError, match=r"more than one firefox: name one of firefox\.instance1, firefox\.instance2"
        ):
            Followed("firefox")
        followed = Followed("firefox.instance2")
        followed.player.close()
    finally:
        for other in others:
            other.close()


def test_a_player_that_says_too_little_is_refused(fake: FakePlayer) -> None:
    fake.change(PlaybackStatus=("s", "Stopped"))
    with pytest.raises(PlayerError, match="fake has no film open; open the film in it first"):
        Followed("fake")
    waiting = Followed("fake", WantedFilm("later.mp4"))
    waiting.player.close()
    fake.change(PlaybackStatus=("s", "Playing"))
    fake.tells_position = False
    with pytest.raises(PlayerError, match="does not answer as a player: it does not say where its film is"):
        Followed("fake")


def test_without_a_bus_nobody_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(PlayerError, match="there is no session bus here"):
        Followed("vlc")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(
        PlayerError, match=r"the session bus at unix:path=.*/bus does not answer: .*No such file"
    ):
        Followed("vlc")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "tcp:host=localhost")
    with pytest.raises(PlayerError, match="the session bus at tcp:host=localhost does not answer"):
        Followed("vlc")


def test_a_film_is_called_by_its_file_and_else_by_its_title() -> None:
    def named(**about: str) -> str | None:
        told = {f"xesam:{key}": value for key, value in about.items()}
        return open_film({"PlaybackStatus": "Paused", "Metadata": told})

    assert named(url="file:///films/A%20b.mp4", title="A") == "A b.mp4"
    assert named(url="https://example.org/", title="A") == "A"
    assert named() == "a film without a name"
    assert open_film({"PlaybackStatus": "Stopped", "Metadata": {"xesam:title": "A"}}) is None


def test_a_real_vlc_on_the_bus(bus: str, tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", [(1, 1500)], size=(48, 64))
    vlc = Vlc(film, (*UNSEEN, "--control", "dbus"), os.environ | {"DBUS_SESSION_BUS_ADDRESS": bus})
    try:
        followed = Followed("vlc")
        assert followed.player.film.name == "film.mp4"
        try:
            followed.comes_to("playing")
            vlc.ask("pl_forcepause")
            followed.comes_to("paused")
            vlc.ask("seek", 30)
            vlc.ask("pl_forceresume")
            until(lambda: (followed.at_ms() or 0) >= 30_000)
            assert followed.at_ms() == pytest.approx(vlc.ask()["position"] * 60_000, abs=600)
        finally:
            followed.player.close()
    finally:
        vlc.close()
