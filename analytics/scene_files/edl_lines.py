"""The lines of an edit decision list: events, the remarks below them, and what reads like an event but is none.

    TITLE: REEL 1
    FCM: NON-DROP FRAME

    001  A001C003 V     C        10:00:00:00 10:00:04:00 01:00:00:00 01:00:04:00
    * FROM CLIP NAME: 12A-3
    * LOC: 01:00:02:00 RED     12 KITCHEN
    002  A001C003 V     C        10:00:04:00 10:00:04:00 01:00:04:00 01:00:04:00
    002  A001C007 V     D    024 10:10:00:00 10:10:03:00 01:00:04:00 01:00:07:00
    * FROM CLIP NAME: 12A-3
    * TO CLIP NAME: 12B-1
    M2   A001C007       012.5                10:10:00:00

An event has a number, a reel, its channels, a transition (C cut, D dissolve, W wipe, K key) with its length in
frames, and four timecodes: source in and out, record in and out. Resolve writes a timeline's markers as events of
one frame with a line ``NOTE |C:ResolveColorBlue |M:NAME |D:FRAMES`` below.

Source: CMX Systems' EDL format as described in SMPTE 258M; remarks as Avid, Premiere and Resolve write them.
The columns are read by what stands in them, not by their position: reels longer than 8 characters, tabs, lower
case and numbers of 4 to 6 digits are all to be met.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from analytics.scene_files.labels import TIMECODE, Label
from analytics.scene_files.model import Note, clean_name

_LONGEST_LINE = 2000
"""Characters; what is longer is no line of an EDL, and would keep the patterns below busy for long."""
_NUMBER = re.compile(r"\s*\d{1,6}[A-Za-z]?\s")
_TIMES = re.compile(rf"(?<![\d:;.,]){TIMECODE}(?![\d:;])")
_HEAD = re.compile(
    r"\s*(?P<number>\d{1,6}[A-Z]?)\s+(?:(?P<reel>\S.*?)\s+)?(?P<channels>NONE|B|[AV][AV\d/]*)\s+"
    r"(?P<transition>C|D|W\d{0,3}|K\s?[BO]?)(?:\s+(?P<frames>\d{1,4}))?\s*$",
    re.IGNORECASE,
)
_CLIP = re.compile(r"\s*\*?\s*(FROM|TO)\s+(?:CLIP(?:\s+NAME)?|FILE)\s*:\s*(.*)", re.IGNORECASE)
_LOCATOR = re.compile(rf"\s*\*?\s*LOC\s*:\s*({TIMECODE})(?:\s+(\S+)(?:\s+(.*))?)?\s*$", re.IGNORECASE)
_LOCATOR_START = re.compile(r"\s*\*?\s*LOC\s*:", re.IGNORECASE)
_FCM = re.compile(r"\s*FCM\s*:\s*(.*)", re.IGNORECASE)
_MARKER = re.compile(r"(?P<note>[^|]*)\|\s*C:[^|]*\|\s*M:(?P<name>.*?)\s*(?:\|\s*D:\s*(?P<frames>\d*)\s*)?$")


@dataclass(frozen=True, slots=True)
class ResolveMarker:
    """What stands below an event of Resolve's marker EDL."""

    line: int
    name: str
    frames: int


@dataclass(slots=True)
class Event:
    """One line of an edit, with what the remarks below it say."""

    line: int
    number: str
    reel: str
    channels: str
    transition: str
    record_in: str
    record_out: str
    from_name: str = ""
    to_name: str = ""
    markers: list[ResolveMarker] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Locator:
    """A marker of Avid's in a remark: ``* LOC: 01:00:02:00 RED     12 KITCHEN``."""

    at: Label
    name: str


@dataclass(slots=True)
class Sheet:
    """All that matters of an edit decision list."""

    events: list[Event] = field(default_factory=list)
    locators: list[Locator] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    drop: tuple[bool, int] | None = None
    """What the first FCM line says, and its number: later ones speak of the sources."""


def is_edl_line(line: str) -> bool:
    """Whether a line can only be of an EDL: an event with its times, or one of its own remarks."""
    if _FCM.match(line) or _LOCATOR.match(line):
        return True
    return _NUMBER.match(line) is not None and len(_TIMES.findall(line)) >= 2 and "-->" not in line


def parse(lines: list[str]) -> Sheet:
    """Events and remarks; a line that only looks like an event becomes a note."""
    sheet = Sheet()
    for number, line in enumerate(lines, start=1):
        if len(line) > _LONGEST_LINE:
            sheet.notes.append(Note(f"{len(line)} characters in one line: left out", number))
        elif ("|M:" in line or "|C:" in line) and not _CLIP.match(line):
            _take_marker(sheet, number, line)
        elif _NUMBER.match(line):
            _take_event(sheet, number, line)
        else:
            _take_remark(sheet, number, line)
    return sheet


def _take_event(sheet: Sheet, number: int, line: str) -> None:
    times = list(_TIMES.finditer(line))
    head = _HEAD.fullmatch(line[: times[0].start()] if times else line)
    if head is None:
        if len(times) >= 2:
            sheet.notes.append(
                Note("an event without channels and transition, such as V and C: left out", number)
            )
        return
    if len(times) != 4:
        sheet.notes.append(
            Note(f"an event with {len(times)} whole timecodes in place of four: left out", number)
        )
        return
    sheet.events.append(
        Event(
            number,
            head["number"],
            clean_name(head["reel"] or ""),
            head["channels"].upper(),
            head["transition"].upper().replace(" ", ""),
            times[2][0],
            times[3][0],
        )
    )


def _take_marker(sheet: Sheet, number: int, line: str) -> None:
    found = _MARKER.match(line)
    if found is None or not sheet.events:
        what = "no marker's line" if found is None else "a marker without an event above it"
        sheet.notes.append(Note(f"{what}: left out", number))
        return
    name = clean_name(found["name"]) or clean_name(found["note"])
    sheet.events[-1].markers.append(ResolveMarker(number, name, int(found["frames"] or 1)))


def _take_remark(sheet: Sheet, number: int, line: str) -> None:
    if (clip := _CLIP.match(line)) and sheet.events:
        event = sheet.events[-1]
        if clip[1].upper() == "FROM":
            event.from_name = clean_name(clip[2])
        else:
            event.to_name = clean_name(clip[2])
    elif locator := _LOCATOR.match(line):
        sheet.locators.append(Locator(Label(locator[1], number), clean_name(locator[3] or "")))
    elif _LOCATOR_START.match(line):
        sheet.notes.append(Note("a locator without a whole timecode: left out", number))
    elif (mode := _FCM.match(line)) and sheet.drop is None and "DROP" in mode[1].upper():
        sheet.drop = ("NON" not in mode[1].upper(), number)
