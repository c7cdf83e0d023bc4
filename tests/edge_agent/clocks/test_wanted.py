from __future__ import annotations

from edge_agent.clocks.wanted import WantedFilm


def test_the_first_film_that_is_open_counts() -> None:
    film = WantedFilm()
    assert not film.is_open(None)
    assert film.is_open("film.mp4")
    assert film.warning() is None
    assert not film.is_open("trailer.mp4")
    assert film.is_open("film.mp4")
    assert film.warning() == "the player had trailer.mp4 open, too; only film.mp4 was measured"


def test_a_film_that_is_named_is_waited_for() -> None:
    film = WantedFilm("film.mp4")
    assert not film.is_open("trailer.mp4")
    assert film.warning() == (
        "the player had trailer.mp4 open, and never film.mp4, so nothing was measured; --plays names the film's file"
    )
    assert film.is_open("film.mp4")
