"""FCPXML, which Final Cut Pro writes (a .fcpxml file, or a .fcpxmld folder with Info.fcpxml in it).

    <fcpxml version="1.10">
      <resources><format id="r1" frameDuration="1001/24000s"/></resources>
      <library><event><project name="Rough 2">
        <sequence format="r1" tcStart="86486400/24000s" tcFormat="NDF" duration="240240/24000s"><spine>
          <asset-clip name="12A-3" offset="86486400/24000s" start="0s" duration="96096/24000s">
            <chapter-marker start="0s" duration="1001/24000s" value="12 KITCHEN"/>
          </asset-clip>
          <gap offset="86582496/24000s" duration="24024/24000s"/>
        </spine></sequence>
      </project></event></library>
    </fcpxml>

Times are exact seconds. ``offset`` is where an element lies on its parent's time, ``start`` where its own time
begins; a marker lies on the own time of the element that holds it. Elements of the primary storyline are shots;
a gap is none. Where chapter markers are set, they make the scenes, and plain markers are remarks.

Source: Apple, FCPXML Reference, document type definition of version 1.10.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from analytics.scene_files.fcpxml_time import HOLDERS, SHOTS, Clock, laid, seconds_of
from analytics.scene_files.model import Found, Note, Span, Unit, clean_name
from analytics.scene_files.rates import exact_rate, stated_drop
from analytics.scene_files.source import Asked, Source
from analytics.scene_files.tracks import give_way, one_timeline
from analytics.scene_files.xml_nodes import Node, read_xml

_SKIP = (
    "adjust-transform", "adjust-volume", "adjust-crop", "adjust-conform", "filter-video", "filter-audio", "text",
    "text-style-def", "note", "metadata", "audio-channel-source", "effect", "bookmark", "keyword", "media",
)  # fmt: skip
_IN_TRANSITION = 3600
"""Seconds at which a transition's own time begins; Final Cut does not write it."""


@dataclass(frozen=True, slots=True)
class _Marked:
    chapter: bool
    span: Span


def read_fcpxml(source: Source, asked: Asked) -> Found:
    """Shots and markers, in frames of the sequence. Raises SceneListError where there is no one sequence."""
    root = read_xml(source, _SKIP)
    sequence, name = one_timeline(
        source,
        _sequences(root),
        "project",
        lambda pair: pair[1],
        lambda pair: pair[0].find("spine") is not None,
    )
    notes: list[Note] = []
    resources = root.find("resources")
    formats = {node.attributes.get("id"): node for node in resources.all("format")} if resources else {}
    described = formats.get(sequence.attributes.get("format"))
    frame_seconds = (
        seconds_of(described.attributes.get("frameDuration", "")) if described is not None else None
    )
    rate = exact_rate(1 / frame_seconds) if frame_seconds else None
    clock_rate = rate or asked.rate
    if clock_rate is None:
        raise source.error(f"project {name!r} does not state its frame rate: give it, for example --rate 25")
    clock = Clock(clock_rate, notes)
    first = seconds_of(sequence.attributes.get("tcStart", "")) or Fraction(0)
    shots = _shots(sequence, first, clock, notes)
    marked = _markers(sequence, first, clock)
    chapters = [entry.span for entry in marked if entry.chapter]
    plain = [entry.span for entry in marked if not entry.chapter]
    if chapters and plain:
        notes.append(Note(f"{len(plain)} plain markers passed over: the chapter markers make the scenes"))
    length = seconds_of(sequence.attributes.get("duration", ""))
    return Found(
        "FCPXML", Unit.FRAME, tuple(shots), tuple(chapters or plain), tuple(notes),
        rate=rate,
        drop=stated_drop(rate, {"DF": True, "NDF": False}.get(sequence.attributes.get("tcFormat", ""))),
        start=clock.frame(first, sequence.line),
        end=clock.frame(length, sequence.line) if length else None,
    )  # fmt: skip


def _sequences(root: Node) -> list[tuple[Node, str]]:
    """Each project's sequence, and the project's name."""
    found, waiting = [], [(root, "")]
    while waiting:
        node, name = waiting.pop()
        if node.tag == "sequence":
            found.append((node, name))
        else:
            waiting += [(child, node.attributes.get("name", name)) for child in reversed(node.children)]
    return found


def _shots(sequence: Node, first: Fraction, clock: Clock, notes: list[Note]) -> list[Span]:
    """The elements of the primary storyline; one under a transition begins with it."""
    spine = sequence.find("spine")
    shots: list[Span] = []
    fade: Fraction | None = None
    for node, at in laid(spine.children if spine else [], -first):
        if node.tag == "transition":
            fade = at
            continue
        start = at if fade is None else min(at, fade)
        fade = None
        named = node.children[0] if node.tag == "audition" and node.children else node
        if node.tag not in SHOTS or named.attributes.get("enabled") == "0":
            continue
        length = seconds_of(named.attributes.get("duration", ""))
        name = clean_name(named.attributes.get("name", "")) or f"Shot {len(shots) + 1}"
        if not length or length < 0 or start < 0:
            notes.append(Note(f"{node.tag} {name!r} without a place or a duration: left out", node.line))
            continue
        begins = clock.frame(start, node.line)
        give_way(shots, begins)
        shots.append(Span(name, begins, clock.frame(at + length, node.line), node.line))
    return shots


def _markers(sequence: Node, first: Fraction, clock: Clock) -> list[_Marked]:
    """Every marker that can be seen on the sequence, wherever it is held."""
    found: list[_Marked] = []
    spine = sequence.find("spine")
    waiting = laid(spine.children if spine else [], -first)[::-1]
    while waiting:
        node, at = waiting.pop()
        if node.tag == "audition":  # only its first take is shown
            waiting += [(child, at) for child in node.children[:1]]
            continue
        own = seconds_of(node.attributes.get("start", "")) or Fraction(
            _IN_TRANSITION if node.tag == "transition" else 0
        )
        length = seconds_of(node.attributes.get("duration", ""))
        for child in node.children:
            if child.tag in ("marker", "chapter-marker"):
                where = seconds_of(child.attributes.get("start", ""))
                if where is None or where < own or (length is not None and where >= own + length):
                    continue  # in the part of the clip that is cut off
                found.append(_Marked(child.tag == "chapter-marker", _marker(child, at + where - own, clock)))
        waiting += laid([child for child in node.children if child.tag in HOLDERS], at - own)[::-1]
    return found


def _marker(node: Node, at: Fraction, clock: Clock) -> Span:
    start = clock.frame(at, node.line)
    length = seconds_of(node.attributes.get("duration", "")) or Fraction(0)
    frames = round(length * clock.rate.fraction)
    name = clean_name(node.attributes.get("value", "")) or "Marker"
    return Span(name, start, start + frames if frames > 1 else None, node.line)
