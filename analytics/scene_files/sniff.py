"""What kind of file this is, told by what stands in it. Names lie: half of all exports are called .txt."""

from __future__ import annotations

import re
from enum import StrEnum

from analytics.scene_files import avid_markers, edl_lines, fountain, premiere_markers
from analytics.scene_files.source import Source


class Kind(StrEnum):
    """The formats; the values are what people call them."""

    CSV = "CSV"
    EDL = "EDL"
    AVID = "Avid markers"
    PREMIERE = "Premiere markers"
    OTIO = "OpenTimelineIO"
    FCP7 = "Final Cut 7 XML"
    FCPXML = "FCPXML"
    WEBVTT = "WebVTT"
    MOVIE = "film with chapters"
    FOUNTAIN = "Fountain script"
    FINAL_DRAFT = "Final Draft script"


_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_TAG = re.compile(r"<([A-Za-z][\w.:-]*)")
_ROOTS = {"xmeml": Kind.FCP7, "fcpxml": Kind.FCPXML, "FinalDraft": Kind.FINAL_DRAFT}
_SUBTITLE = re.compile(r"\s*(?:\d+\s*\n)?\s*\d+:\d\d:\d\d[,.]\d{3}\s*-->")
_CSV_CELLS = re.compile(r"[,;\t]")


def kind_of(source: Source) -> Kind:
    """The format. Raises SceneListError, saying what to export instead, where it is none of them."""
    head = source.head
    if not head.strip(b"\0 \t\r\n"):
        raise source.error("the file is empty; for a list by hand, make the first line name,start,end")
    if head.startswith(b"\x1aE\xdf\xa3") or head[4:8] in _MP4_BOXES:
        return Kind.MOVIE
    if head.startswith(b"PK\x03\x04"):
        raise source.error("this is a zipped project or bundle: export an EDL, XML or .otio from it instead")
    text = source.text
    start = text.lstrip()
    if start.startswith("<"):
        return _xml(source, start)
    if start.startswith(("{", "[{")):
        if "OTIO_SCHEMA" in text:
            return Kind.OTIO
        raise source.error("JSON, but not OpenTimelineIO: export .otio, an EDL or XML instead")
    if start.startswith("WEBVTT"):
        return Kind.WEBVTT
    return _plain(source)


def _xml(source: Source, start: str) -> Kind:
    root = _root(start)
    if root not in _ROOTS:
        raise source.error(
            f"XML of <{root or '?'}>, expected <xmeml> (Premiere, Resolve: Final Cut Pro XML), <fcpxml> or "
            "<FinalDraft>; export one of these, or an EDL"
        )
    return _ROOTS[root]


def _root(text: str) -> str:
    """The name of the first element; empty where there is none."""
    at = 0
    while text.startswith(("<?", "<!"), at):
        if text.startswith("<!--", at):
            end = "-->"
        elif text.startswith("<?", at):
            end = "?>"
        else:  # a document type, which may hold declarations in brackets
            end = "]" if "[" in text[at : text.find(">", at)] else ">"
        close = text.find(end, at)
        if close < 0:
            return ""
        at = close + len(end)
        while at < len(text) and (text[at].isspace() or text[at] == ">"):
            at += 1
    found = _TAG.match(text, at)
    return found[1] if found else ""


def _plain(source: Source) -> Kind:
    filled = [line for line in source.lines if line.strip()]
    cells = [cell.strip().strip('"').lower() for cell in _CSV_CELLS.split(filled[0])]
    if "name" in cells and "start" in cells:
        return Kind.CSV
    if premiere_markers.is_header(filled[0]):
        return Kind.PREMIERE
    if any(edl_lines.is_edl_line(line) for line in filled):
        return Kind.EDL
    if any(avid_markers.is_marker(line) for line in filled):
        return Kind.AVID
    if _SUBTITLE.match(source.text.lstrip()):
        raise source.error(
            "these are subtitles: what is said, not where scenes lie; export an EDL, XML or markers instead"
        )
    if fountain.has_headings(source.text):
        return Kind.FOUNTAIN
    if len(cells) > 1:
        return Kind.CSV  # its reader says what is missing from the header
    raise source.error(
        "none of the formats that scenes come in: CSV, EDL, Resolve's or Avid's markers, OTIO, Final Cut 7 XML, "
        "FCPXML, WebVTT, or a film with chapters (docs/scenes.md)"
    )
