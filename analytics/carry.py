"""The scenes of one cut, carried over to the next: same names, new times. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from analytics.catalogue import Scene
from analytics.errors import SceneEditError
from analytics.pairing import pair_scenes
from analytics.scene_edit import free_name


@dataclass(frozen=True, slots=True)
class Move:
    """From ``from_ms`` of the old cut on, until the next move, all lies ``by_ms`` later in the new one.

    None: it was taken out.
    """

    from_ms: int
    by_ms: int | None


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of the old scenes."""

    scenes: list[Scene]
    gone: tuple[str, ...] = ()
    """Names of scenes that the new cut has no more, in film order."""
    new: tuple[str, ...] = ()
    """Names of scenes that only the new cut has."""
    shortened: tuple[str, ...] = ()
    """Names of scenes of which a part is gone."""


def carry_scaled(scenes: Sequence[Scene], factor: Fraction, duration_ms: int | None = None) -> Carried:
    """Every time multiplied by ``factor``: 1 for a cut of the same times, 24/25 for one that runs at PAL speed."""
    if factor <= 0:
        raise SceneEditError(f"a scale is more than 0, got {factor}: for example 24/25")
    moved = [
        Scene(scene.name, round(scene.start_ms * factor), round(scene.end_ms * factor)) for scene in scenes
    ]
    return _within(moved, duration_ms)


def carry_moved(scenes: Sequence[Scene], moves: Sequence[Move], duration_ms: int | None = None) -> Carried:
    """The scenes where the moves put them; what stands before the first one stays.

    Raises SceneEditError where moves are not in film order, or put a later part of the old cut before an earlier one.
    """
    parts = _parts(moves)
    moved, gone, shortened = [], [], []
    for scene in scenes:
        places, kept = [], 0
        for start, end, by in parts:
            first, last = max(start, scene.start_ms), min(scene.end_ms, end) if end else scene.end_ms
            if by is not None and first < last:
                places += [first + by, last + by]
                kept += last - first
        if not places:
            gone.append(scene.name)
            continue
        if kept < scene.end_ms - scene.start_ms:
            shortened.append(scene.name)
        moved.append(Scene(scene.name, places[0], places[-1]))
    within = _within(moved, duration_ms)
    return Carried(
        within.scenes,
        (*gone, *within.gone),
        shortened=tuple(dict.fromkeys((*shortened, *within.shortened))),
    )


def carry_paired(scenes: Sequence[Scene], there: Sequence[Scene]) -> Carried:
    """The new cut's own list ``there``, in which each scene that is an old one takes the old one's name.

    Which is which: ``analytics.pairing``.
    """
    pairs = pair_scenes(scenes, there)
    old_name = {new: scenes[old].name for old, new in pairs if old is not None and new is not None}
    taken = set(old_name.values())
    named = []
    for place, scene in enumerate(there):
        name = old_name.get(place) or free_name(scene.name, taken)
        taken.add(name)
        named.append(Scene(name, scene.start_ms, scene.end_ms))
    gone = tuple(scenes[old].name for old, new in pairs if new is None and old is not None)
    new = tuple(scene.name for place, scene in enumerate(named) if place not in old_name)
    return Carried(named, gone, new)


def _parts(moves: Sequence[Move]) -> list[tuple[int, int | None, int | None]]:
    """(start, end or None, offset or None if taken out) of the old cut, from its first frame to its last."""
    bounds = [Move(0, 0), *moves] if not moves or moves[0].from_ms > 0 else list(moves)
    ends = [*(move.from_ms for move in bounds[1:]), None]
    reached = 0
    parts = []
    for move, end in zip(bounds, ends, strict=True):
        if end is not None and end <= move.from_ms:
            raise SceneEditError(
                f"the move at {end / 1000:g} s stands after the one at {move.from_ms / 1000:g} s: list moves in "
                "film order"
            )
        if move.by_ms is not None:
            if move.from_ms + move.by_ms < reached:
                raise SceneEditError(
                    f"the move at {move.from_ms / 1000:g} s by {move.by_ms / 1000:g} s puts it where something "
                    "else already is: moves keep the order of the film; for another order give the new cut's "
                    "own list with --list"
                )
            reached = move.from_ms + move.by_ms + (end - move.from_ms if end is not None else 0)
        parts.append((move.from_ms, end, move.by_ms))
    return parts


def _within(scenes: Sequence[Scene], duration_ms: int | None) -> Carried:
    """What lies within the new cut, as far as its length is known."""
    inside, gone, shortened = [], [], []
    for scene in scenes:
        end = scene.end_ms if duration_ms is None else min(scene.end_ms, duration_ms)
        if end <= scene.start_ms:
            gone.append(scene.name)
            continue
        if end < scene.end_ms:
            shortened.append(scene.name)
        inside.append(Scene(scene.name, scene.start_ms, end))
    return Carried(inside, tuple(gone), shortened=tuple(shortened))
