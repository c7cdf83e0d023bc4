"""Final Cut Pro 7 XML (xmeml), which Premiere Pro, DaVinci Resolve and many others write.

    <xmeml version="5"><sequence>
      <rate><timebase>24</timebase><ntsc>TRUE</ntsc></rate>
      <timecode><frame>86400</frame><displayformat>NDF</displayformat></timecode>
      <media><video><track>
        <clipitem><name>12A-3</name><start>0</start><end>96</end></clipitem>
        <transitionitem><start>84</start><end>108</end></transitionitem>
        <clipitem><name>12B-1</name><start>-1</start><end>240</end></clipitem>
      </track></video></media>
      <marker><name>12 KITCHEN</name><in>0</in><out>-1</out></marker>
    </sequence></xmeml>

Times are frames of the sequence. ``-1`` means that a transition says where the clip begins or ends: the incoming
clip begins with it. Source: Apple, Final Cut Pro XML Interchange Format (2008), elements of version 5.
"""

from __future__ import annotations

from dataclasses import replace

from analytics.scene_files.labels import frame_of
from analytics.scene_files.model import Found, Note, Span, Unit, clean_name
from analytics.scene_files.rates import exact_rate, stated_drop
from analytics.scene_files.source import Asked, Source
from analytics.scene_files.tracks import give_way, lay_tracks, one_timeline
from analytics.scene_files.xml_nodes import Node, read_xml
from contract.errors import TimecodeError
from contract.film_time import FrameRate

_SKIP = (
    "filter",
    "file",
    "audio",
    "logginginfo",
    "labels",
    "comments",
    "itemhistory",
    "link",
    "effect",
    "samplecharacteristics",
)

_MOST_DIGITS = 15


def read_fcp7_xml(source: Source, asked: Asked) -> Found:  # noqa: ARG001  # a reader's signature
    """Shots and sequence markers, in frames of the sequence. Raises SceneListError where there is no one sequence."""
    root = read_xml(source, _SKIP)
    sequence = one_timeline(source, _sequences(root), "sequence", lambda node: node.text_of("name"), _filled)
    notes: list[Note] = []
    rate = _rate(sequence.find("rate"))
    drop = stated_drop(rate, {"DF": True, "NDF": False}.get(sequence.text_of("timecode", "displayformat")))
    tracks = [_clips(track, notes) for track in _tracks(sequence)]
    shots = lay_tracks(tracks, notes)
    markers = [marker for node in sequence.all("marker") if (marker := _marker(node, notes)) is not None]
    return Found(
        "Final Cut 7 XML", Unit.FRAME, tuple(shots), tuple(markers), tuple(notes),
        rate=rate,
        drop=drop,
        start=_start(sequence, rate, drop=drop or False),
        end=_whole(sequence.text_of("duration")),
    )  # fmt: skip


def _sequences(root: Node) -> list[Node]:
    """The sequences of the file; not those that lie as clips in another one."""
    found, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        if node.tag == "sequence":
            found.append(node)
        elif node.tag not in ("clipitem", "clip"):
            waiting.extend(reversed(node.children))
    return found


def _filled(sequence: Node) -> bool:
    return any(track.find("clipitem") for track in _tracks(sequence)) or sequence.find("marker") is not None


def _tracks(sequence: Node) -> list[Node]:
    video = sequence.find("media", "video")
    return [track for track in video.all("track") if track.text_of("enabled") != "FALSE"] if video else []


def _rate(node: Node | None) -> FrameRate | None:
    timebase = _whole(node.text_of("timebase")) if node is not None else None
    if node is None or timebase is None:
        return None
    ntsc = node.text_of("ntsc").upper() == "TRUE"
    return exact_rate(timebase * 1000 if ntsc else timebase, 1001 if ntsc else 1)


def _start(sequence: Node, rate: FrameRate | None, *, drop: bool) -> int | None:
    frame = _whole(sequence.text_of("timecode", "frame"))
    if frame is not None or rate is None:
        return frame
    try:
        return frame_of(sequence.text_of("timecode", "string"), replace(rate, drop_frame=drop))
    except TimecodeError:
        return None


def _clips(track: Node, notes: list[Note]) -> list[Span]:
    """The clips of one track, in the order of the file."""
    items = [node for node in track.children if node.tag in ("clipitem", "transitionitem", "generatoritem")]
    clips: list[Span] = []
    for index, node in enumerate(items):
        if node.tag != "clipitem" or node.text_of("enabled").upper() == "FALSE":
            continue
        name = clean_name(node.text_of("name")) or f"Shot {len(clips) + 1}"
        before = items[index - 1] if index and items[index - 1].tag == "transitionitem" else None
        after = (
            items[index + 1] if index + 1 < len(items) and items[index + 1].tag == "transitionitem" else None
        )
        start, end = _whole(node.text_of("start")), _whole(node.text_of("end"))
        if before is not None:
            start = _whole(before.text_of("start"))
        if after is not None:
            end = _whole(after.text_of("end"))
        if start is None or end is None or start < 0 or end <= start:
            notes.append(
                Note(f"clip {name!r} begins at frame {start} and ends at {end}: left out", node.line)
            )
        else:
            give_way(clips, start)
            clips.append(Span(name, start, end, node.line))
    return clips


def _marker(node: Node, notes: list[Note]) -> Span | None:
    start, end = _whole(node.text_of("in")), _whole(node.text_of("out"))
    name = clean_name(node.text_of("name")) or clean_name(node.text_of("comment")) or "Marker"
    if start is None or start < 0:
        notes.append(Note(f"marker {name!r} without a frame: left out", node.line))
        return None
    return Span(name, start, end if end is not None and end > start + 1 else None, node.line)


def _whole(text: str) -> int | None:
    """A whole number, however it is written; None for anything else."""
    try:
        return int(text) if len(text) <= _MOST_DIGITS else None
    except ValueError:
        return None
