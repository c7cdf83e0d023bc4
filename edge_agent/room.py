"""How small faces may be, by where the viewers sit. Pure."""

from __future__ import annotations

from typing import Literal, get_args

Room = Literal["auto", "laptop", "sofa", "auditorium"]
"""Where the viewers sit; ``auto`` learns from what it finds how small their faces are."""
ROOMS: tuple[Room, ...] = get_args(Room)

SMALLEST_SHARES: dict[Room, float] = {"auto": 1 / 54, "laptop": 1 / 8, "sofa": 1 / 18, "auditorium": 1 / 54}
"""Smallest face that is searched for, of the picture's shorter side. With a face of 20 cm and a camera that sees 60
degrees of 16:9, a laptop's viewer is at most 2.5 m away, a sofa's 5.5 m, the last row 16 m."""
SMALLEST_PX = 20
"""And never smaller: MTCNN takes things for faces below. With it, four people who sit across a room are found in a
picture 270 pixels high."""


def smallest_face_px(room: Room, shorter_side_px: int) -> int:
    """Of a picture with that shorter side."""
    return max(SMALLEST_PX, round(shorter_side_px * SMALLEST_SHARES[room]))
