"""Reactions as subtitles (WebVTT): the film plays, and each stretch says how many showed what. Pure.

A cue is a stretch of consecutive published seconds in which the same emotion, not neutral, is shown by most viewers,
cut where it grows longer than LONGEST_MS; it gives the second of the stretch with the largest share. Where no emotion
reaches STANDS_OUT there is no cue. Times are the film's own, from the first frame of the cut.
"""

from __future__ import annotations

from collections.abc import Iterable

from analytics.exports import words
from analytics.exports.cleaning import one_line
from analytics.exports.figures import Figures, Reaction, Second

LONGEST_MS = 4_000
"""Long enough to read, short enough to follow the film."""


def webvtt(figures: Figures) -> bytes:
    """The file."""
    shown = figures.shown
    about = (
        f"{shown.title} ({shown.cut}), screening {shown.screening}: {words.viewers(shown.viewers)}. "
        "Each cue tells the second of its stretch with the largest share of viewers who showed an emotion. "
        "A face was read, not a feeling."
    )
    label = words.simulated(shown)
    if label:
        about += f" {label.capitalize()}."
    # A note must not hold the arrow of a time line.
    parts = ["WEBVTT", f"NOTE {one_line(about).replace('-->', '→')}"]
    for number, stretch in enumerate(_stretches(figures.seconds), start=1):
        start, end = stretch[0][0].t_ms, stretch[-1][0].t_ms + stretch[-1][0].d_ms
        height = max((reaction for _, reaction in stretch), key=lambda reaction: reaction.share)
        parts.append(f"{number}\n{_time(start)} --> {_time(end)}\n{_words(height, bool(label))}")
    return ("\n\n".join(parts) + "\n").encode()


def leading(second: Second) -> Reaction | None:
    """The emotion that most viewers show in a second, neutral aside; None where it is not worth a word."""
    felt = [one for one in second.reactions.values() if one.emotion != "neutral"]
    first = max(felt, key=lambda one: (one.share, one.emotion), default=None)
    return first if first is not None and first.share >= words.STANDS_OUT else None


def _stretches(seconds: Iterable[Second]) -> list[list[tuple[Second, Reaction]]]:
    stretches: list[list[tuple[Second, Reaction]]] = []
    for second in seconds:
        reaction = leading(second)
        if reaction is None:
            continue
        if stretches and _goes_on(stretches[-1], second, reaction):
            stretches[-1].append((second, reaction))
        else:
            stretches.append([(second, reaction)])
    return stretches


def _goes_on(stretch: list[tuple[Second, Reaction]], second: Second, reaction: Reaction) -> bool:
    first, (last, before) = stretch[0][0], stretch[-1]
    return (
        reaction.emotion == before.emotion
        and second.t_ms == last.t_ms + last.d_ms
        and second.t_ms + second.d_ms - first.t_ms <= LONGEST_MS
    )


def _words(height: Reaction, simulated: bool) -> str:
    counted = f"{height.showing} of {height.viewers}{', simulated' if simulated else ''}"
    few = " · few viewers" if height.viewers < words.FEW else ""
    return f"{words.percent(height.share)} {words.LOOKED[height.emotion]} ({counted}){few}"


def _time(film_ms: int) -> str:
    seconds, ms = divmod(film_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{ms:03}"
