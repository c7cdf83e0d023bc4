"""Pictures of shots in the catalogue, and which one stands for a scene."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.catalogue import Catalogue, FoundShots, Scene, Shot
from analytics.errors import CatalogueError
from analytics.film_pictures import save_thumbnails, scene_shot, scene_thumbnail, shot_thumbnail, shots_of

SHOTS = [Shot(0, 1000), Shot(1000, 4000), Shot(4000, 5000), Shot(6000, 7000)]


@pytest.mark.parametrize(
    ("start", "end", "shot", "splits"),
    [
        (0, 5000, 1, [1, 2]),
        (0, 1000, 0, []),
        (900, 1100, 0, [1]),
        (3500, 7000, 2, [2, 3]),
        (5000, 6000, None, []),
        (8000, 9000, None, []),
    ],
)
def test_the_shot_that_fills_most_of_a_scene_stands_for_it(
    start: int, end: int, shot: int | None, splits: list[int]
) -> None:
    assert scene_shot(Scene("s", start, end), SHOTS) == shot
    assert shots_of(Scene("s", start, end), SHOTS) == splits


def test_no_shots_no_picture(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path)
    assert scene_shot(Scene("s", 0, 1), []) is None
    assert scene_thumbnail(catalogue, "f", "c", Scene("s", 0, 1), []) is None
    assert scene_thumbnail(catalogue, "f", "c", Scene("s", 0, 1), SHOTS) is None
    assert catalogue.shots("f", "c") == FoundShots([])


def test_pictures_are_replaced_together(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path)
    save_thumbnails(catalogue, "f", "c", [b"one", b"two", b"three"])
    save_thumbnails(catalogue, "f", "c", [b"new"])
    first = shot_thumbnail(catalogue, "f", "c", 0)
    assert first is not None
    assert first.read_bytes() == b"new"
    assert shot_thumbnail(catalogue, "f", "c", 1) is None
    assert [path.name for path in first.parent.parent.iterdir()] == ["c"]


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path)
    (tmp_path / "catalogue").write_text("a file where a folder belongs")
    with pytest.raises(CatalogueError, match=r"cannot write .*thumbnails"):
        save_thumbnails(catalogue, "f", "c", [b"one"])


def test_shots_are_kept_and_seen_as_a_change(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path)
    before = catalogue.stamp()
    found = FoundShots(SHOTS, [Scene("Scene 1", 0, 7000)])
    catalogue.save_shots("f", "c", found)
    assert catalogue.shots("f", "c") == found
    assert catalogue.stamp() != before
    with pytest.raises(CatalogueError, match="film id"):
        catalogue.shots("../f", "c")
