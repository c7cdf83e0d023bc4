"""Shots and markers to scenes: one a shot, one a run of shots with the same name, or one a marker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analytics.scene_files.model import Group, Note, Span
from analytics.scene_files.place import Placed
from analytics.scene_files.source import Asked, Source
from analytics.scene_files.tidy import in_order, inside, without_overlaps


def group_scenes(
    source: Source, placed: Placed, asked: Asked, group: Group | None
) -> tuple[list[Span], list[Note]]:
    """Scenes in film order, without overlaps, each with an end; names may repeat.

    Where nothing is asked, shots make the scenes, or markers where there are no shots. Raises SceneListError
    where the file has none of what is asked, or nothing of it is sound.
    """
    if group is None:
        group = "shots" if placed.shots or not placed.markers else "markers"
    chosen, others = (placed.markers, placed.shots) if group == "markers" else (placed.shots, placed.markers)
    what = "markers" if group == "markers" else "shots"
    if not chosen:
        raise source.error(_nothing(what, others, placed.notes))
    within, notes = inside(chosen, placed.end_ms)
    if not within:
        raise source.error(
            f"none of its {len(chosen)} {what} lie in the cut, which begins at {placed.start_timecode or 'zero'}; "
            f"the first: {notes[0].text}; give --start, the timecode of the cut's first frame"
        )
    ordered, disorder = in_order(within)
    notes += disorder
    if group == "markers":
        ordered = _ended(source, ordered, placed, asked)
    scenes, overlaps = without_overlaps(ordered)
    notes += overlaps
    if group == "name":
        scenes = _same_names(scenes)
    elif group == "shots" and others:
        notes.append(Note(f"the file also holds {len(others)} markers: --group markers makes scenes of them"))
    return scenes, notes


def unique_names(scenes: Sequence[Span]) -> list[Span]:
    """Names that repeat are numbered: Kitchen, Kitchen (2), Kitchen (3)."""
    taken = {span.name for span in scenes}
    seen: dict[str, int] = {}
    named = []
    for span in scenes:
        count = seen.get(span.name, 0) + 1
        name = span.name
        while count > 1 and (name := f"{span.name} ({count})") in taken:
            count += 1
        seen[span.name] = count
        taken.add(name)
        named.append(replace(span, name=name))
    return named


def _ended(source: Source, markers: Sequence[Span], placed: Placed, asked: Asked) -> list[Span]:
    """A marker without an end of its own ends at the next one; the last where the film does."""
    ended: list[Span] = []
    for marker, following in zip(markers, [*markers[1:], None], strict=True):
        end = marker.end
        if end is None and following is not None:
            end = following.start
        elif end is None:
            ends = (placed.end_ms, asked.duration_ms, placed.length_ms)
            end = next((end for end in ends if end is not None and end > marker.start), None)
        if end is None:
            raise source.error(
                f"the last scene, {marker.name!r}, has no end: give it with --end, for example --end 01:32:10:00",
                marker.line,
            )
        ended.append(replace(marker, end=end))
    return ended


def _same_names(shots: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for shot in shots:
        if joined and joined[-1].name == shot.name:
            joined[-1] = replace(joined[-1], end=shot.end)
        else:
            joined.append(shot)
    return joined


def _nothing(what: str, others: Sequence[Span], notes: Sequence[Note]) -> str:
    if others:
        other = "markers" if what == "shots" else "shots"
        return f"it holds no {what}, but {len(others)} {other}: leave --group out, or choose {other}"
    if not notes:
        return f"it holds no {what}; export the cut's timeline again, with its {what}"
    more = f" (and {len(notes) - 1} more)" if len(notes) > 1 else ""
    return f"nothing sound is left in it: {notes[0]}{more}"
