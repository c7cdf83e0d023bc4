from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from edge_agent.errors import SourceError
from edge_agent.still import LONGEST_SIDE_PX, read_still


@pytest.fixture
def ramp() -> np.ndarray:
    """Grey, brighter to the right: (40, 256) uint8."""
    return np.tile(np.arange(256, dtype=np.uint8), (40, 1))


def test_grey_becomes_rgb(tmp_path: Path, ramp: np.ndarray) -> None:
    Image.fromarray(ramp).save(tmp_path / "grey.png")
    read = read_still(tmp_path / "grey.png")
    assert read.dtype == np.uint8
    assert (read == ramp[:, :, None]).all()
    assert read.shape == (40, 256, 3)


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
def test_a_sensor_of_many_bits_comes_out_as_bright_as_it_was_meant(
    tmp_path: Path, ramp: np.ndarray, bits: int
) -> None:
    deep = (ramp.astype(np.float64) / 255 * (2**bits - 1)).round().astype(np.uint16)
    Image.fromarray(deep).save(tmp_path / "deep.png")
    assert np.abs(read_still(tmp_path / "deep.png")[..., 0].astype(int) - ramp).max() <= 1


def test_fractions_in_a_tiff_are_scaled(tmp_path: Path, ramp: np.ndarray) -> None:
    Image.fromarray((ramp / 255).astype(np.float32)).save(tmp_path / "unit.tiff")
    assert np.abs(read_still(tmp_path / "unit.tiff")[..., 0].astype(int) - ramp).max() <= 1


def test_what_is_transparent_becomes_grey(tmp_path: Path) -> None:
    picture = np.zeros((8, 8, 4), np.uint8)
    picture[:4] = 200, 100, 50, 255
    Image.fromarray(picture).save(tmp_path / "cut-out.png")
    read = read_still(tmp_path / "cut-out.png")
    assert read[0, 0].tolist() == [200, 100, 50]
    assert read[7, 7].tolist() == [128, 128, 128]


@pytest.mark.parametrize(("mode", "name"), [("P", "palette.gif"), ("CMYK", "print.jpg"), ("1", "bits.png")])
def test_other_kinds_of_colour_become_rgb(tmp_path: Path, mode: str, name: str) -> None:
    Image.new("RGB", (20, 10), (255, 255, 255)).convert(mode).save(tmp_path / name)
    read = read_still(tmp_path / name)
    assert read.shape == (10, 20, 3)
    assert read.min() > 250


def test_exif_rotation_is_applied(tmp_path: Path) -> None:
    lying = Image.new("RGB", (30, 20), (0, 0, 0))
    lying.paste((255, 255, 255), (0, 0, 15, 20))  # white on the left
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise to see it upright
    lying.save(tmp_path / "phone.jpg", exif=exif, quality=95)
    read = read_still(tmp_path / "phone.jpg")
    assert read.shape == (30, 20, 3)
    assert read[3, 10].min() > 240
    assert read[26, 10].max() < 15


@pytest.mark.parametrize("name", ["huge.jpg", "huge.png"])
def test_a_huge_picture_is_shrunk(tmp_path: Path, name: str) -> None:
    Image.new("L", (12_000, 8_000), 77).save(tmp_path / name)
    read = read_still(tmp_path / name)
    assert max(read.shape) == LONGEST_SIDE_PX
    assert read.shape[0] / read.shape[1] == pytest.approx(8 / 12, abs=0.01)
    assert abs(int(read[5, 5, 0]) - 77) <= 2


def test_a_picture_that_would_not_fit_into_memory_is_refused(tmp_path: Path) -> None:
    Image.new("1", (20_000, 13_000)).save(tmp_path / "wall.png")
    with pytest.raises(SourceError, match=r"wall\.png has more than 250 million pixels"):
        read_still(tmp_path / "wall.png")


def test_a_missing_file_a_folder_and_words_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "words.png").write_text("not a picture")
    (tmp_path / "empty.png").touch()
    for name, said in [("none.png", "no file"), (".", "cannot be read"), ("words.png", "no picture"),
                       ("empty.png", "no picture")]:  # fmt: skip
        with pytest.raises(SourceError, match=said):
            read_still(tmp_path / name)


@pytest.mark.parametrize("name", ["half.png", "half.jpg"])
def test_a_truncated_picture_is_refused(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match="save the picture again"):
        read_still(tmp_path / name)


def test_an_animation_gives_its_first_picture(tmp_path: Path) -> None:
    first, second = Image.new("RGB", (16, 16), (250, 0, 0)), Image.new("RGB", (16, 16), (0, 0, 250))
    first.save(tmp_path / "two.gif", save_all=True, append_images=[second])
    assert read_still(tmp_path / "two.gif")[8, 8].tolist() == [250, 0, 0]
