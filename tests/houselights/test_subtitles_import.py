"""``houselights subtitles import`` as a filmmaker runs it."""

from __future__ import annotations

from pathlib import Path

from analytics.catalogue import Catalogue, Cut, Film, Subtitle
from tests.support.command import done, houselights, refused

WHAT = ("--film", "reel", "--cut", "rough-2")
SRT = "1\n00:00:01,000 --> 00:00:02,500\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nBye\n"


def test_subtitles_are_set_and_the_cut_is_made(tmp_path: Path) -> None:
    file, store = tmp_path / "reel.srt", tmp_path / "store"
    file.write_text(SRT)
    said = done(houselights("subtitles", "import", file, *WHAT, "--store", store))
    assert said == "2 subtitles of reel/rough-2 set; moments name them from the next publish on\n"
    catalogue = Catalogue(store)
    assert catalogue.subtitles("reel", "rough-2") == [
        Subtitle(1000, 2500, "Hello"),
        Subtitle(3000, 4000, "Bye"),
    ]
    assert (catalogue.films(), catalogue.cuts("reel")) == ([Film("reel", "reel")], [Cut("reel", "rough-2")])


def test_subtitles_that_count_from_another_zero_are_told(tmp_path: Path) -> None:
    file, store = tmp_path / "reel.srt", tmp_path / "store"
    file.write_text(SRT.replace("00:00:", "01:00:"))
    Catalogue(store).save_cut(Cut("reel", "rough-2", duration_ms=60_000))
    ran = houselights("subtitles", "import", file, *WHAT, "--store", store)
    assert done(ran).startswith("2 subtitles")
    assert "begins at 3603 s, after the cut ends at 60 s" in ran.stderr


def test_a_bad_file_changes_nothing(tmp_path: Path) -> None:
    file, store = tmp_path / "reel.srt", tmp_path / "store"
    Catalogue(store).save_subtitles("reel", "rough-2", [Subtitle(0, 1, "Before")])
    file.write_text(SRT.replace("00:00:04,000", "soon"))
    said = refused(houselights("subtitles", "import", file, *WHAT, "--store", store))
    assert "line 6: expected times such as" in said
    assert Catalogue(store).subtitles("reel", "rough-2") == [Subtitle(0, 1, "Before")]
