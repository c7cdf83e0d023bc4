"""A face as it stands in the data set: 48x48 grey, contrast stretched or left, and its perceptual hash."""

from __future__ import annotations

import cv2
import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from edge_agent.training.dataset.settings import HASH_BITS, SIDE_PX, Contrast

MOST_GAIN = 4.0
"""The stretch never multiplies grey levels by more: beyond it a dark face is mostly noise."""
_DARKEST, _BRIGHTEST = 1.0, 99.0  # percentiles that become 0 and 255
_HASH_SIDE = 12  # 144 bits, from a 48x48 cosine transform: the pictures need no further resizing


def grey_square(face: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The crop (side, side, 3) uint8 RGB in ``SIDE_PX`` grey, ITU-R BT.601."""
    grey = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY)
    how = cv2.INTER_AREA if len(face) > SIDE_PX else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, (SIDE_PX, SIDE_PX), interpolation=how), np.uint8)


def contrast(grey: NDArray[np.uint8]) -> float:
    """Grey levels between the darkest and the brightest hundredth of a picture, 0 to 255."""
    dark, bright = np.percentile(grey, (_DARKEST, _BRIGHTEST))
    return float(bright - dark)


def stretched(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture with its darkest hundredth at 0 and its brightest at 255, by a gain of at most ``MOST_GAIN``."""
    dark, bright = np.percentile(grey, (_DARKEST, _BRIGHTEST))
    gain = min(255 / max(bright - dark, 1.0), MOST_GAIN)
    levels = (grey - (dark + bright) / 2) * gain + 127.5
    return np.asarray(np.clip(np.rint(levels), 0, 255), np.uint8)


def normalised(grey: NDArray[np.uint8], how: Contrast) -> NDArray[np.uint8]:
    """The picture as it goes into the data set."""
    return stretched(grey) if how == "stretch" else grey


def sharpness(stretched_grey: NDArray[np.uint8]) -> float:
    """Variance of the Laplacian of a *stretched* picture, so that a dim face does not pass for a blurred one."""
    return float(cv2.Laplacian(stretched_grey, cv2.CV_64F).var())


def perceptual_hash(grey: NDArray[np.uint8]) -> str:
    """The signs of the low frequencies (ImageHash's ``phash``): 36 hexadecimal digits, blind to contrast."""
    digits = str(imagehash.phash(Image.fromarray(grey), hash_size=_HASH_SIDE))
    return digits.zfill(HASH_BITS // 4)
