"""What the timelines of editing programs have in common: several of them in a file, several video tracks in each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TypeVar

from analytics.scene_files.model import Note, Span
from analytics.scene_files.source import Source

_Timeline = TypeVar("_Timeline")


def one_timeline(
    source: Source,
    timelines: Sequence[_Timeline],
    what: str,
    name_of: Callable[[_Timeline], str],
    filled: Callable[[_Timeline], bool],
) -> _Timeline:
    """The only timeline that holds anything. Raises SceneListError where there is none, or more than one."""
    found = [timeline for timeline in timelines if filled(timeline)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise source.error(f"no {what} with shots or markers in it: export the cut's own {what}")
    names = ", ".join(repr(name_of(timeline)) for timeline in found[:5])
    raise source.error(f"{len(found)} {what}s ({names}): export only the cut's own")


def give_way(clips: list[Span], start: int) -> None:
    """The last clip ends where the next one, under a transition, begins."""
    if clips and _end(clips[-1]) > start > clips[-1].start:
        clips[-1] = replace(clips[-1], end=start)


def lay_tracks(tracks: Sequence[Sequence[Span]], notes: list[Note]) -> list[Span]:
    """One row of shots of several video tracks, the lowest first.

    A clip of a higher track is a shot where nothing lies below it; over a picture it is a title or an overlay.
    """
    if len(tracks) == 1:
        return list(tracks[0])
    laid: list[Span] = []
    over = 0
    for number, track in enumerate(tracks):
        if not number:
            laid = sorted(track, key=lambda span: span.start)
            continue
        below = list(laid)
        starts = [span.start for span in below]
        furthest = list(accumulate((_end(span) for span in below), max))
        for span in track:
            before = bisect_left(starts, _end(span))  # of these, any may reach into the clip
            if before and furthest[before - 1] > span.start:
                over += 1
            else:
                laid.append(span)
        laid.sort(key=lambda span: span.start)
    if over:
        notes.append(
            Note(f"{over} clip{'s' if over > 1 else ''} over the picture of a lower track passed over")
        )
    return laid


def _end(span: Span) -> int:
    return span.start if span.end is None else span.end
