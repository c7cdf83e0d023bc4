"""How far the film time that a clock gives is from what the screen shows.

A real player plays a film whose frames carry their number, on a virtual screen (Xvfb) whose memory is read. It is
paused, moved and made faster and slower at random; whenever the clock says that the film plays, what it says is held
against the frame that is seen.
"""

from __future__ import annotations

import mmap
import os
import random
import struct
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from edge_agent.clocks.mpv import MpvPlayer
from edge_agent.clocks.reported import ReportedClock
from edge_agent.clocks.vlc import VlcPlayer
from edge_agent.clocks.wanted import WantedFilm
from tests.bench.figures import Figure, at_most
from tests.bench.page_player import PagePlays
from tests.support.mpv import Mpv, until
from tests.support.vlc import PASSWORD, Vlc

RATE, SECONDS = 25, 240
BITS = 13
BLOCK = 40  # pixels; a row of BITS of them, and a second row of their opposites, so that half a picture tells itself
WIDTH, HEIGHT = BITS * BLOCK, 4 * BLOCK
COMMANDS = 100
_MEDIAN_MS = 50.0
_P99_MS = {"mpv": 150.0, "page": 150.0, "vlc": 250.0}
_SCREEN = ":87"


def clocks() -> list[Figure]:
    """Of each player."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        film = make_numbered_film(folder / "numbered.mp4")
        with _screen(folder) as screen:
            return [
                *_figures("mpv", *_errors_ms(_MpvPlays(folder, film, screen.name), screen)),
                *_figures("page", *_errors_ms(PagePlays(folder, film, screen.name, WIDTH, HEIGHT), screen)),
                *_figures("vlc", *_errors_ms(_VlcPlays(film, screen.name), screen)),
            ]


def _figures(player: str, errors_ms: NDArray[np.float64], known: float) -> list[Figure]:
    note = f"{len(errors_ms):,} looks through {COMMANDS} pauses, seeks and rates"
    return [
        at_most(
            f"{player}: film time's error, median", float(np.median(errors_ms)), _MEDIAN_MS, "{:.0f} ms", note
        ),
        at_most(
            f"{player}: 99th percentile",
            float(np.quantile(errors_ms, 0.99)),
            _P99_MS[player],
            "{:.0f} ms",
            note,
        ),
        Figure(
            f"{player}: known, of the time that the picture moved", f"{known:.0%}", value=known, note=note
        ),
    ]


def make_numbered_film(path: Path, seconds: int = SECONDS) -> Path:
    """Frames that say their number, as BITS white or black blocks, and below them its opposite."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(RATE))
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.options = {"preset": "ultrafast", "g": "25"}
        for number in range(RATE * seconds):
            bits = np.array([number >> bit & 1 for bit in range(BITS)], bool)
            row = np.repeat(bits, BLOCK)[None, :]
            picture = np.concatenate([np.repeat(row, 2 * BLOCK, 0), np.repeat(~row, 2 * BLOCK, 0)])
            frame = av.VideoFrame.from_ndarray(
                np.repeat(picture[:, :, None] * np.uint8(255), 3, 2), format="rgb24"
            )
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


