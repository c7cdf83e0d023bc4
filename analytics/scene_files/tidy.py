"""Film order without overlaps: what lies outside the cut, twice, or across its neighbour is put right and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from analytics.scene_files.model import Note, Span
from analytics.scene_list import LAST_SECOND

_SHOWN = 8
"""Lines named in a note about many."""


def inside(spans: Sequence[Span], end_ms: int | None) -> tuple[list[Span], list[Note]]:
    """What lies in the cut, from its first frame to ``end_ms`` if that is given; a span across an edge is cut there."""
    last = LAST_SECOND * 1000 if end_ms is None else end_ms
    late = "more than a day into the film" if end_ms is None else "after the end that was given"
    kept: list[Span] = []
    notes: list[Note] = []
    for span in spans:
        if span.start >= last:
            notes.append(Note(f"{span.name!r} lies {late}: left out", span.line))
        elif span.end is None:
            if span.start < 0:
                notes.append(Note(f"{span.name!r} lies before the cut's first frame: left out", span.line))
            else:
                kept.append(span)
        elif span.end <= 0:
            notes.append(Note(f"{span.name!r} lies before the cut's first frame: left out", span.line))
        else:
            if span.start < 0:
                notes.append(
                    Note(f"{span.name!r} begins before the cut does: cut to its first frame", span.line)
                )
            if span.end > last:
                notes.append(Note(f"{span.name!r} goes on {late}: cut there", span.line))
            kept.append(replace(span, start=max(span.start, 0), end=min(span.end, last)))
    return kept, notes


def in_order(spans: Sequence[Span]) -> tuple[list[Span], list[Note]]:
    """By start; of several on one start the longest."""
    notes: list[Note] = []
    early = [span for before, span in pairwise(spans) if span.start < before.start]
    if early:
        lines = [str(span.line) for span in early if span.line is not None]
        more = " and more" if len(lines) > _SHOWN else ""
        where = f" (line {', '.join(lines[:_SHOWN])}{more})" if lines else ""
        notes.append(Note(f"not in film order{where}: put in the order of their times"))
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -_length(span))):
        if kept and kept[-1].start == span.start:
            same = kept[-1].end == span.end and kept[-1].name == span.name
            what = "is the same as" if same else "begins on the same frame as"
            notes.append(Note(f"{span.name!r} {what} {kept[-1].where}: left out", span.line))
        else:
            kept.append(span)
    return kept, notes


def without_overlaps(spans: Sequence[Span]) -> tuple[list[Span], list[Note]]:
    """Each ends where the next begins, at the latest; the spans are in order and have ends."""
    kept: list[Span] = []
    notes: list[Note] = []
    for span, following in zip(spans, [*spans[1:], None], strict=True):
        if following is not None and span.end is not None and span.end > following.start:
            notes.append(Note(f"{span.name!r} reaches into {following.where}: it ends there", span.line))
            kept.append(replace(span, end=following.start))
        else:
            kept.append(span)
    return kept, notes


def _length(span: Span) -> int:
    return 0 if span.end is None else span.end - span.start
