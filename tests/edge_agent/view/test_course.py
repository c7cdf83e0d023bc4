from __future__ import annotations

import time
from pathlib import Path

import pytest

from contract.messages import End, Reactions, Start, Withdraw, decode
from edge_agent.clocks.report import PlayerState, Report
from edge_agent.errors import ModelError, OutboxError
from edge_agent.guest import Burden
from edge_agent.outbox import Outbox
from edge_agent.settings import AgentSettings
from edge_agent.view.messages import Agree, Begin, Cost, Decline, Finish, Measure, Skip, Stop, TakeBack
from tests.edge_agent.view.scripted import Parts, Running, running

SETTINGS = AgentSettings(film="reel", cut="rough-2", screening="friday", source="scripted", batch_seconds=1)
SENDING = AgentSettings(
    film="reel",
    cut="rough-2",
    screening="friday",
    source="scripted",
    batch_seconds=1,
    to="kafka:nowhere:9092",
)


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(tmp_path / "viewer.outbox")


_RATE = 4.0


class Player:
    """The film as its page reports it, from its beginning, four times as fast as it was made."""

    def __init__(self, running: Running) -> None:
        self._course = running.course
        self._start_ns = time.monotonic_ns()
        self.dropped = 0

    def says(self, state: PlayerState) -> None:
        now_ns = time.monotonic_ns()
        self._course.film(Report(now_ns, _RATE * (now_ns - self._start_ns) / 1e6, state, _RATE, self.dropped))

    def plays(self, film_s: float) -> None:
        for _ in range(round(film_s / _RATE / 0.05)):
            self.says("playing")
            time.sleep(0.05)
        self.says("playing")


def test_nothing_is_opened_before_the_viewer_agrees(parts: Parts) -> None:
    with running(parts, SETTINGS) as course:
        course.course.attend(True)
        course.course.say(Begin())
        course.course.say(Measure(on=True))
        Player(course).plays(0.5)
        told = course.wait_for(lambda told: told.ready)
        course.course.say(Agree(version=999, language="en"))  # not the text that is shown
        time.sleep(0.2)
        assert (told.stage, told.measuring, told.why) == ("consent", "off", "not_asked")
        assert parts.asked == ["eyes"]
    assert course.report is None
    assert not parts.path.exists()


def test_who_declines_watches_without_a_camera(parts: Parts) -> None:
    with running(parts, SETTINGS) as course:
        course.course.attend(True)
        course.course.say(Decline())
        course.course.say(Agree(version=1, language="en"))
        told = course.wait_for(lambda told: told.stage == "film")
        Player(course).plays(0.3)
        assert (told.measuring, told.why) == ("off", "declined")
    assert parts.asked == ["eyes"]


def test_who_agrees_is_measured_while_the_film_plays_and_sees_what_left(parts: Parts) -> None:
    parts.bodies = []
    with running(parts, SENDING, baseline_s=0.6) as course:
        course.course.attend(True)
        course.course.say(Agree(version=1, language="de"))
        placed = course.wait_for(
            lambda told: told.stage == "check" and told.readable and told.light == "good"
        )
        assert (placed.camera, placed.faces) == ("open", 1)
        picture = course.course.take_preview()
        assert picture is not None
        assert picture.shape == (120, 160, 3)
        course.course.say(Begin())
        course.wait_for(lambda told: told.stage == "baseline" and 0 < told.baseline_left_s < 0.6)
        waiting = course.wait_for(lambda told: told.stage == "film")
        assert (waiting.measuring, waiting.why, waiting.quality) == ("paused", "film_paused", 100)
        course.wait_for(lambda told: told.camera == "closed")
        course.course.take_preview()
        player = Player(course)
        player.plays(2.6)
        told = course.wait_for(lambda told: told.sent.samples >= 2)
        assert course.course.take_preview() is None, "the film has no use for the viewer's picture"
        assert (told.measuring, told.why) == ("on", "")
        last = told.last
        assert last is not None
        assert last.sent
        assert last.body.encode() in parts.bodies
        course.course.say(Finish())
        course.wait_for(lambda told: told.stage == "summary" and told.sent.waiting == 0)
        assert course.course.lines(sent=True).splitlines() == parts.bodies
    start, *reactions, end = (decode(body) for body in parts.bodies)
    assert isinstance(start, Start)
    assert (start.consent_language, start.consent_version, start.calibration) == ("de", 1, 100)
    assert isinstance(end, End)
    assert (
        sum(len(message.samples) for message in reactions if isinstance(message, Reactions)) == end.generated
    )
    assert course.report is not None
    assert course.report.published == end.generated >= 2


def test_what_it_takes_is_told_and_it_looks_less_often_while_the_player_drops_frames(parts: Parts) -> None:
    with running(parts, SETTINGS) as course:
        course.agree()
        player = Player(course)
        player.dropped = 900  # what came before says nothing of now
        while course.course.told().cost is None:
            player.plays(1)
        assert course.course.told().cost == Cost(0.06, 412, 64, "")
        while not (cost := course.course.told().cost) or not cost.slowed:
            player.plays(1)
            player.dropped += 1
        assert cost.slowed == "dropped"


def test_a_battery_that_is_nearly_empty_is_left_to_the_film(parts: Parts) -> None:
    parts.burden = Burden(0.06, 412, 5)
    with running(parts, SETTINGS) as course:
        course.agree()
        player = Player(course)
        while course.course.told().measuring != "off":
            player.plays(1)
        told = course.wait_for(lambda told: told.camera == "closed")
        assert (told.stage, told.why, told.trouble) == ("film", "machine", "")
    assert course.report is not None
    assert course.report.ended_by == "battery"
    assert course.report.generated >= 4


