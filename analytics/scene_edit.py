"""Changes to a list of scenes: join, split, rename, move an edge. Pure: a list in, a new list out.

Scenes are counted from 0 here, and every result can be saved: in film order, without overlaps, each name once.
What cannot be done raises SceneEditError, and the list stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from analytics.catalogue import Scene, Shot
from analytics.errors import SceneEditError
from contract.film_time import FrameRate, frame_to_ms, ms_to_frame

SNAP_MS = 400
"""Nearer than this to where a shot begins, that is what was meant: ten frames at 25 a second."""


def rename(scenes: Sequence[Scene], place: int, name: str) -> list[Scene]:
    """The scene at ``place`` by another name."""
    name = " ".join(name.split())
    scene = _at(scenes, place)
    if not name:
        raise SceneEditError(f"{scene.name!r} needs a name: give it one")
    for number, other in enumerate(scenes):
        if other.name == name and number != place:
            raise SceneEditError(f"scene {number + 1} is already called {name!r}: choose another name")
    return _with(scenes, place, msgspec.structs.replace(scene, name=name))


def merge(scenes: Sequence[Scene], place: int) -> list[Scene]:
    """The scene at ``place`` and the next one as one, by the first one's name; a gap between them belongs to it."""
    first = _at(scenes, place)
    if place + 1 >= len(scenes):
        raise SceneEditError(f"{first.name!r} is the last scene: there is no next one to merge it with")
    both = msgspec.structs.replace(first, end_ms=scenes[place + 1].end_ms)
    return [*scenes[:place], both, *scenes[place + 2 :]]


def split(scenes: Sequence[Scene], at_ms: int, name: str | None = None) -> list[Scene]:
    """The scene that runs at ``at_ms`` as two, the second beginning there.

    The second is called ``name``, or else after the first: *Kitchen (2)*.
    """
    place = scene_at(scenes, at_ms)
    scene = scenes[place]
    if at_ms == scene.start_ms:
        raise SceneEditError(f"{scene.name!r} begins there already: split it at a later moment")
    taken = {other.name for other in scenes}
    second = " ".join((name or "").split()) or free_name(scene.name, taken)
    if second in taken:
        raise SceneEditError(f"a scene is already called {second!r}: choose another name")
    return [
        *scenes[:place],
        msgspec.structs.replace(scene, end_ms=at_ms),
        Scene(second, at_ms, scene.end_ms),
        *scenes[place + 1 :],
    ]


def move_start(scenes: Sequence[Scene], place: int, at_ms: int) -> list[Scene]:
    """The scene at ``place`` beginning at ``at_ms``; where the scene before ended at its start, that moves along."""
    scene = _at(scenes, place)
    if not 0 <= at_ms < scene.end_ms:
        raise SceneEditError(
            f"{scene.name!r} cannot begin there: it must begin in the film, and before it ends"
        )
    moved = _with(scenes, place, msgspec.structs.replace(scene, start_ms=at_ms))
    if place == 0:
        return moved
    before = scenes[place - 1]
    if before.end_ms == scene.start_ms or at_ms < before.end_ms:
        if at_ms <= before.start_ms:
            raise SceneEditError(
                f"nothing of {before.name!r} would be left: merge the two, or move it less far"
            )
        moved[place - 1] = msgspec.structs.replace(before, end_ms=at_ms)
    return moved


def move_end(scenes: Sequence[Scene], place: int, at_ms: int, duration_ms: int | None = None) -> list[Scene]:
    """The scene at ``place`` ending at ``at_ms``; where the next one began at its end, that moves along."""
    scene = _at(scenes, place)
    if at_ms <= scene.start_ms:
        raise SceneEditError(f"{scene.name!r} cannot end there: it must end after it begins")
    if duration_ms is not None and at_ms > duration_ms:
        raise SceneEditError(f"{scene.name!r} cannot end there: the film ends before")
    moved = _with(scenes, place, msgspec.structs.replace(scene, end_ms=at_ms))
    if place + 1 >= len(scenes):
        return moved
    after = scenes[place + 1]
    if after.start_ms == scene.end_ms or at_ms > after.start_ms:
        if at_ms >= after.end_ms:
            raise SceneEditError(
                f"nothing of {after.name!r} would be left: merge the two, or move it less far"
            )
        moved[place + 1] = msgspec.structs.replace(after, start_ms=at_ms)
    return moved


def snap(at_ms: int, shots: Sequence[Shot], rate: FrameRate) -> int:
    """The moment that was meant: where the nearest shot begins, if within SNAP_MS, else where its frame begins."""
    starts = [shot.start_ms for shot in shots]
    nearest = min(starts, key=lambda start: abs(start - at_ms), default=None)
    if nearest is not None and abs(nearest - at_ms) <= SNAP_MS:
        return nearest
    return frame_to_ms(ms_to_frame(at_ms, rate), rate)


def scene_at(scenes: Sequence[Scene], at_ms: int) -> int:
    """The place of the scene that runs at ``at_ms``. Raises SceneEditError where none does."""
    for place, scene in enumerate(scenes):
        if scene.start_ms <= at_ms < scene.end_ms:
            return place
    raise SceneEditError(f"no scene runs {at_ms / 1000:g} s into the film: choose a moment within a scene")


def find_scene(scenes: Sequence[Scene], which: str) -> int:
    """The place of the scene that a person calls ``which``: its name, else its number from 1."""
    names = [scene.name for scene in scenes]
    if which in names:
        return names.index(which)
    if which.strip().isascii() and which.strip().isdigit() and 1 <= int(which) <= len(scenes):
        return int(which) - 1
    if not scenes:
        raise SceneEditError("the cut has no scenes yet: houselights scenes import, or scenes detect")
    raise SceneEditError(
        f"no scene is called {which!r}: give its name, or a number from 1 to {len(scenes)} "
        "(houselights scenes list shows them)"
    )


def free_name(name: str, taken: set[str]) -> str:
    """``name``, or the first of *name (2)*, *name (3)* … that is not taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"


def _at(scenes: Sequence[Scene], place: int) -> Scene:
    if not 0 <= place < len(scenes):
        raise SceneEditError(f"there is no scene {place + 1}: the cut has {len(scenes)}")
    return scenes[place]


def _with(scenes: Sequence[Scene], place: int, scene: Scene) -> list[Scene]:
    return [*scenes[:place], scene, *scenes[place + 1 :]]
