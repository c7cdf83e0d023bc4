"""Which function writes which format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from analytics.exports.formats.avid import avid
from analytics.exports.formats.fcp7xml import fcp7xml
from analytics.exports.formats.fcpxml import fcpxml
from analytics.exports.formats.lists import marker_csv, premiere_csv
from analytics.exports.formats.otio import otio
from analytics.exports.formats.resolve_edl import resolve_edl
from analytics.exports.markers import MarkerList

WRITERS: Mapping[str, Callable[[MarkerList], bytes]] = {
    "otio": otio,
    "resolve-edl": resolve_edl,
    "avid": avid,
    "fcp7xml": fcp7xml,
    "fcpxml": fcpxml,
    "premiere-csv": premiere_csv,
    "csv": marker_csv,
}
