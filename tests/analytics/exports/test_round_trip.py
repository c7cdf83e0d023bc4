"""Markers leave and come back: what `export markers` writes, `scenes import` reads, to the frame."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.exports.formats.choice import WRITERS
from analytics.exports.markers import SCENE, markers, place
from analytics.scene_files.read import read_scenes
from contract.film_time import FrameRate, ms_to_frame
from tests.analytics.exports.made import a_film, figures, shown

RATES = [("25", "01:00:00:00"), ("24000/1001", "00:59:58:00"), ("30000/1001df", "01:00:00;00")]


@pytest.mark.parametrize(("rate", "start"), RATES)
@pytest.mark.parametrize("form", WRITERS)
def test_scenes_exported_as_markers_are_imported_at_the_same_frames(
    form: str, rate: str, start: str, tmp_path: Path
) -> None:
    film = a_film()
    told = figures(
        about=shown(rate=rate, start=start, title="Fähre"), scenes=film.scenes, seconds=film.seconds
    )
    found = markers(told, most_peaks=0)
    path = tmp_path / "markers.txt"
    path.write_bytes(WRITERS[form](place(told, found)))
    read = read_scenes(
        path, FrameRate.parse(rate), start, group=None if form == "csv" else "markers", duration_ms=240_000
    )
    exact = FrameRate.parse(rate)
    assert [ms_to_frame(scene.start_ms, exact) for scene in read.scenes] == [
        ms_to_frame(one.start_ms, exact) for one in found
    ]
    assert len(read.scenes) == 4
    assert all(
        name.name in one.name or one.name in name.note for name, one in zip(found, read.scenes, strict=True)
    )
    assert {one.kind for one in found} >= {SCENE}
