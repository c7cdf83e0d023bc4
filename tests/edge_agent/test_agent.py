from __future__ import annotations

import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from contract.emotions import EMOTIONS
from contract.messages import End, Message, Reactions, Sample, Start, Withdraw, decode
from contract.randomised import Randomised
from edge_agent.agent import MOST_HELD, NO_FACE, Progress, RunReport, _Session, run_agent
from edge_agent.clocks.cue import CueClock
from edge_agent.clocks.file import FileClock
from edge_agent.clocks.port import PlaybackClock, Position
from edge_agent.errors import OutboxError, OutboxStuckError, PublishError, SourceError
from edge_agent.faces import Face
from edge_agent.guest import Burden, Guest
from edge_agent.lent_camera import LentCamera
from edge_agent.outbox import Outbox
from edge_agent.settings import AgentSettings
from edge_agent.sources import Frame, FrameSource
from edge_agent.viewers import Viewers
from edge_agent.wiring import open_and_run, send_outbox

MS = 1_000_000
SETTINGS = AgentSettings(film="reel", cut="rough-2", screening="friday", source="scripted")


class ScriptedSource:
    """Pictures at 20 a second; picture i is grey level ``levels[i]``. Fails after them when told to."""

    def __init__(self, levels: list[int], fails: bool = False) -> None:
        self._levels = levels
        self._fails = fails
        self._at = 0
        self.skipped = 0
        self.before_grab: Callable[[int], None] = lambda _: None

    def grab(self) -> Frame | None:
        self.before_grab(self._at)
        if self._at == len(self._levels):
            if self._fails:
                raise SourceError("the camera went away")
            return None
        level = self._levels[self._at]
        self._at += 1
        return Frame(np.full((60, 200, 3), level, np.uint8), (self._at - 1) * 50 * MS)

    def close(self) -> None: ...


class ScriptedFinder:
    """Finds as many faces as the picture's level says, side by side and turned to the screen."""

    def __init__(self) -> None:
        self.looks = 0

    def find(self, image: NDArray[np.uint8]) -> list[Face]:
        self.looks += 1
        landmarks = np.array([[0, 0], [10, 0], [5, 5], [0, 10], [10, 10]], np.float32)
        return [
            Face(np.array([50 * seat, 10, 50 * seat + 40, 50], np.float32), 1.0, landmarks + 50 * seat)
            for seat in range(int(image[0, 0, 0]))
        ]


