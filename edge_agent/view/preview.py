"""A picture for the page, as plain pixels: no file format, so nothing that a browser would keep.

Four bytes (width and height, 16 bits each, little-endian), then the rows, top first, four bytes a pixel: RGBA.
"""

from __future__ import annotations

import struct

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH_PX = 320


def preview(image: NDArray[np.uint8], width_px: int = WIDTH_PX) -> bytes:
    """Of ``image`` (height, width, 3) uint8 RGB, made smaller to ``width_px``; never larger."""
    height, width = image.shape[:2]
    if width > width_px:
        height, width = max(1, round(height * width_px / width)), width_px
        image = np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return struct.pack("<HH", width, height) + cv2.cvtColor(image, cv2.COLOR_RGB2RGBA).tobytes()
