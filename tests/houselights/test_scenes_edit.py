"""``houselights scenes list|rename|merge|split|move|carry`` as a filmmaker runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analytics.catalogue import Catalogue, Cut, FoundShots, Scene, Shot, ensure_cut
from tests.support.command import done, houselights, refused

WHAT = ("--film", "reel", "--cut", "rough-2")
SCENES = [Scene("Opening", 0, 10_000), Scene("Door", 10_000, 30_000), Scene("End", 30_000, 40_000)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    catalogue = Catalogue(tmp_path / "store")
    ensure_cut(
        catalogue, "reel", "rough-2", frame_rate="25", start_timecode="01:00:00:00", duration_ms=40_000
    )
    catalogue.save_scenes("reel", "rough-2", SCENES)
    return tmp_path / "store"


def scenes(store: Path, cut: str = "rough-2") -> list[Scene]:
    return Catalogue(store).scenes("reel", cut)


def test_list_shows_timecodes_and_shots_where_they_are_known(store: Path) -> None:
    table = done(houselights("scenes", "list", *WHAT, "--store", store))
    assert "Door" in table
    assert "01:00:10:00" in table
    assert "shots" not in table
    Catalogue(store).save_shots("reel", "rough-2", FoundShots([Shot(0, 15_000), Shot(15_000, 40_000)]))
    rows = json.loads(done(houselights("scenes", "list", *WHAT, "--store", store, "--json")))
    assert rows[1] == {
        "scene": 2, "name": "Door", "start": "01:00:10:00", "end": "01:00:30:00", "seconds": 20.0, "shots": 2,
    }  # fmt: skip
    Catalogue(store).save_scenes("reel", "rough-2", [])
    assert "has no scenes yet" in done(houselights("scenes", "list", *WHAT, "--store", store))
    line = refused(houselights("scenes", "list", "--film", "reel", "--cut", "tv", "--store", store))
    assert line.endswith(f"no cut reel/tv in {store}; there are: reel/rough-2")


def test_rename_split_move_and_merge(store: Path) -> None:
    def run(*arguments: str) -> str:
        return done(houselights("scenes", *arguments, *WHAT, "--store", store)).strip()

    assert (
        run("rename", "2", "The door")
        == "scene 2 is called 'The door' now; figures follow at the next publish"
    )
    Catalogue(store).save_shots("reel", "rough-2", FoundShots([Shot(0, 15_120), Shot(15_120, 40_000)]))
    assert run("split", "01:00:15:00") == (
        "'The door (2)' begins at 01:00:15:03, after 'The door'; figures follow at the next publish"
    )
    assert run("move", "The door", "--start", "12") == (
        "'The door' is 01:00:12:00 to 01:00:15:03 now; figures follow at the next publish"
    )
    assert scenes(store) == [
        Scene("Opening", 0, 12_000), Scene("The door", 12_000, 15_120), Scene("The door (2)", 15_120, 30_000),
        SCENES[2],
    ]  # fmt: skip
    assert run("merge", "The door") == (
        "'The door (2)' is part of 'The door' now, 01:00:12:00 to 01:00:30:00; figures follow at the next publish"
    )
    assert len(scenes(store)) == 3


def test_what_cannot_be_done_is_refused_and_changes_nothing(store: Path) -> None:
    def no(*arguments: str) -> str:
        return refused(houselights("scenes", *arguments, *WHAT, "--store", store))

    assert "'End' is the last scene" in no("merge", "3")
    assert "scene 1 is already called 'Opening'" in no("rename", "Door", "Opening")
    assert "no scene is called '9'" in no("rename", "9", "x")
    assert "TIME: 'soon' is neither a timecode" in no("split", "soon")
    assert "lies before the cut's first frame" in no("split", "00:00:10:00")
    assert "the film ends before" in no("move", "End", "--end", "01:00:50:00")
    assert houselights("scenes", "move", "End", *WHAT, "--store", store).returncode == 2
    assert scenes(store) == SCENES


def test_carry_to_a_new_cut_keeps_names_rate_and_start(store: Path, tmp_path: Path) -> None:
    def carry(*more: str | Path, to: str = "rough-3"):  # type: ignore[no-untyped-def]
        return houselights(
            "scenes", "carry", "--film", "reel", "--from", "rough-2", "--to", to, "--store", store, *more
        )

    assert done(carry()).strip() == (
        "3 of 3 scenes of reel/rough-2 carried to reel/rough-3, which has 3 now; screenings of rough-2 keep its own"
    )
    assert scenes(store, "rough-3") == SCENES == scenes(store)
    assert Catalogue(store).cuts("reel")[1] == Cut("reel", "rough-3", "25", "01:00:00:00")

    changes = tmp_path / "changes.csv"
    changes.write_text("from,offset\n01:00:10:00,out\n01:00:32:00,-22\n")
    assert "reel/rough-3 has 3 scenes already: give --replace" in refused(carry("--offsets", changes))
    ran = carry("--offsets", changes, "--replace")
    assert "2 of 3 scenes" in done(ran)
    assert ran.stderr.splitlines() == ["note: not in the new cut: Door", "note: shortened: End"]
    assert scenes(store, "rough-3") == [SCENES[0], Scene("End", 10_000, 18_000)]

    there = tmp_path / "rough-4.csv"
    there.write_text("name,start,end\nopening,01:00:00:00,01:00:08:00\nx,8,20\nEND,20,28\nLogo,28,30\n")
    ran = carry("--list", there, to="rough-4")
    assert "3 of 3 scenes" in done(ran)
    assert ran.stderr.splitlines() == ["note: new: Logo"]
    assert [(scene.name, scene.start_ms) for scene in scenes(store, "rough-4")] == [
        ("Opening", 0), ("Door", 8000), ("End", 20_000), ("Logo", 28_000),
    ]  # fmt: skip

    done(carry("--scale", "24/25", "--rate", "24", to="tv"))
    assert scenes(store, "tv")[2] == Scene("End", 28_800, 38_400)
    assert Catalogue(store).cuts("reel")[-1] == Cut("reel", "tv", "24", "00:00:00:00")


def test_carry_refuses_what_makes_no_sense(store: Path, tmp_path: Path) -> None:
    run = ("scenes", "carry", "--film", "reel", "--store", store)
    assert "no cut reel/x in" in refused(houselights(*run, "--from", "x", "--to", "y"))
    assert "to itself" in refused(houselights(*run, "--from", "rough-2", "--to", "rough-2"))
    over = ("--from", "rough-2", "--to", "y")
    for bad in (
        ("--scale", "fast"),
        ("--scale", "0"),
        ("--scale", "1/0"),
        ("--scale", "1", "--list", "x.csv"),
    ):
        assert houselights(*run, *over, *bad).returncode == 2
    changes = tmp_path / "changes.csv"
    changes.write_text("from,offset\n0,out\n")
    assert "nothing of reel/rough-2 would be left" in refused(houselights(*run, *over, "--offsets", changes))
    ensure_cut(Catalogue(store), "reel", "empty", frame_rate="25")
    assert "has no scenes to carry" in refused(houselights(*run, "--from", "empty", "--to", "y"))
    assert [cut.id for cut in Catalogue(store).cuts("reel")] == ["empty", "rough-2"]
