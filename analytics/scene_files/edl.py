"""CMX3600 edit decision lists, with Avid's locators, and DaVinci Resolve's marker EDLs: ``edl_lines`` shows them.

An event with a picture is a shot; the incoming clip of a dissolve or wipe begins where its event does. Sound, black
and keys (titles over a picture) are no shots. Record times alone count: a speed effect (M2) changes the source's.

This does not read through pycmx or OTIO's adapter, which the tests hold it against: neither names the lines of what
it cannot read, and both lose more than the bad line.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from analytics.scene_files.edl_lines import Event, Sheet, parse
from analytics.scene_files.labels import Label, check_labels, frame_of, needed_rate
from analytics.scene_files.model import Found, Note, Span, Unit
from analytics.scene_files.source import Asked, Source
from analytics.scene_files.tracks import lay_tracks
from contract.errors import TimecodeError
from contract.film_time import FrameRate

_BLACK = ("BL", "BLK", "BLACK")
_NO_REEL = ("AX", "UNKNOWN", "")
_VIDEO_TRACK = re.compile(r"V(\d*)")


@dataclass(frozen=True, slots=True)
class _Timed:
    event: Event
    start: int
    end: int


def read_edl(source: Source, asked: Asked) -> Found:
    """Shots and markers, in frames from timecode 00:00:00:00. Raises SceneListError where nothing sound is left."""
    rate = needed_rate(source, asked, "an EDL")
    sheet = parse(source.lines)
    recorded = [
        Label(text, event.line) for event in sheet.events for text in (event.record_in, event.record_out)
    ]
    notes = check_labels(source, [*recorded, *(locator.at for locator in sheet.locators)], rate, sheet.drop)
    notes += sheet.notes
    timed = _timed(sheet, rate, notes)
    markers = [*_resolve_markers(timed), *_locators(sheet, rate, notes)]
    shots = _shots(timed, notes)
    resolve = any(entry.event.markers for entry in timed)
    return Found(
        "DaVinci Resolve marker EDL" if resolve and not shots else "CMX3600 EDL",
        Unit.LABEL,
        tuple(shots),
        tuple(markers),
        tuple(notes),
        end=max((shot.end for shot in shots if shot.end is not None), default=None),
    )


def _timed(sheet: Sheet, rate: FrameRate, notes: list[Note]) -> list[_Timed]:
    """Events whose record times can be read."""
    found = []
    for event in sheet.events:
        try:
            start, end = frame_of(event.record_in, rate), frame_of(event.record_out, rate)
        except TimecodeError as error:
            notes.append(Note(f"{error}: left out", event.line))
            continue
        found.append(_Timed(event, start, end))
    return found


def _resolve_markers(timed: list[_Timed]) -> list[Span]:
    return [
        Span(
            marker.name or f"Marker {number}",
            entry.start,
            entry.start + marker.frames if marker.frames > 1 else None,
            marker.line,
        )
        for number, entry in enumerate((entry for entry in timed if entry.event.markers), start=1)
        for marker in entry.event.markers
    ]


def _locators(sheet: Sheet, rate: FrameRate, notes: list[Note]) -> list[Span]:
    found = []
    for number, locator in enumerate(sheet.locators, start=1):
        try:
            start = frame_of(locator.at.text, rate)
        except TimecodeError as error:
            notes.append(Note(f"{error}: left out", locator.at.line))
            continue
        found.append(Span(locator.name or f"Marker {number}", start, None, locator.at.line))
    return found


def _shots(timed: list[_Timed], notes: list[Note]) -> list[Span]:
    """The events that are shots, in the order of the file."""
    marked = any(entry.event.markers for entry in timed)
    passed: Counter[str] = Counter()
    tracks: dict[int, list[Span]] = {}
    for index, entry in enumerate(timed):
        event = entry.event
        length = entry.end - entry.start
        following = timed[index + 1].event if index + 1 < len(timed) else None
        track = _video_track(event.channels)
        why = _no_shot(event, track, length)
        if why:
            passed[why] += 1
        elif event.markers and length <= max(1, *(marker.frames for marker in event.markers)):
            pass  # a marker, not a shot
        elif not length and following is not None and following.number == event.number:
            pass  # the outgoing half of a transition: its shot has its own event before
        elif length <= 0:
            notes.append(
                Note(
                    f"an event that {'ends before it begins' if length else 'lasts no frame'}: left out",
                    event.line,
                )
            )
        elif length == 1 and marked:
            notes.append(Note("an event of one frame without its marker's line: left out", event.line))
        else:
            shots = tracks.setdefault(track, [])
            shots.append(Span(_name(event, shots), entry.start, entry.end, event.line))
    notes += [
        Note(f"{count} event{'s' if count > 1 else ''} {why} passed over") for why, count in passed.items()
    ]
    return lay_tracks([tracks[number] for number in sorted(tracks)], notes)


def _no_shot(event: Event, track: int, length: int) -> str:
    """Why an event is sound, but no shot; empty where it may be one."""
    if not track:
        return "of sound alone"
    if event.transition in ("K", "KO"):
        return "keyed over a picture"
    return "of black" if event.reel.upper() in _BLACK and length > 0 else ""


def _video_track(channels: str) -> int:
    """The number of the video track, 0 for sound alone."""
    if channels == "B":  # both: picture and sound
        return 1
    found = _VIDEO_TRACK.search(channels)
    return int(found[1] or 1) if found else 0


def _name(event: Event, before: list[Span]) -> str:
    """The clip's name, else its reel's; for a transition that of the incoming clip."""
    given = event.from_name
    if event.transition != "C":
        # Where only the outgoing clip is named, its name is the shot's before.
        outgoing = before[-1].name if before else None
        given = event.to_name or ("" if event.from_name == outgoing else event.from_name)
    if given:
        return given
    return event.reel if event.reel.upper() not in _NO_REEL else f"Shot {len(before) + 1}"
