from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from edge_agent.errors import DatasetError, SettingsError
from edge_agent.faces import Face
from edge_agent.training.dataset.build import DatasetReport, Watcher, build_dataset
from edge_agent.training.dataset.files import COLUMNS
from edge_agent.training.dataset.footage import Progress
from edge_agent.training.dataset.manifest import Film
from edge_agent.training.dataset.settings import DatasetSettings
from edge_agent.training.dataset.sheet import augmentation_sheet
from tests.edge_agent.training.dataset_footage import OneFace, black, shot, write_film

SETTINGS = DatasetSettings(rate_hz=10)
FILES = {"augmentation.png", "faces", "faces.csv", "faces.npz", "manifest.json"}


class Lines(Watcher):
    """Keeps what it is told; can be made to fall out of the window at a film."""

    def __init__(self, stop_at: str | None = None) -> None:
        self.begun: list[str] = []
        self.done: list[tuple[str, bool]] = []
        self._stop_at = stop_at

    def film_begins(self, name: str, number: int, films: int) -> Progress:
        if name == self._stop_at:
            raise KeyboardInterrupt
        self.begun.append(f"{number}/{films} {name}")
        return lambda *_: None

    def film_done(self, film: Film, *, kept_from_before: bool) -> None:
        self.done.append((film.line, kept_from_before))


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two films of ten and of four shots; the second begins with the first one's third shot."""
    folder = tmp_path_factory.mktemp("films")
    first = [shot(seed) for seed in range(10)]
    return [
        write_film(folder / "one.mp4", *first, black()),
        write_film(folder / "two.mp4", first[2], *(shot(seed) for seed in range(20, 23))),
    ]


@pytest.fixture(scope="module")
def built(films: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DatasetReport]:
    out = tmp_path_factory.mktemp("built") / "set"
    return out, build_dataset(films, out, SETTINGS, OneFace())


