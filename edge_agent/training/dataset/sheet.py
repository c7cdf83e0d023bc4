"""A picture to look at before hours of labelling: faces as they are, and as training will change them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from edge_agent.training.augment import augment

_ROWS, _COPIES = 10, 8
_CELL_PX, _GAP_PX, _MARGIN_PX = 96, 6, 28
_LABEL_PX, _TITLE_PX, _HEAD_PX = 190, 64, 26
_PAPER, _INK, _PALE = "#ffffff", "#1c1f26", "#6b7280"


def augmentation_sheet(
    faces: NDArray[np.uint8], captions: Sequence[tuple[str, str]], title: str, subtitle: str, seed: int
) -> Image.Image:
    """Up to ten of ``faces`` (n, 48, 48) uint8, spread over all of them, a row each: as it is, and changed eight times.

    captions: two short lines for each face, film and moment.
    """
    chosen = np.unique(np.linspace(0, len(faces) - 1, min(_ROWS, len(faces))).round().astype(int))
    step = _CELL_PX + _GAP_PX
    first = _MARGIN_PX + _LABEL_PX
    second = first + step + 2 * _GAP_PX
    top = _MARGIN_PX + _TITLE_PX + _HEAD_PX
    size = second + _COPIES * step - _GAP_PX + _MARGIN_PX, top + len(chosen) * step - _GAP_PX + _MARGIN_PX
    sheet = Image.new("RGB", size, _PAPER)
    draw = ImageDraw.Draw(sheet)
    large, small = ImageFont.load_default(22), ImageFont.load_default(14)
    draw.text((_MARGIN_PX, _MARGIN_PX - 4), title, _INK, large)
    draw.text((_MARGIN_PX, _MARGIN_PX + 28), subtitle, _PALE, small)
    draw.text((first, top - 22), "in the set", _INK, small)
    draw.text((second, top - 22), "as training may see it, eight draws", _INK, small)

    changed = _augmented(faces[chosen], seed)
    for row, position in enumerate(chosen):
        y = top + row * step
        film, moment = captions[position]
        draw.text((_MARGIN_PX, y + _CELL_PX / 2 - 18), _fitting(film, small), _INK, small)
        draw.text((_MARGIN_PX, y + _CELL_PX / 2 + 2), moment, _PALE, small)
        sheet.paste(_enlarged(faces[position]), (first, y))
        for copy in range(_COPIES):
            sheet.paste(_enlarged(changed[row, copy]), (second + copy * step, y))
    return sheet


def _augmented(faces: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    """(n, copies, 48, 48) uint8, drawn as ``model train`` draws them."""
    batch = torch.from_numpy(faces.astype(np.float32) / 127.5 - 1).unsqueeze(1).repeat_interleave(_COPIES, 0)
    changed = augment(batch, torch.Generator().manual_seed(seed)).clamp(-1, 1)
    grey = ((changed.squeeze(1) + 1) * 127.5).round().to(torch.uint8).numpy()
    return np.asarray(grey.reshape(len(faces), _COPIES, *faces.shape[1:]), np.uint8)


def _enlarged(face: NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(face).resize((_CELL_PX, _CELL_PX), Image.Resampling.BICUBIC)


def _fitting(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """``text``, its middle left out where it is too long for the column."""
    room = _LABEL_PX - 12
    kept = len(text)
    while kept > 4 and font.getlength(text) > room:
        kept -= 1
        half = kept // 2
        text = f"{text[:half].rstrip('…')}…{text[-half:].lstrip('…')}"
    return text
