"""``houselights scenes detect`` as a filmmaker runs it, on a film made for the test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analytics.catalogue import Catalogue, Cut, Scene
from analytics.film_pictures import scene_thumbnail, shot_thumbnail
from tests.support.command import done, houselights, refused
from tests.support.films import make_film, make_sound

WHAT = ("--film", "reel", "--cut", "rough-2")
KITCHEN, STREET = [(1, 20), (2, 20), (1, 20), (2, 20)], [(11, 25), (12, 25), (11, 25)]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two scenes, seven shots, 155 frames at 25 a second."""
    return make_film(
        tmp_path_factory.mktemp("film") / "rough-2.mov", [*KITCHEN, *STREET], timecode="01:00:00:00"
    )


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def detect(film: Path, store: Path, *more: str):  # type: ignore[no-untyped-def]
    return houselights("scenes", "detect", film, *WHAT, "--store", store, "--min-length", "1", *more)


def test_scenes_shots_and_pictures_are_kept_with_the_cut(film: Path, store: Path) -> None:
    ran = detect(film, store, "--title", "The Reel")
    assert done(ran).splitlines() == [
        (
            "2 scenes of reel/rough-2 proposed from 7 shots in 0:06.2 of film; name, merge and split them: "
            "houselights scenes list, or the dashboard"
        ),
        "the cut runs at 25 frames a second, from 01:00:00:00",
    ]
    assert ran.stderr == ""
    catalogue = Catalogue(store)
    scenes = [Scene("Scene 1", 0, 3200), Scene("Scene 2", 3200, 6200)]
    assert catalogue.scenes("reel", "rough-2") == scenes
    assert catalogue.cuts("reel") == [Cut("reel", "rough-2", "25", "01:00:00:00", 6200)]
    found = catalogue.shots("reel", "rough-2")
    assert [shot.start_ms for shot in found.shots] == [0, 800, 1600, 2400, 3200, 4200, 5200]
    assert found.scenes == scenes
    pictures = [shot_thumbnail(catalogue, "reel", "rough-2", shot) for shot in range(8)]
    assert [path.name if path else None for path in pictures] == [*(f"00{n}.jpg" for n in range(1, 8)), None]
    assert scene_thumbnail(catalogue, "reel", "rough-2", scenes[1], found.shots) == pictures[4]


def test_scenes_that_people_made_stay_unless_they_say_so(film: Path, store: Path) -> None:
    done(detect(film, store))
    done(detect(film, store, "--min-length", "60"))  # nobody has touched them: proposed again
    catalogue = Catalogue(store)
    assert catalogue.scenes("reel", "rough-2") == [Scene("Scene 1", 0, 6200)]
    ours = [Scene("Kitchen", 0, 3200)]
    catalogue.save_scenes("reel", "rough-2", ours)
    line = refused(detect(film, store))
    assert "reel/rough-2 has 1 scene that people made: give --shots-only" in line
    assert "or --replace" in line
    assert catalogue.scenes("reel", "rough-2") == ours
    assert done(detect(film, store, "--shots-only")).startswith(
        "7 shots found in 0:06.2 of film; the scenes of reel/rough-2 stay"
    )
    assert catalogue.scenes("reel", "rough-2") == ours
    refused(detect(film, store))
    done(detect(film, store, "--replace", "--no-thumbnails"))
    assert [scene.name for scene in catalogue.scenes("reel", "rough-2")] == ["Scene 1", "Scene 2"]
    assert shot_thumbnail(catalogue, "reel", "rough-2", 0) is None


def test_sensitivity_changes_how_many(film: Path, store: Path) -> None:
    def count(sensitivity: str) -> int:
        found = done(detect(film, store, "--min-length", "0", "--sensitivity", sensitivity))
        return int(found.split(" ", 1)[0])

    assert count("low") <= count("medium") <= count("high")


def test_a_film_at_another_rate_than_the_cuts_is_refused_before_it_is_read(film: Path, store: Path) -> None:
    done(houselights("screening", "create", "friday", *WHAT, "--store", store, "--minutes", "2"))
    line = refused(detect(film, store))
    assert "the film runs at 25 frames a second, the cut at 24" in line
    assert Catalogue(store).scenes("reel", "rough-2") == []
    ran = detect(film, store, "--rate", "25", "--start", "02:00:00:00")
    assert "it lasts 0:06.2, the cut 2:00.0: is it this cut?" in ran.stderr
    done(ran)
    assert Catalogue(store).cuts("reel") == [Cut("reel", "rough-2", "25", "02:00:00:00", 120_000)]


def test_damage_and_a_rate_that_varies_are_told(film: Path, store: Path, tmp_path: Path) -> None:
    whole = film.read_bytes()
    damaged = tmp_path / "damaged.mov"
    middle = len(whole) // 2
    damaged.write_bytes(whole[: middle - 1500] + bytes(3000) + whole[middle + 1500 :])
    ran = detect(damaged, store)
    done(ran)
    assert re.search(r"note: .*: \d+ frames or stretches of it could not be decoded", ran.stderr)
    stamps = [frame * 40 + (frame % 7) * 5 for frame in range(155)]
    phone = make_film(tmp_path / "phone.mp4", [*KITCHEN, *STREET], stamps=stamps)
    ran = detect(phone, store)
    done(ran)
    assert "its frame rate varies" in ran.stderr


@pytest.mark.parametrize("content", [b"", b"no film at all", b"\x00\x00\x00\x18ftypmp42"])
def test_what_is_no_film_is_refused_and_leaves_nothing_behind(
    store: Path, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(content)
    assert "broken.mp4" in refused(detect(path, store))
    assert not store.exists()


def test_sound_alone_a_missing_file_and_a_bad_id_are_refused(store: Path, tmp_path: Path, film: Path) -> None:
    assert "sound and no picture" in refused(detect(make_sound(tmp_path / "sound.m4a"), store))
    assert "No such file" in refused(detect(tmp_path / "missing.mp4", store))
    line = refused(houselights("scenes", "detect", film, "--film", "../x", "--cut", "c", "--store", store))
    assert "film id '../x' is not usable" in line
    assert not store.exists()
