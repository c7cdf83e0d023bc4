"""A player that looks at its own position now and then, and is asked for it more often."""

from __future__ import annotations

from edge_agent.clocks.polled import Answer, PolledFilm

MS = 1_000_000


class Asked:
    """Answers and what is made of them; units: ms."""

    def __init__(self) -> None:
        self.film = PolledFilm()

    def say(
        self, now_ms: int, film_ms: float, *, playing: bool = True, rate: float = 1.0
    ) -> tuple[int, float | None, str] | None:
        report = self.film.take(Answer(film_ms, film_ms, playing, rate), now_ms * MS)
        return None if report is None else (report.monotonic_ns // MS, report.film_ms, report.state)

    def play(self, begin_ms: int, end_ms: int, film_ms: float, rate: float = 1.0) -> list[str]:
        """A look each 250 ms and a question each 50; the states that were reported."""
        states = []
        for now_ms in range(begin_ms, end_ms, 50):
            looked_ms = now_ms - now_ms % 250
            said = self.say(now_ms, film_ms + (looked_ms - begin_ms) * rate, rate=rate)
            if said is not None:
                states.append(said[2])
        return states


def test_a_first_position_is_known_once_it_moves_on() -> None:
    asked = Asked()
    assert asked.say(1000, 5000) == (900, None, "seeking")
    assert asked.say(1050, 5000) == (1050, None, "seeking")
    assert asked.say(1100, 5100) == (1075, 5100, "playing")  # it came up between two questions
    assert asked.say(1150, 5100) is None
    assert asked.say(1200, 5200) == (1175, 5200, "playing")


def test_what_is_new_each_time_is_true_when_it_is_asked_for() -> None:
    asked = Asked()
    asked.say(1000, 5000)
    assert asked.say(1050, 5050) == (1050, 5050, "playing")


def test_after_a_jump_nothing_is_known_from_the_last_news_until_the_film_moves_on() -> None:
    asked = Asked()
    asked.play(0, 1020, 5000)
    assert asked.say(1100, 60_000) == (975, None, "seeking")
    assert asked.say(1150, 60_000) == (1150, None, "seeking")
    assert asked.say(1400, 60_200) == (1300, 60_200, "playing")


def test_a_jump_that_is_told_counts_however_short_it_is() -> None:
    asked = Asked()
    asked.play(0, 1020, 5000)
    assert asked.film.jump(1040 * MS).state == "seeking"
    assert asked.say(1050, 6040) == (1050, None, "seeking")
    assert asked.say(1100, 6040) == (1100, None, "seeking")
    assert asked.say(1150, 6115) == (1125, 6115, "playing")


def test_a_film_that_goes_on_after_a_pause_is_known_once_it_moves() -> None:
    asked = Asked()
    asked.play(0, 1020, 5000)
    assert asked.say(1050, 6000, playing=False) == (1050, None, "paused")
    assert asked.say(9000, 6000, playing=False) == (9000, None, "paused")
    assert asked.say(9050, 6000) == (9050, None, "buffering")  # it may have gone on a second ago
    assert asked.say(9100, 6100) == (9075, 6100, "playing")


def test_a_position_that_stands_for_long_waits_for_data() -> None:
    asked = Asked()
    asked.play(0, 1020, 5000)
    assert asked.say(1950, 6000) is None
    assert asked.say(2050, 6000) == (2050, None, "buffering")


def test_another_speed_takes_its_time_to_the_screen() -> None:
    for rate, new_rate, unknown_ms in ((1.0, 2.0, 1100), (2.0, 0.5, 2900), (0.5, 1.0, 1700)):
        asked = Asked()
        asked.play(0, 4000, 5000, rate)
        assert set(asked.play(4000, 4000 + unknown_ms, 5000 + 4000 * rate, new_rate)) == {"seeking"}
        later_ms = 4000 + unknown_ms
        assert (
            asked.play(later_ms, later_ms + 600, 5000 + 4000 * rate + unknown_ms * new_rate, new_rate)[-1]
            == "playing"
        )


def test_a_film_that_was_gone_has_to_show_where_it_is() -> None:
    asked = Asked()
    asked.play(0, 1020, 5000)
    asked.film.forget(2000 * MS)
    assert asked.say(3000, 6000) == (3000, None, "seeking")
    assert asked.say(3050, 6050) == (3050, 6050, "playing")
