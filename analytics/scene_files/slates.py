"""Joins shots to the scenes of a script by the numbers on their slates, which their clip names carry.

    12A-3   12A_T2   12A/3   12a t03   Sc 12 Tk 3   Scene_12A_Take_2.mov   S12A_T03   02/01-03

A number that the script does not have loses its last letters: in American slating ``12B`` is the second set-up of
scene 12. Letters that the script has are the script's: where it has a scene 12A, the clip 12A-3 is of that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analytics.errors import SceneListError
from analytics.scene_files import final_draft, fountain
from analytics.scene_files.fountain import ScriptScene
from analytics.scene_files.model import Note, Span, clean_name
from analytics.scene_files.sniff import Kind, kind_of
from analytics.scene_files.source import Source

_EXTENSION = re.compile(
    r"\.(mov|mxf|mp4|m4v|avi|mkv|r3d|braw|ari|arx|dng|exr|dpx|wav|new|sub|copy)\b.*$", re.IGNORECASE
)
"""Of a file, or what Avid appends to a copied clip: 12A-3.new.01."""
_AFTER = r"(?=$|[^A-Z0-9]|T\d|TK|TAKE)"
_NAMED = re.compile(rf"(?<![A-Z0-9])(?:SCENE|SCN|SC|S)[\s._-]*([A-Z]?\d{{1,4}}[A-Z]{{0,3}}?){_AFTER}")
_LEADING = re.compile(rf"([A-Z]{{0,2}}\d{{1,4}}[A-Z]{{0,3}}?){_AFTER}")
_CAMERA_ROLL = re.compile(r"[A-Z]\d{3}_?C\d{3}")
"""A001_C003: the third clip of roll A001, whatever was on the slate."""
_PARTS = re.compile(r"([A-Z]*)0*(\d+)([A-Z]*)$")


def read_script(source: Source) -> tuple[list[ScriptScene], list[Note]]:
    """The numbered scenes of a script. Raises SceneListError for what is no script or has no scenes."""
    kind = kind_of(source)
    if kind is Kind.FINAL_DRAFT:
        scenes = final_draft.read_final_draft(source)
    elif kind is Kind.FOUNTAIN:
        scenes = fountain.read_fountain(source.text)
    else:
        raise source.error("no script: --script takes Fountain, or Final Draft's .fdx")
    if not scenes:
        raise source.error("the script has no scene headings, such as INT. KITCHEN - NIGHT")
    if not any(scene.number for scene in scenes):
        counted = [
            ScriptScene(str(count), scene.heading, scene.line) for count, scene in enumerate(scenes, start=1)
        ]
        return counted, [
            Note(f"{source.path}: no scene carries a number; counted from 1 in the script's order")
        ]
    taken: dict[str, ScriptScene] = {}
    doubled = [
        (scene, first)
        for scene in scenes
        if scene.number and (first := taken.setdefault(_plain(scene.number), scene)) is not scene
    ]
    notes = [
        Note(
            f"{source.path}, line {scene.line}: scene {scene.number} is already on line {first.line}: left out"
        )
        for scene, first in doubled
    ]
    return list(taken.values()), notes


def join(spans: Sequence[Span], script: Sequence[ScriptScene]) -> tuple[list[Span], list[Note]]:
    """Neighbours of one scene become that scene, ``12A INT. KITCHEN - NIGHT``.

    What carries no number stays by itself, save between two of the same scene. Raises SceneListError where
    nothing carries one.
    """
    known = {_plain(scene.number): scene for scene in script}
    matched = [_scene_of(span.name, known) for span in spans]
    if not any(matched):
        example = spans[0].name if spans else ""
        raise SceneListError(
            f"no clip carries the number of a scene of the script (the first is called {example!r}, the script's "
            f"first scene is {script[0].number!r}): rename the clips after their slates, such as 12A-3, or leave "
            "--script out"
        )
    _fill(matched)
    joined: list[Span] = []
    notes: list[Note] = []
    for index, (span, scene) in enumerate(zip(spans, matched, strict=True)):
        if scene is None:
            notes.append(Note(f"{span.name!r} carries no number of the script: a scene by itself", span.line))
            joined.append(span)
        elif index and matched[index - 1] is scene:
            last = joined[-1]
            joined[-1] = Span(last.name, last.start, span.end, last.line)
        else:
            joined.append(
                Span(clean_name(f"{scene.number} {scene.heading}"), span.start, span.end, span.line)
            )
    missing = [scene.number for scene in script if not any(found is scene for found in matched)]
    if missing:
        shown = ", ".join(missing[:20]) + (" and more" if len(missing) > 20 else "")
        notes.append(
            Note(f"the cut has no shot of the script's scene{'s' if len(missing) > 1 else ''} {shown}")
        )
    return joined, notes


def _fill(matched: list[ScriptScene | None]) -> None:
    """Shots without a number between two of the same scene are of that scene."""
    last: int | None = None
    for index, scene in enumerate(matched):
        if scene is None:
            continue
        if last is not None and matched[last] is scene:
            matched[last + 1 : index] = [scene] * (index - last - 1)
        last = index


def _scene_of(name: str, known: dict[str, ScriptScene]) -> ScriptScene | None:
    for number in _numbers(name):
        while number:
            if number in known:
                return known[number]
            number = number[:-1] if number[-1].isalpha() else ""
    return None


def _numbers(name: str) -> Iterator[str]:
    """The scene numbers that a clip's name may carry, likeliest first."""
    text = _EXTENSION.sub("", name.strip()).upper()
    for found in _NAMED.finditer(text):
        yield _plain(found[1])
    leading = _LEADING.match(text)
    if leading is not None and not _CAMERA_ROLL.match(text):
        yield _plain(leading[1])


def _plain(number: str) -> str:
    """``012-a`` as ``12A``."""
    text = re.sub(r"[^A-Z0-9.]", "", number.upper())
    found = _PARTS.fullmatch(text)
    return f"{found[1]}{found[2]}{found[3]}" if found else text
