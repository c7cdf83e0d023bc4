from __future__ import annotations

from contract.messages import LAST_FILM_MS
from edge_agent.clocks.cue import CueClock
from edge_agent.clocks.file import FileClock
from edge_agent.clocks.port import Position
from edge_agent.pacing import AsFastAsItGoes, RealTime

MS = 1_000_000


def test_before_the_cue_there_is_no_film() -> None:
    clock = CueClock()
    assert clock.media_at(5 * MS) is None
    clock.cue(10 * MS)
    assert clock.media_at(10 * MS - 1) is None
    assert clock.media_at(10 * MS) == Position(0, 0)
    assert clock.media_at(1510 * MS + 999_999) == Position(1500, 0)


def test_a_later_cue_replaces_an_earlier_one() -> None:
    clock = CueClock()
    clock.cue(0)
    clock.cue(4000 * MS)
    assert clock.media_at(3999 * MS) is None
    assert clock.media_at(4250 * MS) == Position(250)


def test_a_film_does_not_last_longer_than_the_contract_allows() -> None:
    clock = CueClock()
    clock.cue(0)
    assert clock.media_at((LAST_FILM_MS - 1) * MS) == Position(LAST_FILM_MS - 1)
    assert clock.media_at(LAST_FILM_MS * MS) is None


def test_each_round_of_a_file_is_a_rewatch_from_its_start() -> None:
    clock = FileClock()
    assert clock.media_at(0) is None
    clock.begin_round(100 * MS)
    clock.begin_round(3100 * MS)
    assert clock.media_at(99 * MS) is None
    assert clock.media_at(100 * MS) == Position(0, 0)
    assert clock.media_at(3099 * MS) == Position(2999, 0)
    assert clock.media_at(3100 * MS) == Position(0, 1)
    assert clock.media_at(3350 * MS) == Position(250, 1)


def test_real_time_waits_until_the_instant() -> None:
    pacing = RealTime()
    instant_ns = pacing.now_ns() + 20 * MS
    pacing.wait_until(instant_ns)
    assert pacing.now_ns() >= instant_ns
    pacing.wait_until(instant_ns)  # past: returns at once


def test_the_fast_clock_jumps_and_never_goes_back() -> None:
    pacing = AsFastAsItGoes()
    pacing.wait_until(3600 * 1000 * MS)
    pacing.wait_until(5)
    assert pacing.now_ns() == 3600 * 1000 * MS
