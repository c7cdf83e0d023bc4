"""``export`` and ``report`` as a person runs them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from analytics.exports.formats.choice import WRITERS
from houselights.cli import app
from tests.dashboard.handmade_store import Plan, Showing, build_store
from tests.support.command import done, houselights, refused


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return build_store(
        tmp_path / "store", Plan(showings=(Showing(simulated=0), Showing("few", viewers=4, simulated=0)))
    )


def _run(*arguments: str | Path) -> str:
    ran = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return ran.output


@pytest.mark.parametrize("form", WRITERS)
def test_markers_in_every_format(store: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / "edit" / f"markers.{form}"
    said = _run(
        "export", "markers", "--screening", "premiere", "--store", store, "--format", form, "--out", out
    )
    assert "6 scenes and " in said
    assert "The dinner joke: " in out.read_text(encoding="utf-8")


def test_fewer_peaks_where_fewer_are_wanted(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "markers.csv"
    what = ("export", "markers", "--screening", "premiere", "--store", store, "--format", "csv", "--out", out)
    assert "6 scenes and 0 peaks" in _run(*what, "--most-peaks", "0")
    assert len(out.read_text(encoding="utf-8").splitlines()) == 7


def test_reactions_and_tables(store: Path, tmp_path: Path) -> None:
    said = _run(
        "export", "reactions", "--screening", "premiere", "--store", store, "--out", tmp_path / "r.vtt"
    )
    assert "subtitles" in said
    assert (tmp_path / "r.vtt").read_text(encoding="utf-8").startswith("WEBVTT\n")
    said = _run("export", "tables", "--store", store, "--out", tmp_path / "tables")
    assert f"{len(list((tmp_path / 'tables').glob('*.parquet')))} tables and README.md" in said
    assert (tmp_path / "tables" / "scene_reaction.parquet").exists()


def test_a_report_with_its_pdf_from_a_process_of_its_own(store: Path, tmp_path: Path) -> None:
    html, pdf = tmp_path / "report.html", tmp_path / "report.pdf"
    said = done(
        houselights("report", "--screening", "premiere", "--store", store, "--out", html, "--pdf", pdf)
    )
    assert "report.html" in said
    assert "The Last Matinee" in html.read_text(encoding="utf-8")
    assert pdf.read_bytes().startswith(b"%PDF")


def test_a_pdf_without_a_browser_leaves_the_page_and_says_what_to_install(
    store: Path, tmp_path: Path
) -> None:
    html = tmp_path / "report.html"
    line = refused(
        houselights(
            *(
                "report",
                "--screening",
                "premiere",
                "--store",
                store,
                "--out",
                html,
                "--pdf",
                tmp_path / "report.pdf",
            ),
            environment={"CHROMIUM": "no-such-browser"},
        )
    )
    assert "apt install chromium" in line
    assert html.exists()


def test_what_cannot_be_exported_is_one_line_that_says_why(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "m.edl"
    what = ("--store", store, "--format", "resolve-edl", "--out", out)
    assert "there are: few, premiere" in refused(
        houselights("export", "markers", "--screening", "sunday", *what)
    )
    assert "5 viewers or more" in refused(houselights("export", "markers", "--screening", "few", *what))
    assert not out.exists()


def test_a_file_where_a_folder_should_be(store: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    ran = houselights(
        "report", "--screening", "premiere", "--store", store, "--out", tmp_path / "taken" / "r.html"
    )
    assert "cannot write" in refused(ran)


def test_the_page_for_filmmakers_names_every_format_and_command(repository: Path) -> None:
    page = (repository / "docs" / "exports.md").read_text(encoding="utf-8")
    for form in WRITERS:
        assert f"`{form}`" in page
    for command in ("export markers", "export reactions", "export tables", "report"):
        assert f"    houselights {command} " in page
