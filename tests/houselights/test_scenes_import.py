"""``houselights scenes import`` as a filmmaker runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.catalogue import Catalogue, Cut, Scene
from tests.analytics.scene_files.samples import edl, rate
from tests.analytics.scene_files.test_markers import AVID
from tests.analytics.scene_files.test_timelines import fcpxml
from tests.support.command import done, houselights, refused

WHAT = ("--film", "reel", "--cut", "rough-2")
SHOTS = [("12-1", 90_000, 90_050), ("12A-3", 90_050, 90_075), ("12-1", 90_075, 90_100)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def reel(tmp_path: Path) -> Path:
    path = tmp_path / "reel.txt"
    path.write_text(edl(SHOTS, rate("25")))
    return path


def test_an_edl_sets_the_scenes_and_describes_the_cut(store: Path, reel: Path) -> None:
    ran = houselights(
        "scenes", "import", reel, *WHAT, "--store", store, "--rate", "25", "--start", "01:00:00:00"
    )
    assert done(ran).splitlines() == [
        "3 scenes of reel/rough-2 set; the next publish computes every screening of it again",
        "read as CMX3600 EDL; the cut runs at 25 frames a second, from 01:00:00:00",
    ]
    assert ran.stderr == ""
    catalogue = Catalogue(store)
    assert catalogue.scenes("reel", "rough-2") == [
        Scene("12-1", 0, 2000), Scene("12A-3", 2000, 3000), Scene("12-1 (2)", 3000, 4000),
    ]  # fmt: skip
    assert catalogue.cuts("reel") == [Cut("reel", "rough-2", "25", "01:00:00:00")]


def test_what_is_not_sound_is_told_on_standard_error(store: Path, reel: Path) -> None:
    broken = "004  A001     V     C        00:00:00:00 00:00:01:00 01:00:04:00 01:00\n"
    reel.write_text(reel.read_text() + broken * 30)
    ran = houselights(
        "scenes", "import", reel, *WHAT, "--store", store, "--rate", "25", "--start", "01:00:00:00"
    )
    assert done(ran).startswith("3 scenes")
    told = ran.stderr.splitlines()
    assert told[0] == f"note: {reel}, line 10: an event with 3 whole timecodes in place of four: left out"
    assert told[-1] == f"note: {reel}: and 10 more"
    assert len(told) == 21


def test_what_the_catalogue_knows_of_the_cut_need_not_be_said_again(
    store: Path, reel: Path, tmp_path: Path
) -> None:
    done(
        houselights(
            "scenes", "import", reel, *WHAT, "--store", store, "--rate", "25", "--start", "01:00:00:00"
        )
    )
    done(houselights("screening", "create", "friday", *WHAT, "--store", store, "--minutes", "1.5"))
    markers = tmp_path / "markers.txt"
    markers.write_text(AVID)
    done(houselights("scenes", "import", markers, *WHAT, "--store", store))
    assert Catalogue(store).scenes("reel", "rough-2")[-1] == Scene("Marker 4", 80_000, 90_000)


def test_a_new_cut_takes_what_its_timeline_says_and_an_old_one_must_agree(
    store: Path, tmp_path: Path
) -> None:
    path = tmp_path / "export"
    path.write_text(fcpxml(rate("30000/1001"), first=107_892, drop=True))
    done(houselights("scenes", "import", path, *WHAT, "--store", store))
    assert Catalogue(store).cuts("reel") == [Cut("reel", "rough-2", "30000/1001df", "01:00:00;00")]
    before = Catalogue(store).scenes("reel", "rough-2")
    path.write_text(fcpxml(rate("25")))
    line = refused(houselights("scenes", "import", path, *WHAT, "--store", store))
    assert "its timeline runs at 25 frames a second, the cut at 30000/1001df" in line
    assert "or give --rate 25 if that is the cut's rate" in line
    assert Catalogue(store).scenes("reel", "rough-2") == before
    done(houselights("scenes", "import", path, *WHAT, "--store", store, "--rate", "25"))
    assert Catalogue(store).cuts("reel")[0].frame_rate == "25"


def test_shots_are_grouped_by_name_by_marker_and_by_script(store: Path, reel: Path, tmp_path: Path) -> None:
    def names(*options: str | Path) -> list[str]:
        run = ("scenes", "import", reel, *WHAT, "--store", store, "--rate", "25", "--start", "01:00:00:00")
        done(houselights(*run, *options))
        return [scene.name for scene in Catalogue(store).scenes("reel", "rough-2")]

    script = tmp_path / "script.fountain"
    script.write_text("INT. KITCHEN - NIGHT #12#\n\nEXT. STREET - DAY #12A#\n")
    assert names("--script", script) == [
        "12 INT. KITCHEN - NIGHT", "12A EXT. STREET - DAY", "12 INT. KITCHEN - NIGHT (2)",
    ]  # fmt: skip
    reel.write_text(
        edl([("A", 90_000, 90_010), *SHOTS[1:2], ("B", 90_075, 90_100), ("B", 90_100, 90_110)], rate("25"))
    )
    assert names("--group", "name") == ["A", "12A-3", "B"]
    reel.write_text(reel.read_text() + "* LOC: 01:00:00:00 RED     One\n* LOC: 01:00:01:00 RED     Two\n")
    assert names("--group", "markers", "--end", "01:00:02:00") == ["One", "Two"]
    assert Catalogue(store).scenes("reel", "rough-2")[-1].end_ms == 2000


def test_a_refused_file_leaves_no_cut_behind(store: Path, reel: Path) -> None:
    line = refused(houselights("scenes", "import", reel, *WHAT, "--store", store))
    assert "an EDL does not state its frame rate: give it, for example --rate 25" in line
    assert not store.exists()


def test_a_rate_that_is_none_and_a_group_that_is_none_are_refused(store: Path, reel: Path) -> None:
    assert "expected a frame rate such as 25" in refused(
        houselights("scenes", "import", reel, *WHAT, "--store", store, "--rate", "fast")
    )
    assert houselights("scenes", "import", reel, *WHAT, "--store", store, "--group", "hand").returncode == 2


def test_a_list_by_hand_goes_on_as_before(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "scenes.csv"
    path.write_text("name,start,end\nOpening,01:00:00;00,01:00:10;00\nJoke,10.5,\n")
    common = ("--store", store, "--rate", "29.97df")
    said = refused(houselights("scenes", "import", path, *WHAT, *common, "--start", "01:00:00;00"))
    assert "the last scene, 'Joke', has no end; give it one" in said
    done(
        houselights(
            "scenes", "import", path, *WHAT, *common, "--start", "01:00:00;00", "--end", "01:00:20;00"
        )
    )
    assert [scene.end_ms for scene in Catalogue(store).scenes("reel", "rough-2")] == [10_010, 20_020]
    path.write_text("name,start,end\nOpening,0,2\n")
    done(houselights("scenes", "import", path, "--film", "reel", "--cut", "new", "--store", store))
    assert {cut.id: cut.frame_rate for cut in Catalogue(store).cuts("reel")} == {
        "new": "24",
        "rough-2": "30000/1001df",
    }
