"""Files that are damaged at random: either sound scenes come out, or one line says why not."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.catalogue import check_scenes
from analytics.errors import SceneListError
from analytics.scene_files.model import SceneFile
from analytics.scene_files.read import read_scenes
from tests.analytics.scene_files.samples import edl, rate
from tests.analytics.scene_files.test_chapters import VTT
from tests.analytics.scene_files.test_edl import HEAD, THREE
from tests.analytics.scene_files.test_markers import AVID, PREMIERE, RESOLVE
from tests.analytics.scene_files.test_scripts import FDX, FOUNTAIN
from tests.analytics.scene_files.test_timelines import fcp7_of_otio, fcpxml, otio_json

WHOLE = {
    "EDL": edl([("12A-3", 90_000, 90_100), ("12A-4", 90_100, 90_200), ("13-1", 90_200, 90_500)], rate("25")),
    "EDL of three": HEAD + THREE,
    "Resolve": RESOLVE,
    "Avid": AVID,
    "Premiere": PREMIERE,
    "WebVTT": VTT,
    "Fountain": FOUNTAIN,
    "Final Draft": FDX,
    "OTIO": otio_json(rate("25")),
    "FCP 7": fcp7_of_otio(rate("25")),
    "FCPXML": fcpxml(rate("25"), first=90_000),
    "CSV": "name,start,end\nOne,0,2\nTwo,00:00:02:00,\nThree,00:00:05:10,7.5\n",
}
SCRAPS = (
    b"\0", b"\xff", b"-1", b"99999999999999999999", b"01:00:00:00 ", b"\t", b"\r", b"<", b">", b'"', b"&", b"\n\n",
    b"|M:x |D:9",
    b"NaN", b"1e999", b"00:61:00:00", b"\xc3\xa9", "\u202e".encode(), b"/0s", b" V     C        ", b"null", b"{", b"]",
)  # fmt: skip


@st.composite
def damage(draw: st.DrawFn, whole: bytes) -> bytes:
    """A file with up to four wounds: a piece lost, a piece twice, a scrap in its place, an end cut off."""
    data = whole
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        until = min(len(data), at + draw(st.integers(0, 60)))
        how = draw(st.sampled_from(("lost", "twice", "scrap", "end")))
        if how == "lost":
            data = data[:at] + data[until:]
        elif how == "twice":
            data = data[:until] + data[at:]
        elif how == "scrap":
            data = data[:at] + draw(st.sampled_from(SCRAPS)) + data[until:]
        else:
            data = data[:at]
    return data


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_damaged_file_gives_sound_scenes_or_one_line(
    tmp_path: Path, name: str, data: st.DataObject
) -> None:
    path, script = tmp_path / "export", tmp_path / "script"
    path.write_bytes(data.draw(damage(WHOLE[name].encode())))
    script.write_text(FOUNTAIN)
    groups: tuple[Literal["shots", "name", "markers"] | None, ...] = (None, "shots", "name", "markers")
    try:
        found = read_scenes(
            path,
            data.draw(st.sampled_from((None, rate("25"), rate("29.97df")))),
            data.draw(st.sampled_from((None, "01:00:00:00", "00:00:00:00"))),
            group=data.draw(st.sampled_from(groups)),
            script=data.draw(st.sampled_from((None, script))),
            end_timecode=data.draw(st.sampled_from((None, "01:30:00:00"))),
            duration_ms=data.draw(st.sampled_from((None, 7_000_000))),
        )
    except SceneListError as error:
        refused = str(error)
    else:
        refused = ""
        check_sound(found, path.read_bytes())
    assert "\n" not in refused


def check_sound(found: SceneFile, data: bytes) -> None:
    assert found.scenes
    check_scenes(found.scenes)
    assert all(scene.name and scene.start_ms >= 0 and len(scene.name) < 220 for scene in found.scenes)
    assert msgspec.json.decode(msgspec.json.encode(found.scenes))
    assert all("\n" not in str(note) for note in found.notes)
    lines = data.count(b"\n") + data.count(b"\r") + 1
    assert all(note.line is None or 1 <= note.line <= lines for note in found.notes)