class HappyClassifier:
    """Everyone is happy."""

    model_id = "scripted"

    def __init__(self) -> None:
        self.calls: list[int] = []

    def scores(self, crops: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
        self.calls.append(len(crops))
        scores = np.zeros((len(crops), 7), np.float32)
        scores[:, EMOTIONS.index("happy")] = 1
        return scores


class AlwaysPlaying:
    def media_at(self, monotonic_ns: int) -> Position | None:
        return Position(monotonic_ns // MS)


class DeafPublisher:
    """A broker that takes nothing."""

    def __init__(self) -> None:
        self.woken = 0

    def start(self) -> None: ...

    def wake(self) -> None:
        self.woken += 1

    def finish(self) -> PublishError | None:
        return PublishError("no broker answers at nowhere:9092")


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path / "o.outbox") as outbox:
        yield outbox


def run(
    outbox: Outbox, source: FrameSource, settings: AgentSettings = SETTINGS, **parts: Any
) -> tuple[RunReport, list[Message]]:
    ready: dict[str, Any] = {
        "clock": AlwaysPlaying(),
        "finder": ScriptedFinder(),
        "classifier": HappyClassifier(),
    }
    report = run_agent(settings, source=source, outbox=outbox, **(ready | parts))
    return report, [decode(message.body) for message in outbox.pending(10_000)]


def samples_of(messages: list[Message]) -> list[Sample]:
    return [sample for message in messages if isinstance(message, Reactions) for sample in message.samples]


def test_a_session_is_a_start_reactions_and_an_end(outbox: Outbox) -> None:
    report, messages = run(outbox, ScriptedSource([2] * 20 * 12))  # twelve seconds, two people
    start, *reactions, end = messages
    assert isinstance(start, Start)
    assert (start.film, start.cut, start.screening, start.model) == ("reel", "rough-2", "friday", "scripted")
    assert not start.simulated
    assert [message.seq for message in reactions if isinstance(message, Reactions)] == [1, 2, 3]
    assert end == End(session=report.session, seq=3, generated=24, dropped=0, left=24)
    assert {message.session for message in messages} == {report.session}
    assert [(sample.t, sample.viewer) for sample in samples_of(messages)] == [
        (second * 1000, viewer) for second in range(12) for viewer in range(2)
    ]
    assert all(
        (s.n, s.seen, s.front, s.p) == (4, 100, 100, (0, 0, 0, 100, 0, 0, 0)) for s in samples_of(messages)
    )
    assert replace(report, session="") == RunReport(
        session="", generated=24, published=0, dropped=0, left=24, frames_sampled=48, viewers=2, seconds=12
    )
    assert report.warning is None


def test_frames_are_sampled_at_the_rate_of_film_time_and_scored_in_one_call(outbox: Outbox) -> None:
    finder, classifier = ScriptedFinder(), HappyClassifier()
    settings = replace(SETTINGS, rate_hz=2.0)
    run(outbox, ScriptedSource([3] * 20 * 5), settings, finder=finder, classifier=classifier)
    assert finder.looks == 10
    assert classifier.calls == [3] * 10


@pytest.mark.parametrize("faces", [0, 2])
def test_of_randomised_answers_nothing_else_leaves(outbox: Outbox, faces: int) -> None:
    """Two of three minutes of film; two of three blocks are answered for, whoever was there."""
    settings = replace(SETTINGS, randomised="8:1:3", calibration=80)
    report, messages = run(outbox, ScriptedSource([faces] * 20 * 120), settings)
    start, *reactions, end = messages
    assert isinstance(start, Start)
    assert start.randomised == Randomised(800, 60_000, 3)
    assert start.calibration == 0
    answers = samples_of(messages)
    assert len({one.t for one in answers}) == len(answers) == 2
    assert all(one.t in {0, 60_000, 120_000} and one.d == 60_000 for one in answers)
    said = {(one.pass_, one.viewer, one.n, one.seen, one.front, max(one.p or [0])) for one in answers}
    assert said <= {(0, 0, 1, 100, 100, 100), (0, 0, 0, 0, 0, 0)}
    assert end == End(report.session, len(reactions), 2, 0, 2)


def test_a_randomised_answer_is_kept_as_soon_as_its_block_is_over(outbox: Outbox) -> None:
    """It does not wait in memory for the next one, minutes later."""
    settings = replace(SETTINGS, randomised="12:1:3", film_seconds=62)
    _, messages = run(outbox, ScriptedSource([1] * 20 * 70), settings)
    assert [[one.t for one in samples_of([message])] for message in messages[1:-1]] == [
        [0],
        [60_000, 120_000],
    ]


def test_a_black_picture_is_told(outbox: Outbox) -> None:
    report, _ = run(outbox, ScriptedSource([0] * 20 * 4))
    assert report.warnings == (NO_FACE.format(frames=16),)
    report, _ = run(outbox, ScriptedSource([0] * 20 * 100 + [1]))
    assert report.warnings[0] == "for 2 min the picture was black or of one colour; is the camera's lid open?"


def test_a_guest_looks_less_often_and_says_so(outbox: Outbox) -> None:
    burden = Burden(0.9, 512)
    guest, told = Guest(4.0, lambda _: burden), list[Progress]()
    report, messages = run(outbox, ScriptedSource([1] * 20 * 20), guest=guest, progress=told.append)
    assert [sample.n for sample in samples_of(messages)] == [4] * 5 + [2] * 5 + [1] * 10
    assert [one.burden for one in told].count(None) == 20
    assert (told[0].slowed, told[-1].slowed, told[-1].burden) == ("", "busy", burden)
    assert (report.most_cpu, report.most_memory_mb) == (0.9, 512)
    assert report.warning is not None
    assert report.warning.startswith(
        "for 10 s the viewers were looked at less often, because that took too much"
    )


def test_a_machine_that_cannot_bear_it_ends_the_session_properly(outbox: Outbox) -> None:
    guest = Guest(4.0, lambda now_ns: Burden(0.05, 900 if now_ns < 12_000_000_000 else 2500))
    report, messages = run(outbox, ScriptedSource([1] * 20 * 40), guest=guest)
    assert [sample.t for sample in samples_of(messages)] == [1000 * at for at in range(16)]
    assert isinstance(messages[-1], End)
    assert report.ended_by == "memory"
    assert report.warning == (
        "the viewers were looked at no more after 16 s, because the agent took more than 2048 MB of memory; "
        "give a smaller --model"
    )


def test_a_session_goes_on_with_a_camera_that_was_taken_away(outbox: Outbox) -> None:
    stop = threading.Event()
    taken, back = ScriptedSource([1] * 50, fails=True), ScriptedSource([1] * 160)
    back._at = 100  # plugged in again five seconds into the film

    def ends(frame: int) -> None:
        if frame == 140:
            stop.set()

    back.before_grab = ends
    cameras: list[ScriptedSource | None] = [taken, None, back]

    def open_camera() -> ScriptedSource:
        camera = cameras.pop(0)
        if camera is None:
            raise SourceError("camera 0 cannot be opened")
        return camera

    camera = LentCamera(open_camera, stop=stop, retry_s=0)
    camera.lend(True)
    report, messages = run(outbox, camera, stop=stop)
    assert [(sample.t, sample.n) for sample in samples_of(messages)] == [
        (0, 4), (1000, 4), (2000, 2), (5000, 4), (6000, 4), (7000, 1),
    ]  # fmt: skip
    assert isinstance(messages[-1], End)
    assert report.warnings == ()


def test_no_window_is_made_of_the_time_that_the_machine_slept(outbox: Outbox) -> None:
    slept_ns = 0

    def closes_the_lid(frame: int) -> None:
        nonlocal slept_ns
        if frame == 4 * 20 + 10:  # four and a half seconds into the film
            slept_ns += 60_250 * MS

    source, clock = ScriptedSource([1] * 20 * 8), CueClock(slept_ns=lambda: slept_ns)
    source.before_grab = closes_the_lid
    clock.cue(0)
    report, messages = run(outbox, source, clock=clock)
    before, behind = [0, 1000, 2000, 3000, 4000], [64_000, 65_000, 66_000, 67_000, 68_000]
    assert [(sample.t, sample.n) for sample in samples_of(messages)] == list(
        zip(before + behind, [4, 4, 4, 4, 2, 1, 4, 4, 4, 1], strict=True)
    )
    assert report.seconds == 10


def test_nothing_is_looked_at_unless_the_film_plays(outbox: Outbox) -> None:
    class PausedInBetween:
        def media_at(self, monotonic_ns: int) -> Position | None:
            at_ms = monotonic_ns // MS
            if at_ms < 1000:
                return None
            return None if 3000 <= at_ms < 6000 else Position(at_ms - 1000 - (3000 if at_ms >= 6000 else 0))

    finder = ScriptedFinder()
    report, messages = run(outbox, ScriptedSource([1] * 20 * 8), clock=PausedInBetween(), finder=finder)
    assert finder.looks == report.frames_sampled == 16
    assert [sample.t for sample in samples_of(messages)] == [0, 1000, 2000, 3000]


def test_a_film_that_never_plays_says_so(outbox: Outbox) -> None:
    class NeverPlaying:
        def media_at(self, _monotonic_ns: int) -> Position | None:
            return None

    report, messages = run(outbox, ScriptedSource([1] * 40), clock=NeverPlaying())
    assert report.frames_sampled == 0
    assert "the film never played" in str(report.warning)
    assert isinstance(messages[-1], End)


def test_no_face_in_a_whole_run_says_what_to_try_and_is_a_session_all_the_same(outbox: Outbox) -> None:
    report, messages = run(outbox, ScriptedSource([0] * 40))
    assert report.no_face
    assert re_contains(report.warning, "no face was found in 8 looks", "light", "nearer", "--source")
    assert [type(message) for message in messages] == [Start, End]


def re_contains(text: str | None, *parts: str) -> bool:
    return text is not None and all(part in text for part in parts)


def test_a_run_ends_where_the_film_does(outbox: Outbox) -> None:
    report, messages = run(outbox, ScriptedSource([1] * 20 * 60), replace(SETTINGS, film_seconds=4))
    assert report.seconds == 4
    assert samples_of(messages)[-1].t == 3000


def test_a_camera_that_goes_away_ends_the_session_properly(outbox: Outbox) -> None:
    report, messages = run(outbox, ScriptedSource([1] * 50, fails=True))
    assert report.warnings == ("the camera went away",)
    assert report.generated == 3
    assert isinstance(messages[-1], End)


def test_ctrl_c_ends_the_session_properly(outbox: Outbox) -> None:
    def interrupt(at: int) -> None:
        if at == 30:
            raise KeyboardInterrupt

    source = ScriptedSource([1] * 100)
    source.before_grab = interrupt
    report, messages = run(outbox, source)
    assert report.generated == 2
    assert report.warnings == ()
    assert messages[-1] == End(session=report.session, seq=1, generated=2, dropped=0, left=2)


def test_a_stop_that_is_asked_for_is_an_end(outbox: Outbox) -> None:
    stop = threading.Event()
    source = ScriptedSource([1] * 100)
    source.before_grab = lambda at: stop.set() if at == 10 else None
    report, _ = run(outbox, source, stop=stop)
    assert report.seconds == 1


def test_who_takes_the_session_back_leaves_a_withdrawal_and_nothing_else(outbox: Outbox) -> None:
    stop, withdraw = threading.Event(), threading.Event()

    def delete(at: int) -> None:
        if at == 20 * 12:
            withdraw.set()
            stop.set()

    source, kept, publisher = ScriptedSource([1] * 20 * 20), list[Message](), DeafPublisher()
    source.before_grab = delete
    report, messages = run(
        outbox,
        source,
        stop=stop,
        withdraw=withdraw,
        kept=kept.append,
        session_id="ab" * 16,
        publisher=publisher,
    )
    assert messages == [Withdraw(session="ab" * 16)]
    assert [type(message) for message in kept] == [Start, Reactions, Reactions, Withdraw]
    assert (report.withdrawn, report.session) == (True, "ab" * 16)
    assert (report.generated, report.left, report.dropped) == (0, 0, 0)


def test_a_withdrawal_that_cannot_be_kept_is_told(outbox: Outbox) -> None:
    withdraw = threading.Event()
    withdraw.set()
    source = ScriptedSource([1] * 20 * 10)
    disk = FullDisk(outbox, 190)
    source.before_grab = disk
    try:
        report, messages = run(outbox, source, withdraw=withdraw)
    finally:
        disk.free()
    assert not report.withdrawn
    assert re_contains(report.warning, "the session is not taken back yet", "another disk")
    assert isinstance(messages[0], Start)


def test_each_message_is_told_once_it_is_kept(outbox: Outbox) -> None:
    kept: list[Message] = []
    _, messages = run(outbox, ScriptedSource([1] * 20 * 12), kept=kept.append)
    assert kept == messages


def test_damaged_frames_are_told(outbox: Outbox) -> None:
    source = ScriptedSource([1] * 20)
    source.skipped = 3
    report, _ = run(outbox, source)
    assert report.warning == "3 damaged frames of the source were left out"


def test_a_broker_that_is_away_costs_nothing(outbox: Outbox) -> None:
    publisher = DeafPublisher()
    report, messages = run(outbox, ScriptedSource([1] * 20 * 6), publisher=publisher)
    assert publisher.woken > 0
    assert (report.generated, report.left, report.published) == (6, 6, 0)
    assert re_contains(report.warning, "6 samples stay in the outbox", "no broker answers", "Nothing is lost")
    assert len(samples_of(messages)) == 6


def test_a_full_outbox_says_what_it_dropped(tmp_path: Path) -> None:
    with Outbox(tmp_path / "o", cap_bytes=1500) as outbox:
        report, messages = run(outbox, ScriptedSource([1] * 20 * 60))
    assert report.dropped > 0
    assert report.generated == report.published + report.dropped + report.left == 60
    assert re_contains(report.warning, f"{report.dropped} samples were dropped")
    end = messages[-1]
    assert isinstance(end, End)
    assert end.dropped == report.dropped


def test_an_outbox_that_can_keep_nothing_ends_the_run(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "o")
    source = ScriptedSource([1] * 400)
    source.before_grab = lambda at: outbox.close() if at == 200 else None
    with pytest.raises(OutboxError):
        run(outbox, source)


class FullDisk:
    """No file of this process may grow from one frame on, up to another: a write then fails as on a full disk."""

    def __init__(self, outbox: Outbox, full_from: int, full_until: int | None = None) -> None:
        self._log = outbox.path.with_name(f"{outbox.path.name}-wal")
        self._full_from, self._full_until = full_from, full_until

    def __call__(self, frame: int) -> None:
        if frame == self._full_from:
            self._limit(self._log.stat().st_size)
        if frame == self._full_until:
            self.free()

    def free(self) -> None:
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_disk_that_is_full_for_a_while_costs_nothing(
    outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    source = ScriptedSource([1] * 20 * 60)
    disk = FullDisk(outbox, 200, 900)
    source.before_grab = disk
    try:
        report, messages = run(outbox, source)
    finally:
        disk.free()
    assert (report.generated, report.left, report.dropped, report.warning) == (60, 60, 0, None)
    assert [sample.t for sample in samples_of(messages)] == [second * 1000 for second in range(60)]
    assert [one.seq for one in messages if isinstance(one, Reactions)] == list(range(1, len(messages) - 1))
    assert messages[-1] == End(report.session, len(messages) - 2, 60, 0, 60)
    assert "the film goes on, and what is seen waits in memory" in caplog.text
    assert "can be written again" in caplog.text
    assert len(caplog.records) == 2


def test_a_disk_that_stays_full_is_told_and_the_films_end_is_reached(outbox: Outbox) -> None:
    source = ScriptedSource([1] * 20 * 60)
    disk = FullDisk(outbox, 600)
    source.before_grab = disk
    try:
        report, messages = run(outbox, source)
    finally:
        disk.free()
    assert report.seconds == report.generated == 60
    assert report.generated == report.left + report.dropped
    assert report.left == len(samples_of(messages)) > 0
    assert report.dropped > 0
    assert re_contains(
        report.warning, f"{report.dropped} samples are lost", "houselights ledger will name it"
    )
    assert not any(isinstance(message, End) for message in messages)


def test_memory_holds_so_much_and_drops_the_oldest(outbox: Outbox) -> None:
    class Full(Outbox):
        """Cannot keep reactions while ``full``."""

        full = True

        def append(self, message: Message) -> None:
            if self.full and isinstance(message, Reactions):
                raise OutboxStuckError("full")
            super().append(message)

    with Full(outbox.path) as full:
        session = _Session(SETTINGS, Viewers(ScriptedFinder(), HappyClassifier(), None), "m", full, None)
        session.begin()
        session._keep([Sample(t * 1000, 1000, 0, 0, 0, 0, 0) for t in range(MOST_HELD + 10)], 0)
        full.full = False
        session.end()
        report = session.report([])
    assert (report.generated, report.dropped, report.left) == (MOST_HELD + 10, 10, MOST_HELD)
    assert re_contains(report.warning, "10 samples were dropped", "free some space on its disk")


def test_progress_is_told_after_each_look(outbox: Outbox) -> None:
    told: list[Progress] = []
    run(outbox, ScriptedSource([2] * 20 * 2), progress=told.append)
    assert [one.frames_sampled for one in told] == list(range(1, 9))
    assert told[-1] == Progress(film_ms=1750, pass_=0, frames_sampled=8, viewers=2, generated=0)


def test_a_simulated_audience_is_marked(outbox: Outbox) -> None:
    _, messages = run(outbox, ScriptedSource([1] * 20), replace(SETTINGS, simulated=True))
    assert isinstance(messages[0], Start)
    assert messages[0].simulated


def test_rewatches_are_passes(outbox: Outbox) -> None:
    clock = FileClock()
    clock.begin_round(0)
    clock.begin_round(2000 * MS)
    _, messages = run(outbox, ScriptedSource([1] * 20 * 4), clock=clock)
    assert [(s.pass_, s.t) for s in samples_of(messages)] == [(0, 0), (0, 1000), (1, 0), (1, 1000)]


def test_clocks_and_parts_fit_their_protocols() -> None:
    clocks: list[PlaybackClock] = [FileClock(), AlwaysPlaying()]
    assert clocks


def test_a_real_room_twice_round_gives_four_viewers(shared: Path, tmp_path: Path, small_model: Path) -> None:
    path = tmp_path / "o.outbox"
    settings = replace(
        SETTINGS,
        source=str(shared / "media" / "classroom.gif"),
        rounds=2,
        outbox=path,
        model=str(small_model),
    )
    report = open_and_run(settings)
    assert (report.viewers, report.seconds, report.frames_sampled) == (4, 6, 24)
    assert report.generated == report.left == 24
    assert re_contains(report.warning, "faces were found but are only about", "come nearer or zoom")
    assert not report.no_face
    with Outbox(path) as outbox:
        messages = [decode(message.body) for message in outbox.pending(100)]
    samples = samples_of(messages)
    assert {(s.pass_, s.t) for s in samples} == {(p, t) for p in (0, 1) for t in (0, 1000, 2000)}
    assert {s.viewer for s in samples} == {0, 1, 2, 3}
    assert sum(s.seen for s in samples) / len(samples) > 95
    assert {(s.n, s.p) for s in samples} == {
        (0, None)
    }  # faces of 11 to 19 pixels are there, and cannot be read
    start = messages[0]
    assert isinstance(start, Start)
    assert start.model.startswith("local-")


def test_what_cannot_be_opened_leaves_no_session_behind(tmp_path: Path, small_model: Path) -> None:
    path = tmp_path / "o.outbox"
    with pytest.raises(SourceError):
        open_and_run(
            replace(SETTINGS, source=str(tmp_path / "none.mp4"), outbox=path, model=str(small_model))
        )
    assert not path.exists()


def test_footage_with_a_cue_starts_when_it_is_given(
    plain_video: Path, tmp_path: Path, small_model: Path
) -> None:
    cues: list[bool] = []
    settings = replace(
        SETTINGS,
        source=str(plain_video),
        clock="cue",
        film_seconds=1,
        outbox=tmp_path / "o",
        model=str(small_model),
    )
    report = open_and_run(settings, wait_for_cue=lambda: cues.append(True))
    assert cues == [True]
    assert report.no_face
    assert report.frames_sampled >= 1


def test_an_outbox_is_sent_later(tmp_path: Path) -> None:
    with Outbox(tmp_path / "o") as outbox:
        run(outbox, ScriptedSource([1] * 40))
    left, trouble = send_outbox(tmp_path / "o", "127.0.0.1:9", flush_seconds=1)
    assert left == 2
    assert "127.0.0.1:9" in str(trouble)


INTERRUPTED = """
import sys
from pathlib import Path
from edge_agent.settings import AgentSettings
from edge_agent.wiring import open_and_run
source, outbox, model = sys.argv[1:]
report = open_and_run(
    AgentSettings(
        film="f", cut="c", screening="s", source=source, rounds=1000, outbox=Path(outbox), model=model
    ),
    lambda progress: print(progress.frames_sampled, flush=True),
)
print("ended", report.generated, report.left)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_real_run_with_its_end_message(
    shared: Path, tmp_path: Path, small_model: Path, repository: Path, how: signal.Signals
) -> None:
    clip = shared / "media" / "head-pose-face-detection-male.gif"
    agent = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(clip), str(tmp_path / "o"), str(small_model)],
        cwd=repository,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert agent.stdout is not None
    for line in agent.stdout:
        if line.strip() == "5":
            agent.send_signal(how)
            break
    out = agent.stdout.read()
    agent.stdout.close()
    assert agent.wait(60) == 0
    assert out.splitlines()[-1].startswith("ended")
    with Outbox(tmp_path / "o") as outbox:
        messages = [decode(message.body) for message in outbox.pending(100)]
    end = messages[-1]
    assert isinstance(end, End)
    assert end.generated == len(samples_of(messages)) >= 1