def test_a_camera_that_was_away_is_in_the_report(parts: Parts) -> None:
    with running(parts, SETTINGS) as course:
        course.agree()
        player = Player(course)
        player.plays(1.5)
        parts.cameras.there = False
        player.plays(1)
        told = course.wait_for(lambda told: told.camera == "missing")
        assert (told.measuring, told.why, told.trouble) == ("off", "camera", "it is gone")
        parts.cameras.there = True
        course.wait_for(lambda told: told.camera == "open")
        player.plays(1)
        course.course.say(Finish())
    assert course.report is not None
    assert any("there was no camera" in line for line in course.report.warnings)


def test_the_camera_is_off_whenever_nothing_is_measured(parts: Parts) -> None:
    with running(parts, SETTINGS) as course:
        course.agree()
        course.wait_for(lambda told: told.camera == "closed")
        player = Player(course)
        states: dict[PlayerState, str] = {
            "paused": "film_paused",
            "ended": "film_ended",
            "lost": "page_hidden",
            "playing": "by_viewer",
        }
        for state, why in states.items():
            player.plays(0.1)
            course.wait_for(lambda told: told.camera == "open" and told.measuring == "on")
            player.says(state)
            course.course.say(Measure(on=state != "playing"))
            told = course.wait_for(lambda told: told.camera == "closed")
            assert (told.measuring, told.why) == ("paused", why)
        course.course.say(Measure(on=True))
        player.plays(0.1)
        course.wait_for(lambda told: told.camera == "open")
        course.course.attend(False)
        course.wait_for(lambda told: told.camera == "closed")


def test_moving_through_the_film_leaves_the_camera_as_it_is(parts: Parts) -> None:
    with running(parts, SETTINGS) as course:
        course.agree()
        course.wait_for(lambda told: told.camera == "closed")
        player = Player(course)
        player.says("paused")
        player.says("seeking")
        time.sleep(0.2)
        assert course.course.told().camera == "closed"
        player.plays(0.1)
        course.wait_for(lambda told: told.camera == "open")
        opened = parts.asked.count("camera")
        player.says("seeking")
        time.sleep(0.1)
        player.says("buffering")
        time.sleep(0.1)
        player.plays(0.1)
        assert course.course.told().camera == "open"
        assert parts.asked.count("camera") == opened


def test_who_stops_keeps_what_was_measured(parts: Parts) -> None:
    with running(parts, SETTINGS) as course:
        course.agree()
        player = Player(course)
        player.plays(2.2)
        course.course.say(Stop())
        told = course.wait_for(lambda told: told.last is not None and '"end"' in told.last.body)
        assert (told.stage, told.measuring, told.why) == ("film", "off", "stopped")
        player.plays(0.3)
        assert course.course.told().camera == "closed"
    with Outbox(parts.path) as outbox:
        assert outbox.left() >= 1


@pytest.mark.parametrize("when", ["during the film", "after its end"])
def test_who_takes_it_back_leaves_nothing(parts: Parts, when: str) -> None:
    with running(parts, SETTINGS) as course:
        course.agree()
        Player(course).plays(2.2)
        course.wait_for(lambda told: told.sent.samples > 0)
        if when == "after its end":
            course.course.say(Finish())
            course.wait_for(lambda told: told.last is not None and '"end"' in told.last.body)
        course.course.say(TakeBack())
        told = course.wait_for(lambda told: told.withdrawn)
        assert (told.measuring, told.why) == ("off", "withdrawn")
    assert course.report is not None
    assert (course.report.withdrawn, course.report.generated) == (True, 0)
    with Outbox(parts.path) as outbox:
        (message,) = outbox.pending()
        assert isinstance(decode(message.body), Withdraw)
    assert course.course.lines(sent=False) == message.body + b"\n"


def test_the_quiet_seconds_may_be_skipped_and_left(parts: Parts) -> None:
    with running(parts, SETTINGS, baseline_s=60) as course:
        course.course.attend(True)
        course.course.say(Agree(version=1, language="en"))
        course.wait_for(lambda told: told.readable)
        course.course.say(Begin())
        course.wait_for(lambda told: told.stage == "baseline")
        course.course.say(Skip())
        assert course.wait_for(lambda told: told.stage == "film").why == "film_paused"
    with running(parts, SETTINGS, baseline_s=60) as course:
        course.course.attend(True)
        course.course.say(Agree(version=1, language="en"))
        course.wait_for(lambda told: told.stage == "check")
        course.course.say(Decline())
        assert course.wait_for(lambda told: told.stage == "film").why == "declined"


def test_a_model_that_cannot_be_loaded_leaves_the_film(parts: Parts) -> None:
    parts.fails = ModelError("the bundled model lacks config.json")
    with running(parts, SETTINGS) as course:
        told = course.wait_for(lambda told: told.stage == "film")
        assert (told.measuring, told.why, told.trouble) == ("off", "model", str(parts.fails))
    assert parts.asked == ["eyes"]


def test_an_outbox_that_cannot_be_opened_leaves_the_film(parts: Parts) -> None:
    parts.fails = OutboxError("the outbox cannot be opened")
    with running(parts, SETTINGS) as course:
        course.course.attend(True)
        course.course.say(Agree(version=1, language="en"))
        course.wait_for(lambda told: told.readable)
        course.course.say(Begin())
        told = course.wait_for(lambda told: told.stage == "film" and told.measuring == "off")
        assert (told.why, told.trouble) == ("session", str(parts.fails))
        course.wait_for(lambda told: told.camera == "closed")


def test_closing_ends_a_session_properly(parts: Parts) -> None:
    with running(parts, SETTINGS) as course:
        course.agree()
        Player(course).plays(1.2)
    assert course.report is not None
    with Outbox(parts.path) as outbox:
        assert isinstance(decode(outbox.pending()[-1].body), End)
