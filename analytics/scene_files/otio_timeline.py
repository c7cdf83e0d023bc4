"""OpenTimelineIO's own JSON (.otio), which DaVinci Resolve, Avid and many tools of post-production write.

    {"OTIO_SCHEMA": "Timeline.1", "name": "Rough 2",
     "global_start_time": {"OTIO_SCHEMA": "RationalTime.1", "rate": 23.976023976023978, "value": 86400.0},
     "tracks": {"OTIO_SCHEMA": "Stack.1", "markers": [...], "children": [
       {"OTIO_SCHEMA": "Track.1", "kind": "Video", "children": [
         {"OTIO_SCHEMA": "Clip.2", "name": "12A-3", "source_range": {...}}]}]}}

Clips, and compositions lying as clips, are shots; gaps are none. Under a transition the incoming clip begins with
it. Markers count wherever they are held, if their frame can be seen. ``otio_json`` knows where things lie.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from analytics.scene_files.model import Found, Note, Span, Unit, clean_name
from analytics.scene_files.otio_json import (
    Item,
    OtioError,
    children,
    laid,
    name_of,
    parse,
    rate_of,
    schema,
    seconds,
    span,
    trimmed,
)
from analytics.scene_files.rates import on_a_dropped_hour, usual_rate
from analytics.scene_files.source import Asked, Source
from analytics.scene_files.tracks import give_way, lay_tracks, one_timeline
from contract.film_time import FrameRate


def read_otio(source: Source, asked: Asked) -> Found:
    """Shots and markers, in frames of the timeline. Raises SceneListError where there is no one timeline."""
    try:
        timelines = _timelines(source, parse(source.text))
        timeline = one_timeline(
            source, timelines, "timeline", name_of, lambda one: bool(children(one["tracks"]))
        )
        return _found(source, timeline, asked)
    except RecursionError as error:
        raise source.error("nested too deep for a timeline") from error
    except json.JSONDecodeError as error:
        raise source.error(f"not sound JSON: {error.msg}; export it again", error.lineno) from error
    except OtioError as error:
        raise source.error(f"its times cannot be worked out: {error}") from error
    except OverflowError as error:
        raise source.error("its times cannot be worked out: a number too large") from error


def _timelines(source: Source, root: Any) -> list[Item]:
    """The timelines of the file: one by itself, or several in a collection."""
    found = children(root) if schema(root) == "SerializableCollection" else [root]
    timelines = [one for one in found if schema(one) == "Timeline"]
    if not timelines:
        what = schema(root) or type(root).__name__
        raise source.error(f"holds a {what}, expected a Timeline; export the timeline")
    return [one for one in timelines if schema(one.get("tracks")) == "Stack"]


def _found(source: Source, timeline: Item, asked: Asked) -> Found:
    stack = timeline["tracks"]
    rate = _rate(timeline)
    frames = rate or asked.rate
    if frames is None:
        raise source.error("its clips have no one frame rate: give the cut's, for example --rate 25")
    notes: list[Note] = []
    first, length = trimmed(stack)
    tracks = [
        _clips(track, first, frames, notes)
        for track in children(stack)
        if schema(track) == "Track" and track.get("kind", "Video") == "Video" and track.get("enabled", True)
    ]
    shots = lay_tracks(tracks, notes)
    markers = _markers(stack, first, frames, notes)
    given = timeline.get("global_start_time")
    start = None if given is None else round(seconds(given) * frames.fraction)
    drop = True if asked.rate is None and on_a_dropped_hour(frames, start) else None
    if drop:
        notes.append(
            Note(f"its start is an hour in drop-frame timecode: read so; if it is not, give --rate {frames}")
        )
    return Found(
        "OpenTimelineIO", Unit.FRAME, tuple(shots), tuple(markers), tuple(notes),
        rate=rate,
        drop=drop,
        start=start,
        end=round(length * frames.fraction),
    )  # fmt: skip


def _rate(timeline: Item) -> FrameRate | None:
    """The rate that the timeline's start states, or else all its clips."""
    if timeline.get("global_start_time") is not None:
        return usual_rate(rate_of(timeline["global_start_time"]))
    rates = set()
    waiting = [timeline["tracks"]]
    while waiting:
        item = waiting.pop()
        waiting += children(item)
        if schema(item) == "Clip" and isinstance(item.get("source_range"), dict):
            rates.add(usual_rate(rate_of(item["source_range"].get("duration"))))
    return rates.pop() if len(rates) == 1 else None


def _clips(track: Item, first: Fraction, rate: FrameRate, notes: list[Note]) -> list[Span]:
    """What can be seen of one track, in its order; ``first`` is where the timeline begins on its stack."""
    clips: list[Span] = []
    begins, length = trimmed(track)
    for item, at, fade in laid(track):
        lasts = trimmed(item)[1]
        if schema(item) == "Gap" or not item.get("enabled", True):
            continue
        seen = max(at - fade, begins), min(at + lasts, begins + length)
        start, end = (round((edge - begins - first) * rate.fraction) for edge in seen)
        name = clean_name(name_of(item)) or f"Shot {len(clips) + 1}"
        if end <= start:
            notes.append(Note(f"clip {name!r} lasts no frame: left out"))
        else:
            give_way(clips, start)
            clips.append(Span(name, start, end))
    return clips


def _markers(stack: Item, first: Fraction, rate: FrameRate, notes: list[Note]) -> list[Span]:
    """The markers of the timeline, its tracks and its clips, on the timeline's time."""
    found = []
    hidden = 0
    waiting = [(stack, -first)]  # what to add to an item's own time for the timeline's
    while waiting:
        item, shift = waiting.pop()
        begins, length = trimmed(item)
        for marker in children(item, "markers"):
            start, lasts = span(marker.get("marked_range", marker.get("range")))
            if item is not stack and not begins <= start < begins + length:
                hidden += 1
                continue
            edges = start + shift, start + lasts + shift
            frame, end = (round(edge * rate.fraction) for edge in edges)
            name = clean_name(name_of(marker)) or clean_name(str(marker.get("comment") or "")) or "Marker"
            found.append(Span(name, frame, end if end > frame + 1 else None))
        placed = [(child, shift + at - trimmed(child)[0]) for child, at, _ in laid(item)]
        waiting += placed[::-1]
    if hidden:
        notes.append(
            Note(f"{hidden} marker{'s' if hidden > 1 else ''} outside what can be seen of a clip passed over")
        )
    return found
