from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.messages import LAST_FILM_MS
from edge_agent.clocks.port import MOST_PASSES, Position
from edge_agent.clocks.report import PlayerState, Report
from edge_agent.clocks.reported import JUMP_MS, MOST_AGE_MS, REMEMBERED_MS, ReportedClock
from tests.edge_agent.clocks.scripted_player import MS, ScriptedPlayer

STATES: tuple[PlayerState, ...] = ("playing", "paused", "seeking", "buffering", "ended", "lost")
STOPS: tuple[PlayerState, ...] = ("paused", "buffering", "ended")


def awake() -> int:
    return 0


def clock_of(*reports: tuple[float, float | None, PlayerState] | Report) -> ReportedClock:
    """A clock that was told (ms, film ms, state) in this order."""
    clock = ReportedClock(slept_ns=awake)
    for report in reports:
        clock.report(
            report if isinstance(report, Report) else Report(round(report[0] * MS), report[1], report[2])
        )
    return clock


def film_at(clock: ReportedClock, ms: float) -> int | None:
    position = clock.media_at(round(ms * MS))
    return None if position is None else position.film_ms


def passes(clock: ReportedClock, *times_ms: float) -> list[int | None]:
    found = [clock.media_at(round(ms * MS)) for ms in times_ms]
    return [None if position is None else position.pass_ for position in found]


def test_without_a_report_nothing_is_known() -> None:
    clock = clock_of()
    assert clock.media_at(0) is None
    assert clock.state_at(0) == "lost"


def test_behind_a_report_the_film_goes_on_for_the_stated_age_and_no_longer() -> None:
    clock = clock_of((1000, 60_000, "playing"))
    assert film_at(clock, 999.9) is None
    assert film_at(clock, 1000) == 60_000
    assert film_at(clock, 1000 + MOST_AGE_MS - 1) == 60_999
    assert film_at(clock, 1000 + MOST_AGE_MS) is None
    assert clock.state_at(round((1000 + MOST_AGE_MS) * MS)) == "lost"


def test_between_two_reports_the_film_lies_on_the_line_through_both() -> None:
    clock = clock_of((0, 5000, "playing"), (500, 5450, "playing"))
    assert [film_at(clock, ms) for ms in (0, 250, 500, 600)] == [5000, 5225, 5450, 5550]


@pytest.mark.parametrize("stop", STOPS)
def test_a_film_that_stopped_between_two_reports_played_until_it_stood_where_it_stands(
    stop: PlayerState,
) -> None:
    clock = clock_of((0, 5000, "playing"), (500, 5300, stop))
    assert [film_at(clock, ms) for ms in (299, 300, 499, 500, 900)] == [5299, None, None, None, None]
    assert clock.state_at(10_000 * MS) == stop


def test_a_film_that_went_on_between_two_reports_did_so_when_it_had_to() -> None:
    clock = clock_of((0, 5000, "paused"), (20_000, 5300, "playing"))
    assert [film_at(clock, ms) for ms in (0, 19_699, 19_700, 20_000)] == [None, None, 5000, 5300]


def test_another_rate_counts_from_where_both_lines_meet() -> None:
    clock = clock_of(Report(0, 0, "playing", 1.0), Report(1000 * MS, 1600, "playing", 2.0))
    assert [film_at(clock, ms) for ms in (200, 400, 700, 1000, 1100)] == [200, 400, 1000, 1600, 1800]


def test_a_stop_without_a_position_is_where_the_film_was_just_then() -> None:
    clock = clock_of((0, 5000, "playing"), (400, None, "paused"), (9000, None, "playing"))
    assert [film_at(clock, ms) for ms in (399, 400, 8999, 9000, 9500)] == [5399, None, None, 5400, 5900]


def test_a_player_that_never_said_where_the_film_is_is_not_believed_that_it_plays() -> None:
    clock = clock_of((0, None, "playing"))
    assert film_at(clock, 10) is None
    assert clock.state_at(10 * MS) == "lost"


@pytest.mark.parametrize("away", ["seeking", "lost"])
def test_while_the_player_seeks_or_is_lost_nothing_is_known(away: PlayerState) -> None:
    clock = clock_of((0, 5000, "playing"), (400, 60_000, away))
    assert [film_at(clock, ms) for ms in (399, 400, 500)] == [5399, None, None]
    clock.report(Report(700 * MS, 60_000, "playing"))
    assert [film_at(clock, ms) for ms in (399, 600, 700, 800)] == [5399, None, 60_000, 60_100]


@pytest.mark.parametrize("landed_ms", [0, 4000, 5000 + 400 + JUMP_MS + 1, 60_000])
def test_between_reports_that_do_not_agree_there_was_a_jump_and_nothing_is_known(landed_ms: float) -> None:
    clock = clock_of((0, 5000, "playing"), (400, landed_ms, "playing"))
    assert [film_at(clock, ms) for ms in (0, 200, 399)] == [None, None, None]
    assert film_at(clock, 400) == int(landed_ms)


