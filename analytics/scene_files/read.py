"""From a file to scenes: see the package for the order of the work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analytics.catalogue import Scene
from analytics.scene_files import slates
from analytics.scene_files.avid_markers import read_avid_markers
from analytics.scene_files.edl import read_edl
from analytics.scene_files.fcp7_xml import read_fcp7_xml
from analytics.scene_files.fcpxml import read_fcpxml
from analytics.scene_files.group import group_scenes, unique_names
from analytics.scene_files.model import Found, Group, Note, SceneFile, Span
from analytics.scene_files.movie_chapters import read_movie_chapters
from analytics.scene_files.otio_timeline import read_otio
from analytics.scene_files.place import end_of, place
from analytics.scene_files.premiere_markers import read_premiere_markers
from analytics.scene_files.sniff import Kind, kind_of
from analytics.scene_files.source import Asked, Source
from analytics.scene_files.starts import label_frame
from analytics.scene_files.tidy import inside
from analytics.scene_files.webvtt_chapters import read_webvtt
from analytics.scene_list import parse_scene_csv
from contract.film_time import FrameRate

UNSTATED_RATE = "24"
"""What the catalogue gives a cut of which nobody has said more; in a list by hand it may not matter at all."""
_READERS: dict[Kind, Callable[[Source, Asked], Found]] = {
    Kind.EDL: read_edl,
    Kind.AVID: read_avid_markers,
    Kind.PREMIERE: read_premiere_markers,
    Kind.OTIO: read_otio,
    Kind.FCP7: read_fcp7_xml,
    Kind.FCPXML: read_fcpxml,
    Kind.WEBVTT: read_webvtt,
    Kind.MOVIE: read_movie_chapters,
}


def read_scenes(
    path: str | Path,
    rate: FrameRate | None = None,
    start_timecode: str | None = None,
    *,
    group: Group | None = None,
    script: str | Path | None = None,
    end_timecode: str | None = None,
    duration_ms: int | None = None,
) -> SceneFile:
    """The scenes of a file, whatever its format.

    ``rate`` and ``start_timecode`` are the cut's, None where nobody has said; what the file states is taken
    then, and must not contradict them otherwise. ``group``: what makes a scene; None lets the file decide.
    ``script``: Fountain or Final Draft, whose scenes the shots are joined to. ``end_timecode`` ends the last
    scene; ``duration_ms``, the cut's, does where neither that nor the file says.

    Raises SceneListError where nothing sound is left or the order cannot be told, MissingLibraryError where the
    format's library is not installed.
    """
    source = Source(Path(path))
    asked = Asked(rate, start_timecode, end_timecode, duration_ms)
    kind = kind_of(source)
    if kind in (Kind.FOUNTAIN, Kind.FINAL_DRAFT):
        raise source.error(
            "a script says which scenes there are, not when: give the cut's EDL or XML, and this with --script"
        )
    read = (
        _from_csv(source, asked, group)
        if kind is Kind.CSV
        else _from_edit(source, asked, group, _READERS[kind])
    )
    spans, notes = read.spans, [*source.guessed, *read.notes]
    if script is not None:
        scenes, script_notes = slates.read_script(Source(Path(script)))
        spans, join_notes = slates.join(spans, scenes)
        notes += [*script_notes, *join_notes]
    return SceneFile(
        read.format,
        tuple(Scene(span.name, span.start, span.end or 0) for span in unique_names(spans)),
        tuple(sorted(notes, key=lambda note: (note.line is None, note.line or 0))),
        read.rate,
        read.start_timecode,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    format: str
    spans: list[Span]
    """Scenes in film order; names may repeat."""
    notes: list[Note]
    rate: FrameRate | None
    start_timecode: str | None


def _from_edit(
    source: Source, asked: Asked, group: Group | None, reader: Callable[[Source, Asked], Found]
) -> _Read:
    found = reader(source, asked)
    placed = place(source, found, asked)
    spans, notes = group_scenes(source, placed, asked, group)
    return _Read(found.format, spans, [*placed.notes, *notes], placed.rate, placed.start_timecode)


def _from_csv(source: Source, asked: Asked, group: Group | None) -> _Read:
    """A list by hand is read strictly: its writer can mend it, and has nothing else to go by."""
    if group is not None:
        raise source.error("a list by hand names its scenes already: leave --group out")
    rate = asked.rate or FrameRate.parse(UNSTATED_RATE)
    start = asked.start_timecode or ("00:00:00;00" if rate.drop_frame else "00:00:00:00")
    end = end_of(source, asked, rate, label_frame(source, start, rate, "the cut's start timecode"))
    scenes = parse_scene_csv(source.path, source.text, rate, start, end or asked.duration_ms)
    spans, notes = inside([Span(scene.name, scene.start_ms, scene.end_ms) for scene in scenes], end)
    if not spans:
        raise source.error("all of its scenes lie after --end")
    return _Read("CSV", spans, notes, asked.rate, asked.start_timecode)
