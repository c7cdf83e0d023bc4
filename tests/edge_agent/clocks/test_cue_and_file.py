from __future__ import annotations

import pytest

from contract.messages import LAST_FILM_MS
from edge_agent.clocks.cue import CueClock
from edge_agent.clocks.file import FileClock
from edge_agent.clocks.port import Position
from edge_agent.errors import PlayerError
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


MINUTE = 60_000
"""Of milliseconds."""


def test_a_second_point_sets_place_and_speed_right() -> None:
    clock = CueClock()
    clock.cue(1000 * MS)
    # Shown at 25 frames a second in place of 24.
    assert clock.calibrate((1000 + 20 * MINUTE) * MS, 20 * MINUTE * 25 / 24) == pytest.approx(-50_000)
    found = clock.media_at((1000 + 60 * MINUTE) * MS)
    assert found is not None
    assert found.film_ms == pytest.approx(60 * MINUTE * 25 / 24, abs=1)
    # A third says how far it went wrong since.
    assert clock.calibrate((1000 + 60 * MINUTE) * MS, 60 * MINUTE * 25 / 24 + 200) == pytest.approx(-200)


def test_soon_after_the_cue_a_second_point_moves_the_film_and_tells_no_speed() -> None:
    clock = CueClock()
    clock.cue(0)
    assert clock.calibrate(MINUTE * MS, MINUTE - 1500) == pytest.approx(1500)
    assert clock.media_at(2 * MINUTE * MS) == Position(2 * MINUTE - 1500)


@pytest.mark.parametrize("film_ms", [0, 10 * MINUTE, 40 * MINUTE])
def test_a_point_that_no_projector_reaches_is_refused_and_changes_nothing(film_ms: int) -> None:
    clock = CueClock()
    with pytest.raises(PlayerError, match="no cue yet"):
        clock.calibrate(0, 0)
    clock.cue(0)
    with pytest.raises(PlayerError, match=r"the cue was 20\.0 minutes ago, and the film cannot be at"):
        clock.calibrate(20 * MINUTE * MS, film_ms)
    assert clock.media_at(20 * MINUTE * MS) == Position(20 * MINUTE)


def test_the_film_in_the_room_goes_on_while_the_machine_sleeps() -> None:
    slept = [7 * MS]
    clock = CueClock(slept_ns=lambda: slept[0])
    clock.cue(0)
    assert clock.media_at(60_000 * MS) == Position(60_000)
    slept[0] += 5 * MINUTE * MS
    # Whether this picture was taken before the sleep or behind it nobody knows.
    assert clock.media_at(60_050 * MS) is None
    assert clock.media_at(60_100 * MS) == Position(60_100 + 5 * MINUTE)
    slept[0] += 10 * MINUTE * MS
    # A point that is given as it wakes is held against the room's time, too.
    assert clock.calibrate(2 * MINUTE * MS, 17 * MINUTE - 300) == pytest.approx(300)
    assert clock.media_at(2 * MINUTE * MS) is None
    assert clock.media_at(3 * MINUTE * MS) == Position(round(18 * MINUTE - 300 * 18 / 17), 0)


def test_clocks_that_are_read_one_after_the_other_are_no_sleep() -> None:
    slept = iter(range(0, 100 * MS, MS))
    clock = CueClock(slept_ns=lambda: next(slept))
    clock.cue(0)
    assert [clock.media_at(ms * MS) for ms in range(50)] == [Position(ms) for ms in range(50)]
