from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.catalogue import Catalogue, Cut, Film, Scene, Screening, ensure_cut
from analytics.errors import CatalogueError


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path)
    catalogue.save_film(Film("reel", "Der Film – Ünïcode"))
    catalogue.save_cut(Cut("reel", "rough.2", "24000/1001", "01:00:00:00"))
    catalogue.save_scenes("reel", "rough.2", [Scene("One", 0, 10), Scene("Two", 12, 20)])
    catalogue.save_screening(Screening("friday", "reel", "rough.2"))
    again = Catalogue(tmp_path)
    assert again.films() == [Film("reel", "Der Film – Ünïcode")]
    assert again.cuts("reel") == [Cut("reel", "rough.2", "24000/1001", "01:00:00:00")]
    assert again.scenes("reel", "rough.2") == [Scene("One", 0, 10), Scene("Two", 12, 20)]
    assert again.screenings() == [Screening("friday", "reel", "rough.2", 5)]
    assert again.screening("friday") == Screening("friday", "reel", "rough.2", 5)
    assert not list(tmp_path.glob("**/*.tmp"))


def test_an_empty_folder_is_an_empty_catalogue(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "not-there")
    assert (catalogue.films(), catalogue.screenings(), catalogue.cuts("x"), catalogue.scenes("x", "y")) == (
        [],
    ) * 4
    assert catalogue.screening("x") is None
    assert catalogue.stamp() == ()


@pytest.mark.parametrize("slug", ["", "../up", "a/b", ".hidden", "a b", "x" * 65, "-x", "a\n"])
def test_an_id_that_could_leave_the_folder_is_refused(tmp_path: Path, slug: str) -> None:
    catalogue = Catalogue(tmp_path / "store")
    saves: list[Callable[[], object]] = [
        lambda: catalogue.save_film(Film(slug, "t")),
        lambda: catalogue.save_cut(Cut("f", slug)),
        lambda: catalogue.save_cut(Cut(slug, "c")),
        lambda: catalogue.save_screening(Screening("s", slug, "c")),
        lambda: catalogue.save_screening(Screening(slug, "f", "c")),
        lambda: catalogue.save_scenes("f", slug, []),
        lambda: catalogue.screening(slug),
    ]
    for save in saves:
        with pytest.raises(CatalogueError, match="is not usable: expected 1 to 64 letters"):
            save()
    assert not (tmp_path / "store").exists()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path)
    catalogue.save_screening(Screening("friday", "f", "c"))
    (tmp_path / "catalogue" / "screening" / "friday.json").write_text('{"id": "friday"')
    with pytest.raises(CatalogueError, match=r"friday\.json is not what the catalogue expects"):
        catalogue.screenings()


@pytest.mark.parametrize(
    ("entry", "what"),
    [(Screening("s", "f", "c", 0), "k"), (Film("f", ""), "title")],
)
def test_what_could_not_be_read_back_is_not_written(
    tmp_path: Path, entry: Screening | Film, what: str
) -> None:
    catalogue = Catalogue(tmp_path)
    with pytest.raises(CatalogueError, match=rf"cannot save.*\$\.{what}"):
        catalogue.save_screening(entry) if isinstance(entry, Screening) else catalogue.save_film(entry)
    assert catalogue.films() == []
    assert catalogue.screenings() == []


@pytest.mark.parametrize(
    ("scenes", "message"),
    [
        ([Scene("A", 0, 10), Scene("B", 9, 20)], "scene 2 'B' starts at 9 ms, before 'A' ends at 10 ms"),
        ([Scene("A", 10, 10)], "scene 1 'A' ends at 10 ms, not after its start"),
        ([Scene("A", 10, 5)], "swap or correct its times"),
        ([Scene("A", 0, 5), Scene("A", 5, 9)], "scenes 1 and 2 are both called 'A'"),
    ],
)
def test_scenes_that_cannot_be_one_list_are_refused(
    tmp_path: Path, scenes: list[Scene], message: str
) -> None:
    with pytest.raises(CatalogueError, match=re.escape(message)):
        Catalogue(tmp_path).save_scenes("f", "c", scenes)


def test_the_stamp_follows_every_change(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path)
    stamps = [catalogue.stamp()]
    for k in (5, 6, 5):
        catalogue.save_screening(Screening("s", "f", "c", k))
        stamps.append(catalogue.stamp())
    assert catalogue.stamp() == stamps[-1]
    assert len(set(stamps)) == 4


def test_ensure_cut_makes_keeps_and_changes(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path)
    assert ensure_cut(catalogue, "f", "c") == Cut("f", "c", "24", "00:00:00:00")
    assert catalogue.films() == [Film("f", "f")]
    ensure_cut(catalogue, "f", "c", title="The Film", frame_rate="23.976", start_timecode="01:00:00:00")
    stamp = catalogue.stamp()
    assert ensure_cut(catalogue, "f", "c") == Cut("f", "c", "24000/1001", "01:00:00:00")
    assert catalogue.stamp() == stamp
    assert catalogue.films() == [Film("f", "The Film")]
    assert ensure_cut(catalogue, "f", "tv", frame_rate="29.97df").start_timecode == "00:00:00;00"


def test_ensure_cut_refuses_a_rate_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"cut 'c' of 'f': expected a frame rate"):
        ensure_cut(Catalogue(tmp_path), "f", "c", frame_rate="fast")
    assert Catalogue(tmp_path).films() == []
