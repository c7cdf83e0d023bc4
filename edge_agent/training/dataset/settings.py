"""What a data set is made to be. Read once at the edge, written into its manifest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from edge_agent.errors import SettingsError

Contrast = Literal["stretch", "as-filmed"]
Together = Literal["shot", "film"]

SIDE_PX = 48
"""Of a face's picture, as in FER2013."""
SPLITS = ("train", "validation", "test")
"""In the order of ``SHARES``; a split's position is its number in ``faces.npz``."""
SHARES = (0.7, 0.2, 0.1)
SMALLEST_KEPT_PX = 32
"""Side of the smallest face that is kept unless told otherwise: enlarged by half to 48 pixels. Even
there more than half of the enlarged faces are less sharp than 99 of 100 in FER2013."""
HASH_BITS = 144

_FASTEST_HZ, _SLOWEST_HZ = 30.0, 0.05
_SMALLEST_SEARCHED_PX = 10


@dataclass(frozen=True)
class DatasetSettings:
    """Raises SettingsError, which says which is wrong, what came, and what is possible.

    rate_hz: frames looked at a second of film.
    min_face_px: side of the smallest face that is searched for and kept; None leaves the search to the finder
    and keeps ``SMALLEST_KEPT_PX``.
    contrast: ``stretch`` each face to the full range of grey, or leave it ``as-filmed``.
    together: what never lies in two splits, a shot or a whole film.
    near_bits: two faces whose hashes differ in no more bits are one picture, and one of them is dropped. link_bits:
    the shots of two faces that differ in no more bits go to the same split. Of 144 bits, measured on 72 million
    pairs of FER2013: at 20 bits 96% of the pairs that correlate above 0.97 are recognised and 5 pairs are wrongly
    called alike; at 28 bits 99.6% and 46 (``docs/model-dataset.md``).
    seed: of the split and of the augmentation previews.
    """

    rate_hz: float = 2.0
    min_face_px: int | None = None
    contrast: Contrast = "stretch"
    together: Together = "shot"
    near_bits: int = 20
    link_bits: int = 28
    seed: int = 20261120

    def __post_init__(self) -> None:
        if not _SLOWEST_HZ <= self.rate_hz <= _FASTEST_HZ:
            raise SettingsError(
                f"the rate must lie between {_SLOWEST_HZ:g} and {_FASTEST_HZ:g} frames a second, got {self.rate_hz:g}"
            )
        if self.min_face_px is not None and self.min_face_px < _SMALLEST_SEARCHED_PX:
            raise SettingsError(
                f"the smallest face must be at least {_SMALLEST_SEARCHED_PX} pixels, got {self.min_face_px}"
            )
        for name, value, known in (
            ("the contrast", self.contrast, get_args(Contrast)),
            ("what is kept together", self.together, get_args(Together)),
        ):
            if value not in known:
                raise SettingsError(f"{name} must be {' or '.join(known)}, got {value}")
        if not 0 <= self.near_bits <= self.link_bits <= HASH_BITS:
            raise SettingsError(
                f"the bits must satisfy 0 <= near <= link <= {HASH_BITS}, got near {self.near_bits}, "
                f"link {self.link_bits}; else one picture could lie in two splits"
            )
        if self.seed < 0:
            raise SettingsError(f"the seed must not be negative, got {self.seed}")

    @property
    def smallest_kept_px(self) -> int:
        """Side in pixels below which a face is dropped."""
        return SMALLEST_KEPT_PX if self.min_face_px is None else self.min_face_px
