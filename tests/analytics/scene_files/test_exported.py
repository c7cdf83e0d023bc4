"""What ``analytics.exports`` writes for editing programs is read back, to the frame."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.exports.formats.choice import WRITERS
from analytics.exports.markers import SCENE, MarkerList, Placed
from analytics.scene_files.read import read_scenes
from contract.film_time import frame_to_ms, parse_timecode
from tests.analytics.scene_files.samples import rate, times

EDGES = (("12 Küche", 0, 100), ("13 Street & co", 100, 2000), ("14 <Roof>", 2000, 5000))
ENDLESS = {"avid"}
"""Whose markers are points: the last scene's end has to be said."""
RATELESS = {"resolve-edl", "avid", "premiere-csv", "csv"}


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize(
    ("at", "start"),
    [
        ("24000/1001", "01:00:00:00"),
        ("25", "00:00:00:00"),
        ("29.97df", "01:00:00;00"),
        ("59.94df", "10:00:00;00"),
    ],
)
def test_exported_markers_come_back_as_scenes(tmp_path: Path, form: str, at: str, start: str) -> None:
    counted = rate(at)
    marks = tuple(Placed(first, end - first, SCENE, name, name) for name, first, end in EDGES)
    listed = MarkerList("Rough 2", counted, parse_timecode(start, counted), 5000, marks)
    path = tmp_path / "export"
    path.write_bytes(WRITERS[form](listed))
    said = form in RATELESS
    found = read_scenes(
        path,
        counted if said else None,
        start if said else None,
        group=None if form == "csv" else "markers",
        duration_ms=frame_to_ms(5000, counted) if form in ENDLESS else None,
    )
    assert times(found) == [
        (name, frame_to_ms(first, counted), frame_to_ms(end, counted)) for name, first, end in EDGES
    ]
    assert (found.rate, found.start_timecode) == (counted, start)
