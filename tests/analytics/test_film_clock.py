"""The rate and the first timecode of a cut: asked for, known, or from the film's file."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pytest

from analytics.catalogue import Cut
from analytics.errors import CatalogueError
from analytics.film_clock import settle_clock
from contract.errors import TimecodeError

NTSC = Fraction(30000, 1001)


@dataclass(frozen=True)
class Film:
    rate: Fraction = Fraction(25)
    start_timecode: str | None = None
    varies: bool = False


@pytest.mark.parametrize(
    ("known", "film", "asked", "expected"),
    [
        (None, Film(), {}, ("25", "00:00:00:00")),
        (None, Film(start_timecode="10:00:00:00"), {}, ("25", "10:00:00:00")),
        (None, Film(NTSC, "01:00:00;00"), {}, ("30000/1001df", "01:00:00;00")),
        (None, Film(NTSC), {"rate": "29.97df"}, ("30000/1001df", "00:00:00;00")),
        # what is known is kept; a start at zero is none
        (Cut("f", "c", "25", "01:00:00:00"), Film(start_timecode="10:00:00:00"), {}, ("25", "01:00:00:00")),
        (Cut("f", "c", "25", "00:00:00:00"), Film(start_timecode="10:00:00:00"), {}, ("25", "10:00:00:00")),
        (Cut("f", "c", "24", "01:00:00:00"), Film(), {"rate": "25"}, ("25", "01:00:00:00")),
        (Cut("f", "c", "30000/1001", "01:00:00:00"), Film(NTSC), {"rate": "29.97df"},
         ("30000/1001df", "01:00:00;00")),
        (None, Film(), {"start": "02:00:00:00"}, ("25", "02:00:00:00")),
    ],
)  # fmt: skip
def test_what_was_asked_wins_then_what_is_known_then_the_film(
    known: Cut | None, film: Film, asked: dict[str, str], expected: tuple[str, str]
) -> None:
    rate, start, notes = settle_clock(known, film, **asked)
    assert (str(rate), start) == expected
    assert notes == []


@pytest.mark.parametrize(
    ("average", "counted"), [("2399/100", "24"), ("2398/100", "24000/1001"), ("27", "27"), ("1/3", "1")]
)
def test_a_rate_that_varies_is_counted_at_the_nearest_and_told(average: str, counted: str) -> None:
    rate, _, notes = settle_clock(None, Film(Fraction(average), varies=True))
    assert str(rate) == counted
    assert len(notes) == 1
    assert "its frame rate varies" in notes[0]
    rate, _, _ = settle_clock(Cut("f", "c", "50"), Film(Fraction(average), varies=True))
    assert str(rate) == "50"


def test_what_contradicts_is_refused_and_a_start_that_cannot_be_is_told() -> None:
    with pytest.raises(
        CatalogueError, match=r"the film runs at 25 frames a second, the cut at 24: .* or --rate 25"
    ):
        settle_clock(Cut("f", "c"), Film())
    with pytest.raises(TimecodeError):
        settle_clock(None, Film(), start="01:00:00;00")
    rate, start, notes = settle_clock(None, Film(start_timecode="01:00:00:29"))
    assert (str(rate), start) == ("25", "00:00:00:00")
    assert "its start timecode '01:00:00:29' cannot be" in notes[0]
