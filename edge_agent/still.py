"""A still picture from a file, whatever it was saved as."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from edge_agent.errors import SourceError

LONGEST_SIDE_PX = 2000
"""A larger picture is shrunk to this: a face that fills a hundredth of it is still 20 pixels wide, and the search for
faces costs with the square."""
MOST_PIXELS = 250_000_000
"""Of a file; above it, decoding alone takes gigabytes."""
_SENSOR_BITS = (8, 10, 12, 14, 16)


def read_still(path: Path) -> NDArray[np.uint8]:
    """As ``decode_still``, of a file. Raises SourceError also for one that is missing."""
    return decode_still(path, str(path))


def decode_still(file: Path | BinaryIO, name: str) -> NDArray[np.uint8]:
    """The first picture of ``file``: (height, width, 3) uint8 RGB, upright, at most LONGEST_SIDE_PX on a side.

    Grey, palette, CMYK and 16-bit pictures become RGB; what is transparent becomes mid-grey; EXIF's rotation is
    applied. Raises SourceError, which says ``name``, for what is no picture, damaged, or has more than MOST_PIXELS.
    """
    try:
        with warnings.catch_warnings():
            # Pillow warns from 89 million pixels on and refuses twice as many; the limit here is its own line.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise _too_large(name)
                opened.draft(
                    "RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX)
                )  # JPEG: decode at a fraction of the size
                upright = ImageOps.exif_transpose(opened)
                return _small_rgb(upright)
    except FileNotFoundError as error:
        raise SourceError(f"there is no file {name}; give a picture of a face") from error
    except Image.DecompressionBombError as error:
        raise _too_large(name) from error
    except UnidentifiedImageError as error:
        raise SourceError(
            f"{name} is no picture that can be read; give a PNG, JPEG, TIFF or WebP file"
        ) from error
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
    ) as error:  # Pillow's decoders raise all of these on damage
        raise SourceError(
            f"{name} cannot be read ({error}); save the picture again, as PNG or JPEG"
        ) from error


def _too_large(name: str) -> SourceError:
    return SourceError(f"{name} has more than {MOST_PIXELS // 10**6} million pixels; scale it down first")


def _small_rgb(picture: Image.Image) -> NDArray[np.uint8]:
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = _eight_bits(picture)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        picture.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, (128, 128, 128, 255)), picture)
    picture = picture.convert("RGB")
    picture.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    return np.array(picture)  # a copy: PyTorch takes no array that cannot be written to


def _eight_bits(picture: Image.Image) -> Image.Image:
    """A grey picture of 16 or 32 bits in 8; sensors of 10, 12 or 14 bits, stored in 16, come out as bright as meant."""
    values = np.nan_to_num(np.asarray(picture, dtype=np.float64))
    brightest = values.max(initial=0)
    bits = next((bits for bits in _SENSOR_BITS if brightest < 1 << bits), None)
    full_scale = float((1 << bits) - 1) if bits and brightest > 1 else max(float(brightest), 1.0)
    return Image.fromarray(np.clip(values * (255 / full_scale), 0, 255).astype(np.uint8))