def test_between_a_long_silence_and_what_fits_it_only_the_stated_age_is_known() -> None:
    clock = clock_of((0, 5000, "playing"), (8000, 13_000, "playing"))
    assert [film_at(clock, ms) for ms in (999, 1000, 7999, 8000)] == [5999, None, None, 13_000]


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf"), 1e300])
def test_no_rate_that_a_film_can_have_is_no_position(rate: float) -> None:
    assert clock_of(Report(0, 5000, "playing", rate)).media_at(10 * MS) is None


@pytest.mark.parametrize("film_ms", [-5000.0, float("nan"), float("inf"), LAST_FILM_MS, 1e300])
def test_no_moment_that_a_film_can_have_is_no_position(film_ms: float) -> None:
    assert clock_of((0, film_ms, "playing")).media_at(0) is None


def test_a_report_that_comes_late_changes_nothing_but_a_stop_stops() -> None:
    clock = clock_of((0, 0, "playing"), (400, 400, "playing"), (390, 390, "playing"))
    assert film_at(clock, 500) == 500
    clock.report(Report(395 * MS, 395, "paused"))
    assert film_at(clock, 500) is None
    clock.report(Report(396 * MS, 396, "playing"))  # of a frame that was shown before the pause
    assert film_at(clock, 500) is None


def test_a_machine_that_slept_knows_nothing_until_the_player_speaks_again() -> None:
    slept = [7 * MS]
    clock = ReportedClock(slept_ns=lambda: slept[0])
    clock.report(Report(0, 5000, "playing"))
    clock.report(Report(100 * MS, 5100, "playing"))
    slept[0] += 3_600_000 * MS
    assert clock.media_at(50 * MS) == Position(5050)
    assert clock.media_at(200 * MS) is None
    assert clock.state_at(200 * MS) == "lost"
    clock.report(
        Report(300 * MS, 5300, "playing")
    )  # it fits, by chance or not: nobody knows what was in between
    assert clock.media_at(250 * MS) is None
    assert clock.media_at(300 * MS) == Position(5300)


def test_each_time_a_second_is_seen_again_counts() -> None:
    clock = clock_of()
    for time in range(4):
        clock.report(Report(time * 1000 * MS, 10_000, "playing"))
        assert passes(clock, time * 1000 + 500) == [time]
        clock.report(Report((time * 1000 + 900) * MS, None, "seeking"))
    clock.report(Report(4000 * MS, 10_900, "playing"))
    assert passes(clock, 4050, 4150, 500) == [
        3,
        0,
        0,
    ]  # it goes on where it stopped; what lies behind is new; the past stays as it was


def test_a_pause_a_stutter_and_a_step_back_of_a_frame_are_no_rewatch() -> None:
    clock = clock_of(
        (0, 10_000, "playing"),
        (1000, 11_000, "playing"),
        (1010, 10_970, "playing"),
        (1020, 11_020, "playing"),
        (1500, 11_500, "paused"),
        (9000, 11_460, "playing"),
        (9100, None, "buffering"),
        (9900, None, "playing"),
    )
    assert passes(clock, 500, 1005, 1015, 1400, 9050, 9950) == [0, 0, 0, 0, 0, 0]


def test_who_skips_ahead_within_a_second_sees_it_for_the_first_time_and_who_skips_back_does_not() -> None:
    clock = clock_of((0, 10_000, "playing"), (300, 10_300, "seeking"), (400, 10_700, "playing"))
    assert passes(clock, 450) == [0]
    clock.report(Report(600 * MS, None, "seeking"))
    clock.report(Report(700 * MS, 10_100, "playing"))
    assert passes(clock, 750) == [1]


def test_seeking_to_and_fro_in_a_pause_is_no_rewatch() -> None:
    clock = clock_of(
        (0, 10_000, "playing"),
        (500, 10_500, "paused"),
        (900, 2000, "paused"),
        (1500, 10_500, "paused"),
        (1600, 10_500, "playing"),
    )
    assert passes(clock, 100, 1700) == [0, 0]


def test_creeping_back_in_a_pause_is_a_rewatch() -> None:
    steps: list[tuple[float, float, PlayerState]] = [(1000 + i, 11_500 - 40 * i, "paused") for i in range(30)]
    clock = clock_of((0, 10_500, "playing"), *steps, (2000, 10_340, "playing"))
    assert passes(clock, 500, 2100) == [0, 1]


def test_what_was_played_unwatched_by_the_agent_counts_as_seen() -> None:
    clock = clock_of((0, 10_000, "playing"), (30_000, 40_000, "playing"), (31_000, 20_000, "playing"))
    assert passes(clock, 31_100) == [1]