class Screen:
    """The picture that a virtual screen shows now, read where its server keeps it (X window dump, version 7)."""

    def __init__(self, name: str, memory: mmap.mmap) -> None:
        self.name = name
        header, *_ = struct.unpack(">I", memory[:4])
        depth_line = struct.unpack(">25I", memory[:100])
        self._line, colours = depth_line[12], depth_line[19]
        self._begin = header + colours * 12
        self._memory = memory

    def number(self) -> int | None:
        """Of the frame that is seen; None while there is none, or half of one and half of another."""
        bits = [self._bright(0, bit) for bit in range(BITS)]
        opposite = [self._bright(1, bit) for bit in range(BITS)]
        if any(one == other for one, other in zip(bits, opposite, strict=True)):
            return None
        return sum(one << bit for bit, one in enumerate(bits))

    def _bright(self, row: int, bit: int) -> bool:
        at = self._begin + (BLOCK + row * 2 * BLOCK) * self._line + (bit * BLOCK + BLOCK // 2) * 4
        return int(self._memory[at + 1]) > 127


@contextmanager
def _screen(folder: Path) -> Iterator[Screen]:
    server = subprocess.Popen(
        ["Xvfb", _SCREEN, "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", str(folder), "-nolisten", "tcp"],
        stderr=subprocess.DEVNULL,
    )
    try:
        path = folder / "Xvfb_screen0"
        until(lambda: path.exists() and path.stat().st_size > WIDTH * HEIGHT * 4)
        time.sleep(0.5)
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as memory:
            yield Screen(_SCREEN, memory)
    finally:
        server.terminate()
        server.wait()


class _Plays(Protocol):
    """A player at work, the clock that it feeds, and what it can be told."""

    clock: ReportedClock
    hold_ms: int

    def pause(self, paused: bool) -> None: ...
    def seek(self, seconds: float) -> None: ...
    def rate(self, rate: float) -> None: ...
    def close(self) -> None: ...


class _MpvPlays:
    hold_ms = MpvPlayer.hold_ms

    def __init__(self, folder: Path, film: Path, screen: str) -> None:
        size = f"--geometry={WIDTH}x{HEIGHT}+0+0"
        options = ("--vo=x11", "--ao=null", "--no-border", "--osc=no", "--osd-level=0", size)
        self._mpv = Mpv(folder, film, options, os.environ | {"DISPLAY": screen})
        self.clock = ReportedClock()
        self._player = MpvPlayer(self._mpv.socket, self.clock, WantedFilm())

    def pause(self, paused: bool) -> None:
        self._mpv.ask("set_property", "pause", paused)

    def seek(self, seconds: float) -> None:
        self._mpv.ask("seek", seconds, "absolute+exact")

    def rate(self, rate: float) -> None:
        self._mpv.ask("set_property", "speed", rate)

    def close(self) -> None:
        self._player.close()
        self._mpv.kill()


class _VlcPlays:
    hold_ms = VlcPlayer.hold_ms

    def __init__(self, film: Path, screen: str) -> None:
        options = ("--vout=xcb_x11", "--aout=dummy", "--fullscreen", "--no-mouse-events")
        self._vlc = Vlc(film, options, os.environ | {"DISPLAY": screen})
        self.clock = ReportedClock()
        self._player = VlcPlayer("127.0.0.1", self._vlc.port, PASSWORD, self.clock, WantedFilm())

    def pause(self, paused: bool) -> None:
        self._vlc.ask("pl_forcepause" if paused else "pl_forceresume")

    def seek(self, seconds: float) -> None:
        self._vlc.ask("seek", round(seconds))

    def rate(self, rate: float) -> None:
        self._vlc.ask("rate", rate)

    def close(self) -> None:
        self._player.close()
        self._vlc.close()


def _errors_ms(plays: _Plays, screen: Screen, commands: int = COMMANDS) -> tuple[NDArray[np.float64], float]:
    """Errors in milliseconds, and the share of the time with a moving picture in which the clock said where it is."""
    chance = random.Random(7)
    watch = _Watch(screen, plays.clock, plays.hold_ms)
    try:
        until(lambda: screen.number() is not None)
        for _ in range(commands):
            watch.look(chance.uniform(0.3, 4.0))
            kind = chance.choice(("pause", "seek", "rate"))
            if kind == "pause":
                plays.pause(paused=True)
                watch.look(chance.uniform(0.2, 1.0))
                plays.pause(paused=False)
            elif kind == "seek":
                plays.seek(chance.uniform(0, SECONDS - 30))
            else:
                plays.rate(chance.choice((0.5, 0.8, 1.0, 1.0, 1.25, 2.0)))
        return watch.result()
    finally:
        plays.close()


class _Watch:
    """Looks at the screen and the clock hundreds of times a second."""

    _EVERY_S = 0.003
    _MOVES_S = 0.2  # a picture that stood longer is not taken to move

    def __init__(self, screen: Screen, clock: ReportedClock, hold_ms: int) -> None:
        self._screen, self._clock, self._hold_ns = screen, clock, hold_ms * 1_000_000
        self._shown: int | None = None
        self._since_ns = 0
        self._seen: deque[tuple[int, int, bool, bool]] = deque()
        """Instant, number, whether it has just come up, and whether the picture moves."""
        self._errors: list[float] = []
        self._moving = self._known = 0

    def look(self, seconds: float) -> None:
        until_ns = time.monotonic_ns() + round(seconds * 1e9)
        while (now_ns := time.monotonic_ns()) < until_ns:
            number = self._screen.number()
            if number is not None:
                changed = number != self._shown
                if changed:
                    self._shown, self._since_ns = number, now_ns
                moves = now_ns - self._since_ns < self._MOVES_S * 1e9
                self._seen.append((now_ns, number, changed, moves))
            # As late as the agent asks.
            while self._seen and now_ns - self._seen[0][0] >= self._hold_ns:
                self._compare(*self._seen.popleft())
            time.sleep(self._EVERY_S)

    def _compare(self, at_ns: int, number: int, changed: bool, moves: bool) -> None:
        said = self._clock.media_at(at_ns)
        self._moving += moves
        self._known += moves and said is not None
        # As a frame comes up its time is exact; one that stands tells that the film does not play.
        if said is not None and (changed or not moves):
            self._errors.append(abs(said.film_ms - number * 1000 / RATE))

    def result(self) -> tuple[NDArray[np.float64], float]:
        return np.asarray(self._errors), self._known / max(1, self._moving)
