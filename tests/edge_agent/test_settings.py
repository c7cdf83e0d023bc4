from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edge_agent.clocks.players import MprisAt, MpvAt, VlcAt
from edge_agent.errors import SettingsError
from edge_agent.settings import AgentSettings


def settings(**changes: Any) -> AgentSettings:
    return AgentSettings(
        **({"film": "reel", "cut": "rough-2", "screening": "friday", "source": "a.mp4"} | changes)
    )


def test_the_clock_suits_the_source_unless_it_is_chosen() -> None:
    assert settings().playback == "file"
    assert settings(source="camera:3").playback == "cue"
    assert settings(source="camera:3").camera == 3
    assert settings(clock="cue").playback == "cue"
    assert settings(source="camera:x").camera is None  # a file of that name


def test_a_player_is_named_with_where_it_answers() -> None:
    assert settings().player is None
    assert settings(clock="mpv:/tmp/mpv").player == MpvAt(Path("/tmp/mpv"))
    assert settings(clock="vlc:localhost:8080").player == VlcAt("localhost", 8080)
    assert settings(clock="vlc:[::1]:8080", plays="reel.mp4").player == VlcAt("::1", 8080)
    assert settings(clock="mpris:vlc.instance7").player == MprisAt("vlc.instance7")
    assert settings(clock="mpv:/tmp/mpv").playback == "player"


def test_the_broker_is_host_and_port() -> None:
    assert settings().bootstrap is None
    assert settings(to="kafka:localhost:9092").bootstrap == "localhost:9092"
    assert settings(to="kafka:[::1]:9092").bootstrap == "[::1]:9092"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"to": "localhost:9092"}, "expected kafka:HOST:PORT"),
        ({"to": "kafka:localhost"}, "expected kafka:HOST:PORT"),
        ({"to": "kafka:localhost:99999"}, "expected kafka:HOST:PORT"),
        ({"source": "camera:0", "clock": "file"}, "give --clock cue"),
        ({"clock": "wall"}, "file, cue, mpv:SOCKET, vlc:HOST:PORT or mpris:NAME"),
        ({"clock": "mpv:"}, "file, cue, mpv:SOCKET, vlc:HOST:PORT or mpris:NAME"),
        ({"clock": "vlc:localhost:99999"}, "file, cue, mpv:SOCKET, vlc:HOST:PORT or mpris:NAME"),
        ({"plays": "reel.mp4"}, "with --plays give --clock mpv:SOCKET, .*, not file"),
        ({"room": "cave"}, "auto, laptop, sofa, auditorium"),
        ({"rate_hz": 0}, "between 0.2 and 60"),
        ({"rate_hz": float("nan")}, "between 0.2 and 60"),
        ({"rounds": 0}, "between 1 and 1000"),
        ({"rounds": 2, "source": "camera:0"}, "--rounds 1"),
        ({"film_seconds": 0}, "more than 0"),
        ({"batch_seconds": 0}, "1 to 600"),
        ({"film": "../etc"}, "ids of letters"),
        ({"screening": ""}, "ids of letters"),
        ({"consent_language": "English!"}, "pt-BR"),
        ({"calibration": 101}, "calibration 0 to 100"),
        ({"setting": "work"}, "declared as work.*forbids emotion recognition"),
        ({"invitation": "h2.education.0f.77"}, "declared as education"),
        ({"invitation": "h2.work.0f.77", "setting": "home"}, "declared as work"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError, match=says) as raised:
        settings(**changes)
    assert "\n" not in str(raised.value)


def test_the_invitation_says_where_the_viewers_watch() -> None:
    assert settings().declared is None
    assert settings(setting="home").declared == "home"
    assert settings(setting="home", invitation="h2.cinema.0f.77").declared == "cinema"
    assert settings(setting="home", invitation="h1.0f.77").declared == "home"


def test_the_start_message_says_what_was_agreed() -> None:
    start = settings(simulated=True, consent_language="pt-BR", calibration=71).start("0" * 32, "bundled-1")
    assert (start.film, start.cut, start.screening, start.model) == ("reel", "rough-2", "friday", "bundled-1")
    assert start.simulated
    assert start.calibration == 71
    assert start.consent_language == "pt-BR"
    assert start.agent_version
