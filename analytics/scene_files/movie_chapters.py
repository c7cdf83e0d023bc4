"""The chapters of a film's own file: Matroska (.mkv), MP4 and QuickTime (.mov).

A chapter has a start, an end and a title, in a time base of its own: nanoseconds in Matroska, often milliseconds in
MP4. An MP4 whose chapters state no end gets it from FFmpeg, which takes the next chapter's start.

Source: FFmpeg's AVChapter, through PyAV.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from analytics.scene_files.libraries import library
from analytics.scene_files.model import Found, Note, Span, Unit, clean_name
from analytics.scene_files.rates import usual_rate
from analytics.scene_files.source import Asked, Source


def read_movie_chapters(source: Source, asked: Asked) -> Found:  # noqa: ARG001  # a reader's signature
    """The chapters, in milliseconds of the film. Raises SceneListError where it has none."""
    av = library("av", "reading the chapters of a film")
    try:
        # An opened file, not a name: FFmpeg would take some names for addresses.
        with source.file.open("rb") as opened, av.open(opened) as film:
            chapters = film.chapters()
            rate = _rate(film)
            length = None if film.duration is None else round(film.duration / 1000)
    except (av.error.FFmpegError, OSError) as error:
        why = getattr(error, "strerror", None) or error
        raise source.error(f"this is no film that can be opened: {why}") from error
    if not chapters:
        raise source.error(
            "the film has no chapters: export an EDL, XML or markers from the edit, or chapters with the film"
        )
    spans: list[Span] = []
    notes: list[Note] = []
    for number, chapter in enumerate(chapters, start=1):
        start, end = (round(chapter[edge] * chapter["time_base"] * 1000) for edge in ("start", "end"))
        name = clean_name(chapter["metadata"].get("title", "")) or f"Chapter {number}"
        if start < 0:
            notes.append(Note(f"chapter {number} {name!r} begins before the film: left out"))
        else:
            spans.append(Span(name, start, end if end > start else None))
    return Found(
        "film with chapters", Unit.MS, markers=tuple(spans), notes=tuple(notes), rate=rate, end=length
    )


def _rate(film: Any) -> Any:
    """The film's frame rate, where it is a usual one: a phone's varies."""
    if not film.streams.video:
        return None
    average = film.streams.video[0].average_rate
    return usual_rate(Fraction(average)) if average else None
