"""The broker goes and comes back, and so does the network, while devices send and ingest reads."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.chaos.devices import Devices, Sent
from tests.chaos.outcome import Outcome, Tell
from tests.chaos.running import RunningIngest, counted_up, started_broker, until
from tests.chaos.world import Found, compare, screening, topics
from tests.support.command import houselights
from tests.support.proxy import BLACK_HOLE, CLEAR, Proxy, Weather

DEVICES = 4
EVERY_S = 0.1
"""Between two messages of a device: fifty times as fast as a film, so that something is always under way."""
ASKED = "0 lost, 0 doubled, lag back to 0"
_SEED = 5


def broker_restarts(folder: Path, *, short: bool, tell: Tell) -> list[Outcome]:
    """Stop the broker in order and kill it, in turn, while devices send and ingest reads."""
    restarts, chance = 2 if short else 10, random.Random(_SEED)
    went_on = 0
    with started_broker(folder / "broker") as broker:
        topics(broker.address)
        screening(folder / "store")
        with (
            RunningIngest(f"kafka:{broker.address}", folder / "store", folder / "ingest.log") as ingest,
            Devices(broker.address, folder / "outboxes", connections=DEVICES, every_s=EVERY_S) as devices,
        ):
            devices.wait_ready()
            devices.go()
            for number in range(restarts):
                went_on += _moves(ingest)
                time.sleep(chance.uniform(0.0, 2.0))
                tell(f"broker restarts: {number + 1} of {restarts}")
                (broker.stop, broker.kill)[number % 2]()
                time.sleep(chance.uniform(0.5, 2.0 if short else 8.0))
                broker.start()
            went_on += _moves(ingest)
            sent = devices.finish()
            end = _end(ingest, sent, folder / "store")
    return [
        Outcome(
            "broker stopped and started, in order and by kill, in turn",
            restarts,
            ASKED,
            f"{end}; ingest went on {went_on} times of {restarts + 1}",
            end.holds and went_on == restarts + 1,
        )
    ]


@dataclass(frozen=True)
class _Trouble:
    """What a network does for so many ``seconds``; then it heals."""

    name: str
    seconds: float
    weather: Weather = CLEAR
    cut: bool = False
    """Also reset all connections when it begins."""


def bad_network(folder: Path, *, short: bool, tell: Tell) -> list[Outcome]:
    """Trouble between the devices and the broker, then between it and ingest, then on both sides at once."""
    went_on, times = 0, 0
    with (
        Proxy() as outside,
        Proxy() as inside,
        started_broker(folder / "broker", advertised=[outside.address, inside.address]) as broker,
    ):
        outside.target, inside.target = broker.behind
        topics(broker.address)
        screening(folder / "store")
        with (
            RunningIngest(f"kafka:{inside.address}", folder / "store", folder / "ingest.log") as ingest,
            Devices(outside.address, folder / "outboxes", connections=DEVICES, every_s=EVERY_S) as devices,
        ):
            devices.wait_ready()
            devices.go()
            for trouble, proxies in _short(outside, inside) if short else _full(outside, inside):
                times += 1
                went_on += _moves(ingest)
                tell(f"bad network: {trouble.name} ({times})")
                for proxy in proxies:
                    proxy.weather(trouble.weather)
                    if trouble.cut:
                        proxy.cut()
                lost = _lost(proxies)
                time.sleep(trouble.seconds)
                if trouble.weather.answers_lost:  # and somebody must have been there to lose one
                    counted_up(partial(_lost, proxies), lost + 1)
                for proxy in proxies:
                    proxy.weather(CLEAR)
            went_on += _moves(ingest)
            sent = devices.finish()
            end = _end(ingest, sent, folder / "store")
        passed = f"{outside.connections + inside.connections} connections, "
        passed += f"{_lost([outside, inside]):,} bytes lost on the way"
    return [
        Outcome(
            "network cut, held up, slowed, delayed and lost, by a proxy on loopback",
            times,
            ASKED,
            f"{end}; ingest went on {went_on} times of {times + 1}; {passed}",
            end.holds and went_on == times + 1,
        )
    ]


def _lost(proxies: Sequence[Proxy]) -> int:
    """Bytes that vanished on the way."""
    return sum(proxy.lost_bytes for proxy in proxies)


def _full(outside: Proxy, inside: Proxy) -> Iterator[tuple[_Trouble, list[Proxy]]]:
    """Longer than the clients' time limits where those matter: a device's is 10 s, ingest's 30 s."""
    troubles = [
        _Trouble("cut", 1.0, cut=True),
        _Trouble("cut, and new connections refused", 15.0, Weather(refused=True), cut=True),
        _Trouble("delayed by 0.7 s", 15.0, Weather(delay_s=0.7)),
        _Trouble("slowed to 4 KB/s", 40.0, Weather(bytes_a_second=4_000)),
        _Trouble("held up", 40.0, Weather(held=True)),
        _Trouble("answers lost", 40.0, Weather(answers_lost=True)),
        _Trouble("black hole", 40.0, BLACK_HOLE),
    ]
    for proxies in ([outside], [inside], [outside, inside]):
        yield from ((trouble, proxies) for trouble in troubles)


def _short(outside: Proxy, inside: Proxy) -> Iterator[tuple[_Trouble, list[Proxy]]]:
    """What costs no waiting for a time limit, but for one that devices run into."""
    both = [outside, inside]
    yield _Trouble("cut", 0.5, cut=True), both
    yield _Trouble("cut, and new connections refused", 1.0, Weather(refused=True), cut=True), both
    yield _Trouble("slowed to 4 KB/s", 1.0, Weather(bytes_a_second=4_000, delay_s=0.1)), both
    yield _Trouble("held up", 1.0, Weather(held=True)), both
    yield _Trouble("answers lost", 1.0, Weather(answers_lost=True)), [outside]


@dataclass(frozen=True)
class _End:
    """How it stands once all is over."""

    found: Found
    left: int
    lag: float
    ledger: int
    exit_code: int | None
    resent: int
    stop_s: float
    tracebacks: int

    @property
    def holds(self) -> bool:
        return self.found.whole and (self.left, self.lag, self.ledger, self.exit_code, self.tracebacks) == (
            0,
            0,
            0,
            0,
            0,
        )

    def __str__(self) -> str:
        return (
            f"{self.found}, {self.left} left in outboxes, {self.resent} repeats dropped, lag {self.lag:g}, "
            f"ledger exit {self.ledger}, ingest stopped in {self.stop_s:.1f} s with {self.exit_code}"
            + (f", {self.tracebacks} tracebacks" if self.tracebacks else "")
        )


def _moves(ingest: RunningIngest) -> bool:
    """Whether ingest stores something new from here on, within a generous time."""
    return ingest.reaches("samples_stored_total", ingest.metrics().get("samples_stored_total", 0.0) + 1)


def _end(ingest: RunningIngest, sent: Sent, store: Path) -> _End:
    """Wait for all that was sent, stop ingest, and hold the store against it."""
    ingest.reaches("samples_stored_total", sent.samples - sent.left)
    until(lambda: not ingest.alive or ingest.metrics().get("lag_records") == 0)
    metrics = ingest.metrics()
    stop_s = ingest.stop()
    return _End(
        compare(store, sent.generated),
        sent.left,
        metrics.get("lag_records", -1.0),
        houselights("ledger", "--store", store).returncode,
        ingest.exit_code,
        int(metrics.get("resent_total", -1.0)),
        stop_s,
        ingest.said().count("Traceback"),
    )
