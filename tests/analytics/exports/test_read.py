from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.catalogue import Cut, Screening
from analytics.errors import StoreError
from analytics.exports.errors import ExportError
from analytics.exports.files import write_whole
from analytics.exports.read import need_figures, read_figures
from analytics.serving import Serving
from tests.analytics.conftest import FilledStore, happy
from tests.dashboard.handmade_store import Plan, Showing, build_store


def test_everything_published_of_a_screening(tmp_path: Path) -> None:
    figures = read_figures(Serving(build_store(tmp_path)), "premiere")
    shown = figures.shown
    assert (shown.title, shown.cut, str(shown.rate), shown.timecode(1000)) == (
        "The Last Matinee",
        "rough-2",
        "24",
        "01:00:01:00",
    )
    assert (shown.k, shown.viewers, shown.simulated, shown.running) == (5, 41, 40, False)
    assert [scene.name for scene, _ in figures.known][:2] == ["Opening titles", "The dinner joke"]
    assert len(figures.seconds) == 58
    assert set(figures.seconds[0].reactions) == set(figures.scenes[0].reactions)
    assert figures.seconds[12].reactions["happy"].showing > 20
    assert [(one.what, one.cells) for one in figures.left_out] == [
        ("second", 2),
        ("viewer", 2),
        ("viewer", 1),
    ]
    assert figures.end_ms == 60_000


def test_a_screening_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    build_store(tmp_path, Plan(showings=(Showing("friday"), Showing("saturday"))))
    with pytest.raises(ExportError, match="there are: friday, saturday"):
        read_figures(Serving(tmp_path), "sunday")


def test_nothing_published_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="houselights demo"):
        read_figures(Serving(tmp_path), "friday")


def test_a_screening_of_too_few_viewers_has_no_figures(tmp_path: Path) -> None:
    build_store(tmp_path, Plan(showings=(Showing(viewers=4, simulated=0),)))
    figures = read_figures(Serving(tmp_path), "premiere")
    assert (figures.seconds, figures.known) == ((), ())
    assert len(figures.scenes) == 6
    with pytest.raises(ExportError, match="5 viewers"):
        need_figures(figures)


def test_a_real_publish_is_read_the_same(store: FilledStore, audience: Callable[..., None]) -> None:
    """Three laugh in the first scene of two; k = 3; one viewer alone stays for an eleventh second."""
    store.catalogue.save_cut(Cut("film", "cut", "30000/1001df", "00:59:59;28"))
    audience(3, {(viewer, second): happy(90) for viewer in range(3) for second in (1, 2)})
    store.reaction("0" * 32, 10_000)
    store.catalogue.save_screening(Screening("s", "film", "cut", 3))
    store.publish()
    figures = read_figures(store.serving, "s")
    assert figures.shown.timecode(1000) == "01:00:00;27"  # 29 frames on
    assert [second.t_ms for second in figures.seconds] == list(range(0, 10_000, 1000))
    assert figures.scenes[0].reactions["happy"].showing == 3
    assert figures.scenes[0].summary is not None
    assert figures.scenes[0].summary.strongest == "happy"
    assert [(one.what, one.cells) for one in figures.left_out] == [("second", 1)]


def test_a_file_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    with pytest.raises(ExportError, match="cannot write"):
        write_whole(tmp_path / "taken" / "x.edl", b"")
    write_whole(tmp_path / "new" / "x.edl", b"1")
    write_whole(tmp_path / "new" / "x.edl", b"2")
    assert {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()} == {"x.edl": b"2"}