def test_more_passes_than_the_contract_counts_are_unknown() -> None:
    clock = clock_of()
    for time in range(MOST_PASSES + 2):
        clock.report(Report(time * 1000 * MS, 10_000, "playing"))
        clock.report(Report((time * 1000 + 500) * MS, 10_500, "seeking"))
    assert passes(clock, MOST_PASSES * 1000 + 100, (MOST_PASSES + 1) * 1000 + 100) == [MOST_PASSES, None]


Step = tuple[str, int, PlayerState]
"""What happens (play, stop, seek, rate), for how long it then lasts in ms, and how a stop is called."""

STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(
        st.sampled_from(("play", "stop", "seek", "rate")), st.integers(1, 2500), st.sampled_from(STOPS)
    ),
    max_size=25,
)


def perform(steps: list[Step], seed: int, every_ms: int) -> tuple[ScriptedPlayer, ReportedClock]:
    """A player that tells all it does and where the film is every so often."""
    random = Random(seed)
    player, clock = ScriptedPlayer(), ReportedClock(slept_ns=awake)
    clock.report(player.says())
    for kind, lasts_ms, stop in steps:
        if kind == "play":
            player.state = "playing"
        elif kind == "stop":
            player.state = stop
        elif kind == "rate":
            player.rate = random.choice((0.5, 1.0, 1.5, 2.0))
        else:
            clock.report(Report(player.ns, None, "seeking"))
            player.film_ms = random.randrange(20_000)
        clock.report(player.says())
        for _ in range(lasts_ms // every_ms + 1):
            player.run(every_ms)
            clock.report(player.says())
    return player, clock


@given(STEPS, st.integers(0, 1000), st.sampled_from((40, 250, 900)))
def test_of_a_player_that_tells_all_every_moment_is_known_exactly(
    steps: list[Step], seed: int, every_ms: int
) -> None:
    player, clock = perform(steps, seed, every_ms)
    oldest_ms = player.now_ms - REMEMBERED_MS
    for from_ms, until_ms, film_ms, rate in player.course:
        middle_ms = (from_ms + until_ms) / 2
        if middle_ms > oldest_ms:
            expected = None if rate == 0 else int(film_ms + (middle_ms - from_ms) * rate)
            assert film_at(clock, middle_ms) in {expected, None if expected is None else expected - 1}


@given(STEPS, st.integers(0, 1000))
def test_a_pass_is_how_many_earlier_stretches_showed_that_second(steps: list[Step], seed: int) -> None:
    player, clock = perform(steps, seed, 50)
    shown: list[set[int]] = []  # the seconds of each stretch that was played in one piece
    carried, ended_ms = -1, -math.inf  # a second that was skipped ahead in: its visit goes on
    for from_ms, until_ms, film_ms, rate in player.course:
        if rate == 0:
            continue
        second = int(film_ms // 1000)
        if abs(film_ms - ended_ms) > JUMP_MS:
            goes_on = bool(shown) and second in shown[-1] | {carried} and second * 1000 < ended_ms <= film_ms
            carried = second if goes_on else -1
            shown.append(set())
        ended_ms = film_ms + (until_ms - from_ms) * rate
        shown[-1] |= set(range(second, -int(-ended_ms // 1000))) - {carried}
        found = clock.media_at(round((from_ms + until_ms) / 2 * MS))
        if found is not None:  # not longer ago than is remembered
            second = found.film_ms // 1000
            assert found.pass_ == sum(second in seconds for seconds in shown[:-1]) - (second == carried)


@given(
    st.lists(
        st.one_of(
            st.builds(
                Report,
                st.integers(0, 20_000 * MS),
                st.one_of(st.none(), st.floats(), st.floats(0, 20_000)),
                st.sampled_from(STATES),
                st.one_of(st.just(1.0), st.floats()),
            ),
            st.integers(0, 25_000 * MS),
        ),
        max_size=40,
    )
)
def test_whatever_is_reported_answers_lie_in_the_film_and_near_a_report(words: list[Report | int]) -> None:
    clock = ReportedClock(slept_ns=awake)
    told_ns: list[int] = []
    for word in words:
        if isinstance(word, Report):
            clock.report(word)
            told_ns.append(word.monotonic_ns)
        elif (position := clock.media_at(word)) is not None:
            assert 0 <= position.film_ms < LAST_FILM_MS
            assert 0 <= position.pass_ <= MOST_PASSES
            assert min(abs(word - ns) for ns in told_ns) <= MOST_AGE_MS * MS
            assert clock.media_at(word) == position


def test_what_the_player_dropped_is_kept_until_it_says_another_number() -> None:
    clock = ReportedClock(slept_ns=awake)
    assert clock.dropped is None
    for ms, dropped, known in ((0, None, None), (40, 0, 0), (80, 12, 12), (120, None, 12), (160, 1, 1)):
        clock.report(Report(ms * MS, float(ms), "playing", dropped=dropped))
        assert clock.dropped == known
