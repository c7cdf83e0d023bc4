"""What a film's file says of its cut's frame rate and first timecode, beside what is known already. Pure."""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol

from analytics.catalogue import Cut
from analytics.errors import CatalogueError
from analytics.scene_files.rates import usual_rate
from contract.errors import TimecodeError
from contract.film_time import FASTEST, SLOWEST, FrameRate, format_timecode, parse_timecode

NO_START = ("00:00:00:00", "00:00:00;00")
"""A cut that begins there may as well be one of which nobody has said where it begins."""


class FilmClock(Protocol):
    """What a film's file says."""

    @property
    def rate(self) -> Fraction:
        """Frames a second, on average where it varies."""

    @property
    def varies(self) -> bool:
        """Whether frames last differently long."""

    @property
    def start_timecode(self) -> str | None:
        """The timecode of its first frame."""


def settle_clock(
    known: Cut | None,
    film: FilmClock,
    *,
    rate: str | None = None,
    start: str | None = None,
) -> tuple[FrameRate, str, list[str]]:
    """Frame rate and start timecode of a cut, and notes for a person.

    ``rate`` and ``start`` are what was asked for: they win, then what the catalogue knows, then the file. A file whose
    rate varies contradicts nothing. Raises CatalogueError where the file's steady rate is another one, TimecodeError
    for a rate or a start that does not exist.
    """
    notes = []
    stated = rate or (known.frame_rate if known else None)
    settled = FrameRate.parse(stated) if stated else _rate_of_film(film)
    if film.varies:
        notes.append(
            f"its frame rate varies, {float(film.rate):.2f} frames a second on average: times are right, timecodes "
            f"are counted at {settled}"
        )
    elif settled.fraction != film.rate:
        raise CatalogueError(
            f"the film runs at {film.rate} frames a second, the cut at {settled}: give the cut's own film, or "
            f"--rate {film.rate} if that is the cut's rate"
        )
    if start is not None:
        parse_timecode(start, settled)
        return settled, start, notes
    for candidate in (known.start_timecode if known else None, film.start_timecode):
        if candidate is None or candidate in NO_START:
            continue
        # The separator follows the rate, which may be a new one.
        text = f"{candidate[:8]}{';' if settled.drop_frame else ':'}{candidate[9:]}"
        try:
            parse_timecode(text, settled)
        except TimecodeError as error:
            notes.append(f"its start timecode {candidate!r} cannot be: {error}; give it with --start")
        else:
            return settled, text, notes
    return settled, format_timecode(0, settled), notes


def _rate_of_film(film: FilmClock) -> FrameRate:
    if film.varies:
        return usual_rate(film.rate) or FrameRate(min(max(Fraction(round(film.rate)), SLOWEST), FASTEST))
    drop = film.start_timecode is not None and ";" in film.start_timecode
    try:
        return FrameRate(film.rate, drop_frame=drop)
    except TimecodeError:
        return FrameRate(film.rate)
