"""The bones of OpenTimelineIO's JSON: what lies where, in exact seconds.

Read as plain JSON, not by OTIO's own library, against which the tests hold it: that one is native code, and a file
with one key twice, or brackets nested too deep, ends the whole process.

Each item has its own time. An item is seen over its ``source_range``, or else over all it has (``trimmed``); the
children of a track follow each other, those of a stack lie over each other.

Source: OpenTimelineIO 0.18, "Serialized Schema" and "Time Ranges" of its documentation; older names of its fields
from its upgrade functions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from analytics.scene_files.rates import usual_rate

Item = dict[str, Any]
"""An object with an ``OTIO_SCHEMA``."""
_OLD_NAMES = {"Sequence": "Track", "Filler": "Gap"}


class OtioError(ValueError):
    """JSON that is no sound timeline; the text says why."""


def parse(text: str) -> Any:
    """The document. Raises json.JSONDecodeError, RecursionError where it nests too deep, OtioError for NaN."""
    return json.loads(text, parse_constant=_no_number)


def schema(item: Any) -> str:
    """``Clip`` for ``Clip.2``; empty for what is no item."""
    name = item.get("OTIO_SCHEMA") if isinstance(item, dict) else None
    name = name.partition(".")[0] if isinstance(name, str) else ""
    return _OLD_NAMES.get(name, name)


def children(item: Item, key: str = "children") -> list[Item]:
    """The items of a list in an item; none where it has no such list."""
    found = item.get(key)
    return [child for child in found if schema(child)] if isinstance(found, list) else []


def name_of(item: Item) -> str:
    """The item's name; empty where it has none."""
    name = item.get("name")
    return name if isinstance(name, str) else ""


def rate_of(time: Any) -> float:
    """Frames a second of a RationalTime, as the file rounds them."""
    rate = time.get("rate") if isinstance(time, dict) else None
    if not isinstance(rate, int | float) or isinstance(rate, bool) or not rate > 0:
        raise OtioError(f"a time whose rate is {rate!r}")
    return rate


def seconds(time: Any) -> Fraction:
    """A RationalTime. OTIO's rates are rounded numbers: 23.976 is meant as 24000/1001."""
    rate = rate_of(time)
    value = time.get("value")
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise OtioError(f"a time whose value is {value!r}")
    exact = usual_rate(rate)
    return Fraction(value) / (exact.fraction if exact else Fraction(rate))


def span(time_range: Any) -> tuple[Fraction, Fraction]:
    """(start, duration) of a TimeRange."""
    if not isinstance(time_range, dict):
        raise OtioError(f"a range that is {str(time_range)[:30]!r}")
    return seconds(time_range.get("start_time")), seconds(time_range.get("duration"))


def trimmed(item: Item) -> tuple[Fraction, Fraction]:
    """(start, duration) of what is seen of an item, on its own time."""
    if item.get("source_range") is not None:
        return span(item["source_range"])
    kind = schema(item)
    if kind == "Track":
        return Fraction(0), sum((trimmed(child)[1] for child in _lasting(item)), Fraction(0))
    if kind == "Stack":
        return Fraction(0), max((trimmed(child)[1] for child in children(item)), default=Fraction(0))
    media = item.get("media_reference")
    if media is None and isinstance(item.get("media_references"), dict):
        media = item["media_references"].get(item.get("active_media_reference_key"))
    if not isinstance(media, dict) or media.get("available_range") is None:
        raise OtioError(f"{kind or 'item'} {name_of(item)!r} does not say how long it lasts")
    return span(media["available_range"])


def laid(item: Item) -> Iterator[tuple[Item, Fraction, Fraction]]:
    """(child, where it begins, how long its transition reaches back before that) on the time of a composition."""
    at, fade = Fraction(0), Fraction(0)
    for child in children(item):
        if schema(item) == "Stack":
            yield child, Fraction(0), Fraction(0)
        elif schema(child) == "Transition":
            fade = seconds(child.get("in_offset"))
        else:
            yield child, at, fade
            at, fade = at + trimmed(child)[1], Fraction(0)


def _lasting(track: Item) -> list[Item]:
    return [child for child in children(track) if schema(child) != "Transition"]


def _no_number(text: str) -> None:
    raise OtioError(f"{text} in place of a number")