def rows_of(out: Path) -> list[dict[str, str]]:
    with (out / "faces.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def manifest_of(out: Path) -> dict[str, Any]:
    text = (out / "manifest.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def contents(out: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()
    }


def test_every_face_found_has_a_row_and_every_kept_one_a_picture(built: tuple[Path, DatasetReport]) -> None:
    out, report = built
    assert {path.name for path in out.iterdir()} == FILES
    rows = rows_of(out)
    assert len(rows) == report.summary.found == 14 * 20
    assert tuple(rows[0]) == COLUMNS
    kept = [row for row in rows if row["decision"] == "kept"]
    assert len(kept) == report.summary.kept > 40
    assert sorted(row["file"] for row in kept) == sorted(
        str(path.relative_to(out).as_posix()) for path in out.rglob("faces/*/*.png")
    )
    with np.load(out / "faces.npz") as archive:
        assert archive["images"].shape == (len(kept), 48, 48)
        assert archive["id"].tolist() == [row["id"] for row in kept]
        names = np.array(["train", "validation", "test"])[archive["split"]]
        assert names.tolist() == [row["split"] for row in kept]
        for image, row in zip(archive["images"], kept, strict=True):
            with Image.open(out / row["file"]) as picture:
                assert (picture.mode, picture.size) == ("L", (48, 48))
                assert np.array_equal(np.asarray(picture), image)


def test_rows_wait_for_a_label_and_name_no_path(built: tuple[Path, DatasetReport], films: list[Path]) -> None:
    out, _ = built
    for row in rows_of(out):
        assert row["label"] == ""
        assert row["film"] in {"one.mp4", "two.mp4"}
        assert (
            (row["file"] == "") == (row["split"] == "") == (row["decision"] == "dropped") == bool(row["why"])
        )
    written = b"".join(content for name, content in contents(out).items() if not name.endswith("png"))
    assert str(films[0].parent).encode() not in written
    assert films[0].parent.name.encode() not in written


def test_whole_shots_stay_together_and_the_shared_one_across_films(built: tuple[Path, DatasetReport]) -> None:
    rows = rows_of(built[0])
    splits: dict[tuple[str, str], set[str]] = {}
    groups: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        groups.setdefault((row["film"], row["shot"]), set()).add(row["group"])
        if row["split"]:
            splits.setdefault((row["film"], row["shot"]), set()).add(row["split"])
    assert all(len(of_shot) == 1 for of_shot in splits.values())
    assert all(len(of_shot) == 1 for of_shot in groups.values())
    assert groups["one.mp4", "3"] == groups["two.mp4", "1"]
    assert len(groups) == 14
    assert len({next(iter(group)) for group in groups.values()}) == 13
    repeats = [row for row in rows if row["film"] == "two.mp4" and row["shot"] == "1"]
    by_id = {row["id"]: row for row in rows}
    crossed = [by_id[row["like"]] for row in repeats if row["like"]]
    assert any(row["film"] == "one.mp4" and row["shot"] == "3" for row in crossed)


def test_the_split_meets_the_shares(built: tuple[Path, DatasetReport]) -> None:
    _, report = built
    shares = np.array(list(report.summary.splits.values())) / report.summary.kept
    assert np.abs(shares - (0.7, 0.2, 0.1)).max() < 0.06
    assert report.summary.groups == 13


def test_the_manifest_has_every_setting_and_adds_up(built: tuple[Path, DatasetReport]) -> None:
    out, report = built
    manifest = manifest_of(out)
    assert manifest["settings"] == {
        "rate_hz": 10,
        "min_face_px": None,
        "contrast": "stretch",
        "together": "shot",
        "near_bits": 20,
        "link_bits": 28,
        "seed": 20261120,
    }
    faces = manifest["faces"]
    assert faces["found"] == faces["kept"] + sum(faces["dropped"].values())
    assert faces["kept"] == sum(faces["splits"].values()) == report.summary.kept
    assert sum(film["faces_found"] for film in manifest["films"]) == faces["found"]
    assert sum(film["faces_kept"] for film in manifest["films"]) == faces["kept"]
    one, two = manifest["films"]
    assert (one["name"], one["frames"], one["looked_at"], one["faces_found"]) == ("one.mp4", 210, 210, 200)
    assert [shot["shot"] for shot in one["shots"]] == list(range(1, 12))
    last = one["shots"][-1]
    assert (last["faces_found"], last["group"], last["split"]) == (0, None, None)  # the black second
    of_shots = sum(shot["faces_kept"] for film in (one, two) for shot in film["shots"])
    assert of_shots == faces["kept"]
    assert all(manifest["made_by"].values())


def test_the_same_seed_gives_the_same_bytes(
    built: tuple[Path, DatasetReport], films: list[Path], tmp_path: Path
) -> None:
    again = build_dataset(films, tmp_path / "set", SETTINGS, OneFace())
    assert again == built[1]
    before, after = contents(built[0]), contents(tmp_path / "set")
    assert before.keys() == after.keys()
    assert [name for name in before if before[name] != after[name]] == []
    build_dataset(films, tmp_path / "other", DatasetSettings(rate_hz=10, seed=5), OneFace())
    assert (tmp_path / "other" / "faces.csv").read_bytes() != before["faces.csv"]


def test_an_interrupted_run_goes_on_with_the_film_it_was_at(films: list[Path], tmp_path: Path) -> None:
    out, first, second = tmp_path / "set", OneFace(), OneFace()
    with pytest.raises(KeyboardInterrupt):
        build_dataset(films, out, SETTINGS, first, Lines(stop_at="two.mp4"))
    assert first.looks == 210
    assert [path.name for path in out.iterdir()] == [".unfinished"]

    lines = Lines()
    report = build_dataset(films, out, SETTINGS, second, lines)
    assert lines.begun == ["2/2 two.mp4"]
    assert [before for _, before in lines.done] == [True, False]
    assert second.looks == 80
    assert {path.name for path in out.iterdir()} == FILES
    whole = build_dataset(films, tmp_path / "whole", SETTINGS, OneFace())
    assert report == whole
    assert contents(out) == contents(tmp_path / "whole")


def test_what_was_kept_of_a_film_is_not_used_under_settings_that_read_it_otherwise(
    films: list[Path], tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        build_dataset(films, tmp_path / "set", SETTINGS, OneFace(), Lines(stop_at="two.mp4"))
    finder = OneFace()
    build_dataset(films, tmp_path / "set", DatasetSettings(rate_hz=5), finder)
    assert finder.looks == 145


def test_what_was_kept_and_is_damaged_is_read_again(films: list[Path], tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        build_dataset(films, tmp_path / "set", SETTINGS, OneFace(), Lines(stop_at="two.mp4"))
    (kept,) = (tmp_path / "set" / ".unfinished").glob("*.npz")
    kept.write_bytes(kept.read_bytes()[:500])
    lines = Lines()
    build_dataset(films, tmp_path / "set", SETTINGS, OneFace(), lines)
    assert lines.begun == ["1/2 one.mp4", "2/2 two.mp4"]


def test_a_finished_data_set_is_never_touched_again(
    built: tuple[Path, DatasetReport], films: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "labelled"
    shutil.copytree(built[0], out)
    before = contents(out)
    with pytest.raises(DatasetError, match="already holds a data set, perhaps with labels"):
        build_dataset(films, out, SETTINGS, OneFace())
    assert contents(out) == before


@pytest.mark.parametrize("what", ["folder", "file", "below a file"])
def test_an_out_that_cannot_be_used_is_refused_before_any_film_is_read(
    films: list[Path], tmp_path: Path, what: str
) -> None:
    out = tmp_path / "out"
    if what == "folder":
        out.mkdir()
        (out / "thesis.doc").write_text("mine")
    else:
        out.write_text("mine")
        out = out / "set" if what == "below a file" else out
    finder = OneFace()
    with pytest.raises(DatasetError, match=r"--out") as raised:
        build_dataset(films, out, SETTINGS, finder)
    assert str(out) in str(raised.value)
    assert finder.looks == 0


def test_films_that_fail_do_not_lose_the_others(films: list[Path], tmp_path: Path) -> None:
    elsewhere = tmp_path / "secret"
    elsewhere.mkdir()
    (elsewhere / "text.mp4").write_bytes(b"no film\n" * 99)
    (elsewhere / "empty.mp4").touch()
    shutil.copy(films[0], elsewhere / "copy.mp4")
    bad = [elsewhere / name for name in ("missing.mp4", "text.mp4", "empty.mp4", "copy.mp4")]
    lines = Lines()
    report = build_dataset(
        [bad[0], films[0], *bad[1:], elsewhere], tmp_path / "set", SETTINGS, OneFace(), lines
    )
    assert (report.films_read, report.films_failed) == (1, 5)
    assert report.summary.kept > 25
    said = "\n".join(line for line, _ in lines.done)
    assert lines.done[0][0].startswith(
        "missing.mp4 cannot be read (No such file"
    )  # before one.mp4 takes its hours
    for words in (
        "text.mp4 is no video",
        "empty.mp4 is empty",
        "copy.mp4 is the same footage as one.mp4",
        "secret",
    ):
        assert words in said
    failed = {
        film["name"]: film["failed"] for film in manifest_of(tmp_path / "set")["films"] if "failed" in film
    }
    assert failed.keys() == {"missing.mp4", "text.mp4", "empty.mp4", "copy.mp4", "secret"}
    assert not any(str(tmp_path) in why for why in failed.values())


class OutOfMemory(OneFace):
    def find(self, image: Any) -> list[Face]:
        if self.looks == 15:
            raise RuntimeError("[enforce fail] not enough memory\nand a long trace")
        return super().find(image)


def test_a_film_that_breaks_a_library_fails_alone_and_in_one_line(films: list[Path], tmp_path: Path) -> None:
    lines, finder = Lines(), OutOfMemory()
    with pytest.raises(DatasetError, match="not one of 1 films could be read"):
        build_dataset(films[:1], tmp_path / "set", SETTINGS, finder, lines)
    assert lines.done == [("one.mp4 cannot be read to its end ([enforce fail] not enough memory)", False)]
    assert not (tmp_path / "set").exists()


def test_two_films_of_one_name_are_told_apart(films: list[Path], tmp_path: Path) -> None:
    paths = [tmp_path / folder / "x.mp4" for folder in ("a", "b")]
    for path, film in zip(paths, films, strict=True):
        path.parent.mkdir()
        shutil.copy(film, path)
    build_dataset(paths, tmp_path / "set", DatasetSettings(rate_hz=2), OneFace())
    assert {row["film"] for row in rows_of(tmp_path / "set")} == {"x.mp4", "x.mp4 (2)"}


def test_too_few_shots_to_split_are_told(films: list[Path], tmp_path: Path) -> None:
    film = write_film(tmp_path / "short.mp4", shot(1), shot(2))
    report = build_dataset([film], tmp_path / "set", SETTINGS, OneFace())
    assert report.warning is not None
    assert "nothing is left for test: the kept faces come from 2 groups of shots" in report.warning
    assert manifest_of(tmp_path / "set")["warning"] == report.warning
    two_films = build_dataset(films, tmp_path / "two", DatasetSettings(together="film"), OneFace())
    assert two_films.warning is not None
    assert "2 films" in two_films.warning


def test_films_that_are_all_alike_leave_only_the_test_split(films: list[Path], tmp_path: Path) -> None:
    settings = DatasetSettings(together="film", link_bits=144)
    third = write_film(tmp_path / "three.mp4", shot(30), shot(31))
    report = build_dataset([*films, third], tmp_path / "set", settings, OneFace())
    assert set(report.summary.dropped) == {"near-duplicate", "near another split"}
    assert (report.summary.splits["train"], report.summary.splits["validation"]) == (0, 0)
    assert report.warning is not None
    assert "nothing is left for train and validation: the kept faces come from 1 film" in report.warning
    assert (tmp_path / "set" / "augmentation.png").exists()


def test_one_long_shot_misses_the_shares_and_is_told(tmp_path: Path) -> None:
    shots = [shot(1, 12.0), *(shot(seed) for seed in range(2, 5))]
    film = write_film(tmp_path / "long.mp4", *shots)
    report = build_dataset([film], tmp_path / "set", DatasetSettings(rate_hz=10, near_bits=2), OneFace())
    assert report.warning is not None
    assert "the split is " in report.warning
    assert "not 70/20/10: the largest of 4 groups of shots holds" in report.warning


@pytest.mark.parametrize(
    ("shown", "probability", "says"),
    [
        (black(), 0.99, "no face was found"),
        (shot(1), 0.8, "none of 20 faces can be used (20 uncertain)"),
    ],
)
def test_no_face_leaves_no_folder_and_says_why(
    tmp_path: Path, shown: list[Any], probability: float, says: str
) -> None:
    film = write_film(tmp_path / "film.mp4", shown)
    report = build_dataset([film], tmp_path / "set", SETTINGS, OneFace(probability))
    assert report.summary.kept == 0
    assert report.warning is not None
    assert says in report.warning
    assert not (tmp_path / "set").exists()


def test_the_sheet_shows_each_face_as_it_is_and_as_training_changes_it() -> None:
    faces = np.random.default_rng(0).integers(0, 256, (25, 48, 48), dtype=np.uint8)
    captions = [("a film with a name that is far too long to fit.mov", "0:00:00.0, 80 px")] * 25
    one, same, other = (
        np.asarray(augmentation_sheet(faces, captions, "title", "subtitle", seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert one.shape[0] > 10 * 96
    assert one.shape[1] > 9 * 96
    few = np.asarray(augmentation_sheet(faces[:2], captions[:2], "title", "subtitle", 1))
    assert few.shape[0] < one.shape[0] / 2
    enlarged = np.asarray(Image.fromarray(faces[0]).resize((96, 96), Image.Resampling.BICUBIC))
    left, top = 28 + 190, 28 + 64 + 26
    assert np.array_equal(few[top : top + 96, left : left + 96, 0], enlarged)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"rate_hz": 0}, "the rate must lie between 0.05 and 30"),
        ({"rate_hz": 100}, "got 100"),
        ({"min_face_px": 4}, "at least 10 pixels, got 4"),
        ({"contrast": "vivid"}, "must be stretch or as-filmed, got vivid"),
        ({"together": "actor"}, "must be shot or film, got actor"),
        ({"near_bits": 30}, "got near 30, link 28"),
        ({"link_bits": 200}, "<= 144"),
        ({"seed": -1}, "got -1"),
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError) as raised:
        DatasetSettings(**wrong)
    assert says in str(raised.value)
