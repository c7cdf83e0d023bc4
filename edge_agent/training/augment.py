"""Random changes to a batch of faces that leave the emotion as it is."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

_TURN_DEGREES = 12.0
_SHIFT = 0.12  # of the picture's half-width, each way
_SCALE = 0.12
_CONTRAST = 0.3
_BRIGHTNESS = 0.2  # of the [-1, 1] range
_ERASE_CHANCE = 0.5
_ERASE_SIDE = 16  # pixels, the largest side of the erased box


def augment(faces: Tensor, generator: torch.Generator) -> Tensor:
    """A changed copy of ``faces`` (n, 1, height, width) float32 in [-1, 1].

    Mirrored, turned, scaled, shifted, relit, with a box erased; every choice comes from ``generator``, which is on
    the device of ``faces``.
    """
    n, _, height, width = faces.shape

    def uniform(spread: float) -> Tensor:
        return (torch.rand(n, generator=generator, device=faces.device) * 2 - 1) * spread

    turn = torch.deg2rad(uniform(_TURN_DEGREES))
    scale = 1 + uniform(_SCALE)
    mirror = torch.where(uniform(1.0) < 0, -1.0, 1.0)
    cos, sin = torch.cos(turn) * scale, torch.sin(turn) * scale
    affine = torch.stack(
        [
            torch.stack([cos * mirror, -sin, uniform(_SHIFT)], 1),
            torch.stack([sin * mirror, cos, uniform(_SHIFT)], 1),
        ],
        1,
    )
    grid = functional.affine_grid(affine, [n, 1, height, width], align_corners=False)
    faces = functional.grid_sample(faces, grid, padding_mode="border", align_corners=False)

    mean = faces.mean((2, 3), keepdim=True)
    contrast = (1 + uniform(_CONTRAST)).view(n, 1, 1, 1)
    faces = (faces - mean) * contrast + mean + uniform(_BRIGHTNESS).view(n, 1, 1, 1)
    return _erase(faces, generator)


def _erase(faces: Tensor, generator: torch.Generator) -> Tensor:
    """Fill a random box of about half the faces with the face's mean (random erasing, Zhong et al. 2020)."""
    n, _, height, width = faces.shape
    on = faces.device
    sides = torch.randint(4, _ERASE_SIDE + 1, (n, 2), generator=generator, device=on)
    tops = (torch.rand(n, generator=generator, device=on) * (height - sides[:, 0])).long()
    lefts = (torch.rand(n, generator=generator, device=on) * (width - sides[:, 1])).long()
    chosen = torch.rand(n, generator=generator, device=on) < _ERASE_CHANCE
    rows, columns = torch.arange(height, device=on), torch.arange(width, device=on)
    in_rows = (rows >= tops[:, None]) & (rows < (tops + sides[:, 0])[:, None])
    in_columns = (columns >= lefts[:, None]) & (columns < (lefts + sides[:, 1])[:, None])
    box = (in_rows[:, :, None] & in_columns[:, None, :] & chosen[:, None, None]).unsqueeze(1)
    return torch.where(box, faces.mean((2, 3), keepdim=True), faces)
