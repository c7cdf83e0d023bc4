"""How often the agent looks on a machine that has a film to play."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest

from edge_agent.burden import BurdenMeter
from edge_agent.guest import (
    CALM_S,
    EMPTY_BATTERY,
    JUDGE_S,
    MOST_CPU,
    MOST_DROPPED,
    MOST_MEMORY_MB,
    STAYS_BUSY_S,
    STILL_S,
    Burden,
    Guest,
)

S = 1_000_000_000
LIGHT = Burden(0.05, 400)
BUSY = replace(LIGHT, cpu=MOST_CPU + 0.01)


class Machine:
    """What it is burdened with, and a player on it."""

    def __init__(self) -> None:
        self.burden = LIGHT
        self.dropped: int | None = 0
        self.asked: list[int] = []

    def measure(self, now_ns: int) -> Burden:
        self.asked.append(now_ns)
        return self.burden


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def guest(machine: Machine) -> Guest:
    guest = Guest(4.0, machine.measure, lambda: machine.dropped)
    guest.look(0)
    return guest


@pytest.fixture
def later() -> Iterator[int]:
    """Instants at which it is judged, one after the other."""
    return (round(number * JUDGE_S * S) for number in count(1))


def judge(guest: Guest, later: Iterator[int], seconds: float = JUDGE_S) -> None:
    for _ in range(round(seconds / JUDGE_S)):
        guest.look(next(later))


def test_it_is_measured_now_and_then_and_the_most_is_kept(machine: Machine, guest: Guest) -> None:
    for ms in range(0, 10_001, 40):
        machine.burden = Burden(0.2 if ms == 5000 else 0.05, 400 + ms // 1000)
        guest.look(ms * 1_000_000)
    assert machine.asked == [0, 5 * S, 10 * S]
    assert guest.burden == Burden(0.05, 410)
    assert (guest.most.cpu, guest.most.memory_mb) == (0.2, 410)
    assert (guest.rate_hz, guest.why, guest.slowed_s) == (4.0, "", {})


def test_who_takes_too_much_looks_half_then_a_quarter_as_often_and_no_less(
    machine: Machine, guest: Guest, later: Iterator[int]
) -> None:
    machine.burden = BUSY
    rates = []
    for _ in range(4):
        judge(guest, later)
        rates.append(guest.rate_hz)
    assert rates == [2.0, 1.0, 1.0, 1.0]
    assert guest.why == "busy"
    machine.burden = LIGHT
    judge(guest, later, CALM_S)
    assert guest.rate_hz == 2.0
    judge(guest, later, CALM_S)
    assert (guest.rate_hz, guest.why) == (4.0, "")
    assert guest.slowed_s == {"busy": pytest.approx(3 * JUDGE_S + 2 * CALM_S)}


def test_frames_that_the_player_drops_count_and_another_players_count_does_not(
    machine: Machine, guest: Guest, later: Iterator[int]
) -> None:
    machine.dropped = MOST_DROPPED - 1
    judge(guest, later)
    assert guest.rate_hz == 4.0
    machine.dropped += MOST_DROPPED
    judge(guest, later)
    assert (guest.rate_hz, guest.why) == (2.0, "dropped")
    for told in (None, 900, 0, 3):  # silent, then started again
        machine.dropped = told
        judge(guest, later)
        assert guest.rate_hz == 2.0


def test_what_happens_while_nothing_is_looked_at_counts_for_nothing(machine: Machine, guest: Guest) -> None:
    machine.burden = BUSY
    guest.look(5 * S)
    machine.burden = LIGHT
    now_ns = 3605 * S  # the film stood still for an hour, and its tab was behind another
    machine.dropped = 1000
    guest.look(now_ns)
    assert (guest.rate_hz, guest.slowed_s) == (2.0, {})
    assert machine.asked[-1] == now_ns, "what it takes is measured from here on"
    guest.look(now_ns + 5 * S)
    assert (guest.rate_hz, guest.why, guest.slowed_s) == (2.0, "busy", {"busy": JUDGE_S})
    machine.dropped += MOST_DROPPED
    guest.look(now_ns + round((5 + STILL_S) * S) - 1)
    assert guest.why == "dropped"


def test_trouble_that_comes_back_soon_is_waited_for_longer(
    machine: Machine, guest: Guest, later: Iterator[int]
) -> None:
    def calm_s() -> float:
        """Until it looks as often as before."""
        machine.burden = BUSY
        judge(guest, later)
        machine.burden = LIGHT
        passed_s = 0.0
        while guest.rate_hz < 4.0:
            judge(guest, later)
            passed_s += JUDGE_S
        return passed_s

    assert [calm_s() for _ in range(6)] == [30, 60, 120, 240, 480, 480]
    judge(guest, later, 3600)
    assert calm_s() == 30


def test_a_low_battery_costs_looks_until_it_is_charged(
    machine: Machine, guest: Guest, later: Iterator[int]
) -> None:
    for battery, rate in ((21, 4.0), (20, 2.0), (11, 2.0), (10, 1.0), (3, 1.0)):
        machine.burden = replace(LIGHT, battery=battery)
        judge(guest, later, 3 * CALM_S)
        assert (guest.rate_hz, guest.why) == (rate, "battery" if rate < 4 else "")
    machine.burden = LIGHT
    judge(guest, later, 2 * CALM_S)
    assert (guest.rate_hz, guest.why) == (4.0, "")


@pytest.mark.parametrize(
    ("burden", "why"),
    [
        (replace(LIGHT, memory_mb=MOST_MEMORY_MB), ""),
        (replace(LIGHT, memory_mb=MOST_MEMORY_MB + 1), "memory"),
        (replace(LIGHT, battery=EMPTY_BATTERY + 1), ""),
        (replace(LIGHT, battery=EMPTY_BATTERY), "battery"),
    ],
)
def test_what_the_machine_cannot_bear_ends_it(
    machine: Machine, guest: Guest, later: Iterator[int], burden: Burden, why: str
) -> None:
    judge(guest, later, 60)
    assert guest.ends == ""
    machine.burden = burden
    judge(guest, later)
    assert guest.ends == why


def test_who_takes_too_much_for_a_minute_with_the_fewest_looks_ends_unless_the_machine_is_there_for_it(
    machine: Machine, guest: Guest, later: Iterator[int]
) -> None:
    machine.burden = BUSY
    judge(guest, later, 2 * JUDGE_S + STAYS_BUSY_S - JUDGE_S)
    machine.burden = LIGHT  # a moment's peace, and the minute begins again
    judge(guest, later)
    machine.burden = BUSY
    judge(guest, later, STAYS_BUSY_S - JUDGE_S)
    before = guest.ends
    judge(guest, later)
    assert (before, guest.ends) == ("", "busy")
    dedicated = Guest(4.0, machine.measure, stays_busy_s=math.inf)
    for now_s in range(0, 7200, 5):
        dedicated.look(now_s * S)
    assert (dedicated.ends, dedicated.why) == ("", "busy")


def test_this_process_is_measured() -> None:
    meter = BurdenMeter()
    first = meter(0)
    assert first.cpu == 0
    sum(range(3_000_000))
    burden = meter(S)
    assert burden.cpu > 0
    assert 10 < burden.memory_mb < 100_000
